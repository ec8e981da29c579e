import Foundation
import Glibc
import Testing

/// When an earlier result with the same fingerprint stands for a job, besides its inputs.
@Suite struct `When an earlier result is used` {
  private func run(_ project: Project, _ spec: String = "s.json") throws -> String {
    let run = try project.run("orchestrate", "run", spec)
    #expect(run.status == 0, "\(run.errors)")
    return run.errors
  }

  @Test func `a result of another experiment, which had another seed, is none`() throws {
    let project = try Project()
    for name in ["a", "b"] {
      try project.write(
        """
        { "name": "\(name)", "stages": {
          "s": { "command": ["sh", "-c", "echo $ORCHESTRATE_SEED > ${outputDirectory}/o"], "outputs": { "o": "o" } } } }
        """, to: "\(name).json")
      #expect(try run(project, "\(name).json").contains("1 done"))
      #expect(try run(project, "\(name).json").contains("nothing to run"))
    }
    let query =
      "SELECT count(DISTINCT sha256), count(DISTINCT seed) FROM artifact JOIN attempt ON attempt.id = attempt_id"
    let counts = try project.run("orchestrate", "query", query).output.split(whereSeparator: \.isWhitespace)
    #expect(counts.suffix(3).filter { $0 == "2" }.count == 2, "\(counts)")
  }

  @Test func `a file that a job rewrites is looked at again for what was reused`() throws {
    let project = try Project()
    try project.write("echo 1 > out.txt\n", to: "prepare.sh")
    try project.write(
      """
      { "name": "p", "resources": { "cpu": 1 }, "stages": {
        "prepare": { "command": ["sh", "prepare.sh"], "priority": 5 },
        "train": { "command": ["sh", "-c", "cat out.txt"] } } }
      """, to: "s.json")
    _ = try run(project)
    try project.write("echo 2 > out.txt\n", to: "prepare.sh")
    let second = try project.run("orchestrate", "run", "s.json")
    #expect(
      second.status == 1
        && second.errors.contains(
          "train was reused, but attempt 2 read out.txt, which prepare has written since: declare it as an input"),
      "\(second.errors)")
    let third = try run(project)
    #expect(third.contains("1 reused") && third.contains("1 done"), "\(third)")
    // The same content once more takes nothing away.
    try project.write("echo 2 > out.txt # again\n", to: "prepare.sh")
    #expect(try run(project).contains("1 done, 1 reused"))
  }

  @Test func `results made without observation are made again when it is back, but for tasks`() throws {
    let project = try Project()
    try project.write("echo\n", to: "job.sh")
    try project.write(
      """
      import json, sys
      print(json.dumps({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}), flush=True)
      for line in sys.stdin:
          m = json.loads(line)
          if m["type"] == "run": print(json.dumps({"type": "result", "id": m["id"]}), flush=True)
          elif m["type"] == "shutdown": break
      """, to: "w.py")
    func write(_ more: String) throws {
      try project.write(
        """
        { "name": "p"\(more), "workers": { "w": { "command": ["python3", "w.py"] } }, "stages": {
          "c": { "command": ["sh", "job.sh"] }, "t": { "task": "w/t" } } }
        """, to: "s.json")
    }
    try write(#", "observe": false"#)
    _ = try run(project)
    #expect(try run(project).contains("2 jobs reused"))
    try write("")
    let plan = try project.run("orchestrate", "plan", "s.json").output
    #expect(plan.contains("c: made without observation\n"), "\(plan)")
    #expect(plan.contains("t: reused, made without observation\n"), "\(plan)")
    #expect(try run(project).contains("1 reused"))
    #expect(try run(project).contains("2 jobs reused"))
  }

  @Test func `a frozen plan is refused when what its attempts read is not what it was`() throws {
    let project = try Project()
    try project.write("V = 1\n", to: "helper.py")
    try project.write("import helper\n", to: "main.py")
    try project.write(#"{ "name": "p", "stages": { "s": { "command": ["python3", "main.py"] } } }"#, to: "s.json")
    _ = try run(project)
    let plan = try project.run("orchestrate", "plan", "s.json").output.split(separator: " ").last ?? ""
    let hash = String(plan.prefix(12))
    #expect(try project.run("orchestrate", "run", "--plan", hash).status == 0)
    try project.write("V = 22\n", to: "helper.py")
    let refused = try project.run("orchestrate", "run", "--plan", hash)
    #expect(
      refused.status != 0 && refused.errors.contains("'helper.py', which attempt 1 read, is not what it was"),
      "\(refused.errors)")
  }

  @Test func `a timed job is said not to be observed`() throws {
    let project = try Project()
    try project.write(
      #"{ "name": "p", "stages": { "s": { "lane": "timed", "command": ["true"] } } }"#, to: "s.json")
    let inputs = try project.run("orchestrate", "plan", "s.json", "--inputs").output
    #expect(inputs.contains("not observed while timed"), "\(inputs)")
  }

  @Test func `a program that a job has made can be run by another one`() throws {
    let project = try Project()
    try project.write(
      """
      { "name": "p", "stages": {
        "make": { "command": ["sh", "-c", "printf '#!/bin/sh\\n' > ${outputDirectory}/o; chmod +x ${outputDirectory}/o"], "outputs": { "o": "o" } },
        "plain": { "command": ["sh", "-c", "printf '#!/bin/sh\\n' > ${outputDirectory}/o"], "needs": ["make"], "outputs": { "o": "o" } },
        "use": { "command": ["sh", "-c", "${inputs.o}"], "inputs": { "o": { "stage": "make", "artifact": "o" } }, "needs": ["plain"] } } }
      """, to: "s.json")
    #expect(try run(project).contains("3 done"))
  }
}
