import Foundation
import Glibc
import Testing

/// What a worker's process reads counts for each of its tasks.
@Suite struct `What the results of workers depend on` {
  @Test func `a worker's own files count for each of its tasks, and sources add what no rule sees`() throws {
    let project = try Project()
    try project.write(
      """
      import json, sys, lib
      print(json.dumps({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}), flush=True)
      for line in sys.stdin:
          m = json.loads(line)
          if m["type"] == "run": print(json.dumps({"type": "result", "id": m["id"]}), flush=True)
          elif m["type"] == "shutdown": break
      """, to: "w.py")
    try project.write("V = 1\n", to: "lib.py")
    try project.write("x", to: "data.bin")
    try project.write(
      """
      { "name": "p", "axes": { "n": [1, 2] }, "workers": { "w": { "command": ["python3", "w.py"] } },
        "stages": { "s": { "task": "w/t", "with": { "n": "${n}" }, "sources": ["*.bin"] } } }
      """, to: "s.json")
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    #expect(try project.statusOfFirstJob() == "reused")
    for (file, text) in [("lib.py", "V = 2\n"), ("data.bin", "y")] {
      let before = try project.text(of: file)
      try project.write(text, to: file)
      #expect(try project.statusOfFirstJob().hasPrefix("changed: \(file), read by attempt"))
      try project.write(before, to: file)
    }
    #expect(try project.statusOfFirstJob() == "reused")
  }

  @Test func `a worker whose module is edited is replaced, and the task runs on the new one`() throws {
    let project = try Project()
    try project.write(
      """
      import json, os, sys, time, lib
      print(json.dumps({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}), flush=True)
      for line in sys.stdin:
          m = json.loads(line)
          if m["type"] == "run":
              if m["parameters"]["n"] == 2:
                  open("started", "w").close()
                  while not os.path.isdir("go"): time.sleep(0.02)
              metrics = [{"name": "v", "value": lib.V}]
              print(json.dumps({"type": "result", "id": m["id"], "metrics": metrics}), flush=True)
          elif m["type"] == "shutdown": break
      """, to: "w.py")
    try project.write("V = 1\n", to: "lib.py")
    try project.write(
      """
      { "name": "p", "axes": { "n": [1, 2, 3, 4] }, "workers": { "w": { "command": ["python3", "w.py"] } },
        "stages": { "s": { "task": "w/t", "with": { "n": "${n}" } } } }
      """, to: "s.json")
    let run = try project.start("orchestrate", ["run", "s.json"])
    while !project.exists("started"), run.isRunning { usleep(20_000) }
    try project.write("V = 22\n", to: "lib.py")
    mkdir("\(project.folder)/go", 0o755)
    let outcome = try run.outcome()
    #expect(outcome.status == 0, "\(outcome.errors)")
    let values = try project.run("orchestrate", "query", "SELECT value FROM latest_result WHERE metric = 'v'")
    #expect(values.output.split(separator: "\n").count { $0.contains("22") } == 3, "\(values.output)")
    let plan = try project.run("orchestrate", "plan", "s.json").output
    #expect(plan.contains("1 of 4 jobs would run") && plan.contains("changed: lib.py"), "\(plan)")
  }

  @Test func `another command of a worker runs its tasks again`() throws {
    let project = try Project()
    try project.write(
      """
      import json, sys
      print(json.dumps({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}), flush=True)
      for line in sys.stdin:
          m = json.loads(line)
          if m["type"] == "run": print(json.dumps({"type": "result", "id": m["id"]}), flush=True)
          elif m["type"] == "shutdown": break
      """, to: "w.py")
    for (option, reason) in [("1", "new"), ("2", "changed: command of worker 'w', read by attempt 1")] {
      try project.write(
        #"{ "name": "p", "workers": { "w": { "command": ["python3", "w.py", "\#(option)"] } }, "stages": { "s": { "task": "w/t" } } }"#,
        to: "s.json")
      #expect(try project.statusOfFirstJob() == reason)
      #expect(try project.run("orchestrate", "run", "s.json").status == 0)
      #expect(try project.statusOfFirstJob() == "reused")
    }
  }

  @Test func `what a worker's process has read by each of its tasks is kept once`() throws {
    let project = try Project()
    try project.write(
      """
      import json, sys
      print(json.dumps({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}), flush=True)
      for line in sys.stdin:
          m = json.loads(line)
          if m["type"] == "run":
              open("f%d" % m["parameters"]["n"]).read()
              print(json.dumps({"type": "result", "id": m["id"]}), flush=True)
          elif m["type"] == "shutdown": break
      """, to: "w.py")
    for number in 1...30 { try project.write("\(number)", to: "f\(number)") }
    try project.write(
      """
      { "name": "p", "axes": { "n": { "from": 1, "to": 30 } }, "workers": { "w": { "command": ["python3", "w.py"] } },
        "stages": { "s": { "task": "w/t", "with": { "n": "${n}" } } } }
      """, to: "s.json")
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    func number(_ query: String) throws -> Int? {
      let output = try project.run("orchestrate", "query", query).output
      return output.split(whereSeparator: \.isWhitespace).compactMap { Int($0) }.last
    }
    // Each task has all that was read before, and each file stands once in the database.
    #expect(try number("SELECT count(*) FROM attempt_input WHERE name LIKE 'f%'") == 30 * 31 / 2)
    #expect(try number("SELECT count(*) FROM input_set, json_each(entries) AS e WHERE e.value ->> 1 LIKE 'f%'") == 30)
    try project.write("other", to: "f20")
    let plan = try project.run("orchestrate", "plan", "s.json").output
    #expect(plan.contains("11 of 30 jobs would run") && plan.contains("changed: f20, read by attempt 30"), "\(plan)")
    let again = try project.run("orchestrate", "run", "s.json")
    #expect(again.status == 0 && again.errors.contains("19 jobs reused, 11 to run"), "\(again.errors)")
    #expect(try project.run("orchestrate", "plan", "s.json").output.contains("0 of 30 jobs would run"))
  }
}
