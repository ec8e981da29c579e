import Foundation
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
