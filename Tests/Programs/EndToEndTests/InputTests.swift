import Foundation
import Glibc
import Testing

/// A result is used again only if everything that its job read is unchanged.
@Suite struct `What results depend on` {
  private static let train = """
    import json, os
    json.dump({"metrics": [{"name": "x", "value": 1}]}, open(os.environ["ORCHESTRATE_RESULT"], "w"))
    """

  /// A project in which every way to name a file occurs.
  private func project(_ command: [String], more: String = "") throws -> Project {
    let project = try Project()
    try project.write(Self.train, to: "train.py")
    try project.write("import helper\n" + Self.train, to: "uses.py")
    try project.write("V = 1\n", to: "helper.py")
    try project.write("python3 train.py\n", to: "job.sh")
    try project.write("#!/bin/sh\nexec python3 train.py\n", to: "tool")
    chmod("\(project.folder)/tool", 0o755)
    try project.write("a: 1\n", to: "conf.yaml")
    try FileManager.default.createDirectory(atPath: "\(project.folder)/pkg", withIntermediateDirectories: true)
    try project.write(Self.train, to: "pkg/__main__.py")
    let words = try #require(String(data: JSONEncoder().encode(command), encoding: .utf8))
    try project.write(
      #"{ "name": "p", "parameters": { "script": "train.py" }, "stages": { "s": { "command": \#(words) \#(more) } } }"#,
      to: "s.json")
    return project
  }

  @Test(arguments: [
    (["python3", "train.py"], "train.py"), (["python3", "-u", "train.py"], "train.py"),
    (["bash", "-eu", "job.sh"], "job.sh"), (["bash", "-eu", "job.sh"], "train.py"),
    (["env", "A=1", "python3", "train.py"], "train.py"), (["nice", "-n", "1", "./tool"], "tool"),
    (["timeout", "60", "./tool"], "tool"), (["timeout", "60", "./tool"], "train.py"),
    (["./tool"], "tool"), (["./tool"], "train.py"), (["python3", "-m", "pkg"], "pkg/__main__.py"),
    (["sh", "-c", "python3 train.py"], "train.py"),
    (["python3", "${script}"], "train.py"), (["python3", "uses.py"], "helper.py"),
    (["python3", "train.py", "--config", "conf.yaml"], "conf.yaml"),
    (["python3", "train.py", "--config=conf.yaml"], "conf.yaml"),
    (["env", "-i", "/bin/sh", "-c", "cat conf.yaml >/dev/null"], "conf.yaml"),
  ])
  func `an edit of a file that a job reads is named as the reason to run again`(
    command: [String], file: String
  ) throws {
    let project = try project(command)
    let first = try project.run("orchestrate", "run", "s.json")
    #expect(first.status == 0, "\(first.errors)")
    #expect(try project.statusOfFirstJob() == "reused")
    let content = try project.text(of: file)
    func edit(_ text: String) throws {
      try project.write(text, to: file)
      if file == "tool" { chmod("\(project.folder)/tool", 0o755) }
    }
    try edit(content + (file.hasSuffix("yaml") ? "b: 2\n" : "\n# edited\n"))
    let reason = try project.statusOfFirstJob()
    #expect(
      reason.hasPrefix("changed: ") && reason.contains(file) && reason.hasSuffix("read by attempt 1"), "\(reason)")
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    #expect(try project.statusOfFirstJob() == "reused")
    // The first result is the one of the first content, and is found again.
    try edit(content)
    #expect(try project.statusOfFirstJob() == "reused")
    try project.write("never read\n", to: "other.txt")
    #expect(try project.statusOfFirstJob() == "reused")
  }

  @Test func `another program of the same name, and another value of a variable, run a job again`() throws {
    let project = try project(["sh", "-c", "tool1; echo $FLAG"], more: "")
    try project.write(
      #"{ "name": "p", "inheritEnvironment": ["FLAG"], "stages": { "s": { "command": ["sh", "-c", "tool1; echo $FLAG"] } } }"#,
      to: "s.json")
    for (folder, text) in [("one", "1"), ("two", "2")] {
      let path = "\(project.folder)/\(folder)"
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      try project.write("#!/bin/sh\necho \(text)\n", to: "\(folder)/tool1")
      chmod("\(path)/tool1", 0o755)
    }
    func environment(_ folder: String, _ flag: String) -> [String: String] {
      ["PATH": "\(project.folder)/\(folder):/usr/bin:/bin", "FLAG": flag]
    }
    func plan(_ environment: [String: String]) throws -> String {
      try project.start("orchestrate", ["plan", "s.json"], environment: environment).outcome().output
    }
    let run = try project.start("orchestrate", ["run", "s.json"], environment: environment("one", "a")).outcome()
    #expect(run.status == 0, "\(run.errors)")
    #expect(try plan(environment("one", "a")).contains("#0 s: reused\n"))
    #expect(try plan(environment("two", "a")).contains("#0 s: changed: tool1, read by attempt 1\n"))
    #expect(try plan(environment("one", "b")).contains("#0 s: changed: variable FLAG, read by attempt 1\n"))
  }

  @Test func `files that a job writes itself are no inputs, though its command names them`() throws {
    let project = try project(["sh", "-c", "cat conf.yaml > out.txt; date +%N >> log.txt"])
    for _ in 1...2 {
      let run = try project.run("orchestrate", "run", "s.json")
      #expect(run.status == 0, "\(run.errors)")
    }
    #expect(try project.statusOfFirstJob() == "reused")
    #expect(try project.run("orchestrate", "query", "SELECT count(*) FROM attempt").output.contains("1"))
    let inputs = try project.run("orchestrate", "plan", "s.json", "--inputs").output
    #expect(
      inputs.contains("    file conf.yaml\n") && inputs.contains("    writes out.txt, as observed\n"), "\(inputs)")
  }

  @Test func `a timed command may write a file that it names, night after night`() throws {
    let project = try Project()
    let spec = """
      { "name": "p", "stages": { "s": { "lane": "timed", "command": ["sh", "-c", "cat conf.yaml > out.txt; date +%N >> out.txt"] } } }
      """
    try project.write(spec, to: "s.json")
    try project.write("a: 1\n", to: "conf.yaml")
    for night in 1...3 {
      let run = try project.run("orchestrate", "run", "s.json")
      #expect(run.status == 0 && run.errors.contains("1 done"), "night \(night): \(run.errors)")
    }
    // What was there before the first night might have been an input: the message says what to do.
    try project.write(spec.replacingOccurrences(of: "out.txt", with: "old.txt"), to: "s.json")
    try project.write("old\n", to: "old.txt")
    let refused = try project.run("orchestrate", "run", "s.json")
    #expect(
      refused.status == 1
        && refused.errors.contains(
          #"'old.txt' changed while the job ran; if the job, which is not observed, writes it itself, say "sources": ["!old.txt"]"#
        ),
      "\(refused.errors)")
    try project.write(
      spec.replacingOccurrences(of: "out.txt", with: "old.txt").replacingOccurrences(
        of: #""lane""#, with: #""sources": ["!old.txt"], "lane""#), to: "s.json")
    let cured = try project.run("orchestrate", "run", "s.json")
    #expect(cured.status == 0, "\(cured.errors)")
  }

  @Test func `a program that a job makes and runs is no input, and its source is`() throws {
    let project = try project(["sh", "-c", "cp /bin/true ./made; ./made; rm made; cat conf.yaml"])
    for _ in 1...2 {
      let run = try project.run("orchestrate", "run", "s.json")
      #expect(run.status == 0, "\(run.errors)")
    }
    #expect(try project.statusOfFirstJob() == "reused")
  }

  @Test func `a module that is edited after it was imported leaves no result under its new content`() throws {
    let project = try Project()
    try project.write("V = 1\n", to: "helper.py")
    let main = "import helper, os, time\nopen('started', 'w')\nwhile not os.path.exists('go'): time.sleep(0.02)\n"
    try project.write(main, to: "main.py")
    try project.write(#"{ "name": "p", "stages": { "s": { "command": ["python3", "main.py"] } } }"#, to: "s.json")
    try project.write("", to: "go")
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    for file in ["go", "started"] { unlink("\(project.folder)/\(file)") }
    try project.write("# again\n" + main, to: "main.py")
    // The module is read from its compiled form this time.
    let run = try project.start("orchestrate", ["run", "s.json"])
    while !project.exists("started"), run.isRunning { usleep(20_000) }
    try project.write("V = 22\n", to: "helper.py")
    try project.write("", to: "go")
    let outcome = try run.outcome()
    #expect(
      outcome.status == 1 && outcome.errors.contains("'helper.py' changed while the job ran"), "\(outcome.errors)")
  }

  /// Writes a text of the same size in the place of a file, whose times stay what they were.
  private func sneak(_ text: String, into file: String, of project: Project) throws {
    var status = stat()
    #expect(stat("\(project.folder)/\(file)", &status) == 0 && status.st_size == off_t(text.utf8.count))
    try project.write(text, to: file)
    let times = [status.st_atim, status.st_mtim]
    #expect(utimensat(AT_FDCWD, "\(project.folder)/\(file)", times, 0) == 0)
  }

  @Test func `a compiled module never stands for a source that has taken its time and size`() throws {
    let project = try project(["python3", "value.py"])
    let code = """
      import helper, json, os
      json.dump({"metrics": [{"name": "v", "value": helper.V}]}, open(os.environ["ORCHESTRATE_RESULT"], "w"))
      """
    try project.write(code, to: "value.py")
    for value in 1...3 {
      if value > 1 { try sneak("V = \(value)\n", into: "helper.py", of: project) }
      #expect(try project.run("orchestrate", "run", "s.json").status == 0)
      let values = try project.run("orchestrate", "query", "SELECT value FROM latest_result WHERE metric = 'v'")
      #expect(values.output.contains("\(value)"), "\(values.output)")
    }
  }

  @Test func `an edit that keeps size and time is noticed, also if it is taken back`() throws {
    let project = try Project()
    let script =
      "while [ ! -e go ]; do sleep 0.02; done; cat conf >/dev/null; touch read; while [ ! -e end ]; do sleep 0.02; done\n"
    try project.write(script, to: "wait.sh")
    try project.write("1\n", to: "conf")
    try project.write(#"{ "name": "p", "stages": { "s": { "command": ["sh", "wait.sh"] } } }"#, to: "s.json")
    let run = try project.start("orchestrate", ["run", "s.json"])
    while try project.run("orchestrate", "query", "SELECT count(*) FROM attempt WHERE state = 'running'").output
      .contains("1") == false
    { usleep(20_000) }
    try sneak("2\n", into: "conf", of: project)
    try project.write("", to: "go")
    while !project.exists("read"), run.isRunning { usleep(20_000) }
    try sneak("1\n", into: "conf", of: project)
    try project.write("", to: "end")
    let outcome = try run.outcome()
    #expect(outcome.status == 1 && outcome.errors.contains("'conf' changed while the job ran"), "\(outcome.errors)")
  }

  @Test func `jobs that append to one file do not get in each other's way`() throws {
    let project = try Project()
    let spec =
      #"{ "name": "p", "axes": { "n": [1, 2, 3, 4] }, "stages": { "s": { "command": ["sh", "-c", "echo $1 >> all.txt", "x", "${n}"] } } }"#
    try project.write(spec, to: "s.json")
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    let more = try project.run("orchestrate", "run", "s.json", "--set", "n=[3,4,5,6,7,8]")
    #expect(more.status == 0 && more.errors.contains("2 jobs reused, 4 to run"), "\(more.errors)")
  }

  @Test func `what a job needs and what changes with it decides about its dependents`() throws {
    let project = try Project()
    try project.write("echo 1\n", to: "make.sh")
    try project.write(
      """
      { "name": "p", "stages": {
        "make": { "command": ["sh", "-c", "sh make.sh > ${outputDirectory}/o; date +%N > ${outputDirectory}/other"], "outputs": { "o": "o" } },
        "use": { "command": ["sh", "-c", "cat ${inputs.o} > ${outputDirectory}/u"], "inputs": { "o": { "stage": "make", "artifact": "o" } }, "outputs": { "u": "u" } } } }
      """, to: "s.json")
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    // The same output by another script: the dependent need not run.
    try project.write("echo 1 # as before\n", to: "make.sh")
    let plan = try project.run("orchestrate", "plan", "s.json").output
    #expect(plan.contains("#1 use: reused, unless #0 makes something else"), "\(plan)")
    let same = try project.run("orchestrate", "run", "s.json")
    #expect(same.errors.contains("finished") && same.errors.contains("1 done, 1 reused"), "\(same.errors)")
    try project.write("echo 2\n", to: "make.sh")
    let other = try project.run("orchestrate", "run", "s.json")
    #expect(other.errors.contains("2 done"), "\(other.errors)")
    // Back again: both old results hold.
    try project.write("echo 1\n", to: "make.sh")
    let back = try project.run("orchestrate", "run", "s.json")
    #expect(back.errors.contains("2 jobs reused, nothing to run"), "\(back.errors)")
    let value = try project.run(
      "orchestrate", "query",
      "SELECT sha256 FROM artifact JOIN run_job USING (attempt_id) WHERE name = 'u' ORDER BY run_id")
    let words = value.output.split(whereSeparator: \.isWhitespace)
    let digests = words.filter { $0.count == 64 && $0.allSatisfy(\.isHexDigit) }
    #expect(digests.count == 4 && digests[0] == digests[3] && digests[0] != digests[2], "\(value.output)")
  }

  @Test func `an input or a script that is edited while the run is on leaves no result under either content`() throws {
    let project = try Project()
    try project.write("1", to: "in.txt")
    try project.write("while [ ! -e go ]; do sleep 0.02; done\n", to: "wait.sh")
    try project.write(
      """
      { "name": "p", "stages": {
        "long": { "command": ["sh", "wait.sh"], "inputs": { "i": "in.txt" } },
        "later": { "command": ["sh", "-c", "cat in.txt"], "needs": ["other"] },
        "other": { "command": ["sh", "-c", "while [ ! -e go ]; do sleep 0.02; done"] } } }
      """, to: "s.json")
    let run = try project.start("orchestrate", ["run", "s.json"])
    while try project.run("orchestrate", "query", "SELECT count(*) FROM attempt WHERE state = 'running'").output
      .contains("2") == false
    { usleep(20_000) }
    try project.write("2", to: "in.txt")
    try project.write("", to: "go")
    let outcome = try run.outcome()
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("#0 long, attempt 1: 'in.txt' changed while the job ran"), "\(outcome.errors)")
    #expect(outcome.errors.contains("later, attempt 1: 'in.txt' changed after the plan was made"), "\(outcome.errors)")
    try project.write("1", to: "in.txt")
    #expect(try project.run("orchestrate", "plan", "s.json").output.contains("#0 long: reused") == false)
  }

  @Test func `a stored file that is not what was stored is made anew`() throws {
    let project = try Project()
    try project.write(
      """
      { "name": "p", "axes": { "k": ["a"] }, "stages": {
        "make": { "command": ["sh", "-c", "echo good > ${outputDirectory}/o"], "outputs": { "o": "o" } },
        "use": { "command": ["sh", "-c", "cat ${inputs.o}; echo ${k}"], "inputs": { "o": { "stage": "make", "artifact": "o" } } } } }
      """, to: "s.json")
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    let shelf = "\(project.folder)/results/artifacts"
    let file = try #require(
      FileManager.default.subpaths(atPath: shelf)?.first { path in
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: "\(shelf)/\(path)", isDirectory: &isFolder) && !isFolder.boolValue
      })
    chmod("\(shelf)/\(file)", 0o644)
    try Data("evil\n".utf8).write(to: URL(fileURLWithPath: "\(shelf)/\(file)"))
    let run = try project.run("orchestrate", "run", "s.json", "--set", #"k=["b"]"#)
    #expect(run.status == 0 && run.errors.contains("is not what was stored"), "\(run.errors)")
    let logs = try project.run("orchestrate", "logs", "4").output
    #expect(logs.contains("good") && !logs.contains("evil"), "\(logs)")
  }

  @Test func `a job that reads what another one wrote without needing it is told so`() throws {
    let project = try Project()
    try project.write(
      """
      { "name": "p", "resources": { "cpu": 1 }, "stages": {
        "prepare": { "command": ["sh", "-c", "echo 1 > out.txt"], "priority": 5 },
        "train": { "command": ["sh", "-c", "cat out.txt"] } } }
      """, to: "s.json")
    let run = try project.run("orchestrate", "run", "s.json")
    #expect(
      run.status == 0 && run.errors.contains("train reads out.txt, which prepare wrote: declare it"), "\(run.errors)")
  }

  @Test func `a frozen plan is refused when a script is not what it was`() throws {
    let project = try project(["python3", "train.py"])
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    let plan = try project.run("orchestrate", "plan", "s.json").output.split(separator: " ").last ?? ""
    let hash = String(plan.prefix(12))
    #expect(try project.run("orchestrate", "run", "--plan", hash).status == 0)
    try project.write(Self.train + "\n# edited\n", to: "train.py")
    let refused = try project.run("orchestrate", "run", "--plan", hash)
    #expect(refused.status != 0 && refused.errors.contains("'train.py' is not what it was"), "\(refused.errors)")
  }

  @Test func `links in a circle end, and observation can be turned off`() throws {
    let project = try project(["sh", "-c", "cat ${inputs.d}/f"], more: #", "inputs": { "d": "d" }, "observe": false"#)
    try FileManager.default.createDirectory(atPath: "\(project.folder)/d", withIntermediateDirectories: true)
    try project.write("1", to: "d/f")
    symlink(".", "\(project.folder)/d/a")
    symlink(".", "\(project.folder)/d/b")
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    #expect(try project.statusOfFirstJob() == "reused")
    let inputs = try project.run("orchestrate", "plan", "s.json", "--inputs").output
    #expect(inputs.contains("input d\n") && inputs.contains("not observed, because the spec says so"), "\(inputs)")
  }
}
