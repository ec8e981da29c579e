import Foundation
import Glibc
import Testing

/// Whose failure it was, seen from the command line: how often, how loud, and with which exit status.
@Suite struct `A failure` {
  private func rows(_ project: Project, _ query: String) throws -> [String] {
    let output = try project.run("orchestrate", "query", "--format", "csv", query).output
    return output.split { $0 == "\n" || $0 == "\r\n" }.dropFirst().map(String.init)
  }

  @Test(arguments: ["job-supervisor", "command-timer"])
  func `of a missing program of ours is one error before the start`(missing: String) throws {
    let project = try Project()
    for program in ["orchestrate", "job-supervisor", "command-timer"] where program != missing {
      try FileManager.default.copyItem(atPath: project.path(of: program), toPath: "\(project.folder)/\(program)")
    }
    let stage =
      missing == "command-timer" ? #""compare": {"a": ["true"], "b": ["true"]}"# : #""command": ["true", "${seed}"]"#
    try project.write(
      #"{"name": "x", "axes": {"seed": {"from": 1, "to": 10}}, "stages": {"s": {\#(stage)}}}"#, to: "spec.json")
    let run = try RunningProgram(
      path: "\(project.folder)/orchestrate", arguments: ["run", "spec.json"], folder: project.folder,
      environment: ["PATH": "/usr/bin:/bin"]
    ).outcome()
    #expect(run.status == 1)
    #expect(run.errors.split(separator: "\n").count == 1, "\(run.errors)")
    #expect(run.errors.contains(missing) && run.errors.contains("install it beside orchestrate"), "\(run.errors)")
    #expect(try rows(project, "SELECT count(*) FROM run") == ["0"])
  }

  @Test func `of a job's products is booked once, with the reason on its row, and leaves nothing running`() throws {
    let project = try Project()
    try project.write(
      """
      {"name": "x", "stages": {
        "link": {"command": ["sh", "-c", "mkdir $ORCHESTRATE_OUTPUT_DIRECTORY/d; ln -s /etc/passwd $ORCHESTRATE_OUTPUT_DIRECTORY/d/l; sleep 1.1"], "outputs": {"d": "d"}},
        "after": {"command": ["true", "${inputs.d}"], "inputs": {"d": {"stage": "link", "artifact": "d"}}},
        "other": {"command": ["true"]}
      }}
      """, to: "spec.json")
    let run = try project.run("orchestrate", "run", "spec.json")
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.errors.contains("1 done, 1 failed, 1 skipped"), "\(run.errors)")
    let attempts = try rows(project, "SELECT stage, state, message FROM attempt ORDER BY stage")
    #expect(attempts.count == 2 && attempts[0].hasPrefix("link,failed,"), "\(attempts)")
    #expect(attempts[0].contains("it ended well, but artifact 'd'"), "\(attempts)")
    #expect(try project.run("orchestrate", "verify").status == 0)
    #expect(try !project.run("orchestrate", "run", "spec.json").errors.contains("orchestrator"))
  }

  @Test func `of the shepherd at a worker's hello is not the spec's`() throws {
    let project = try Project()
    try project.write(
      """
      import json, os, sys, time
      if os.path.exists("always") or not os.path.exists("once"):
          open("once", "w")
          os.kill(os.getppid(), 9)
          time.sleep(600)
      print(json.dumps({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}), flush=True)
      for line in sys.stdin:
          request = json.loads(line)
          if request["type"] != "run": break
          print(json.dumps({"type": "result", "id": request["id"]}), flush=True)
      """, to: "worker.py")
    try project.write(
      #"{"name": "x", "workers": {"w": {"command": ["python3", "worker.py"]}}, "stages": {"s": {"task": "w/t"}}}"#,
      to: "spec.json")
    #expect(try project.run("orchestrate", "run", "spec.json").status == 0)
    try project.write("", to: "always")
    let run = try project.run("orchestrate", "run", "spec.json")
    #expect(run.status == 1)
    #expect(run.errors.contains("worker 'w' could not be started: it was lost"), "\(run.errors)")
  }

  @Test(.enabled(if: getuid() == 0), arguments: [1, 4, 7, 8, 9, 10, 12, 14, 15, 17, 20, 24, 40])
  func `of a system without room for threads ends at once`(limit: Int) throws {
    let project = try Project()
    try project.write(#"{"name": "x", "stages": {"s": {"command": ["true"]}}}"#, to: "spec.json")
    chmod(project.folder, 0o777)
    // As a user that has no other process, since root is not bound.
    let run = try limited(
      [
        "prlimit", "--nproc=\(limit):\(limit)", "setpriv", "--reuid=\(64_900 + limit)", "--regid=64900",
        "--clear-groups",
      ], in: project)
    #expect(run.status == 0 || isRefused(run, "(ulimit -u)"), "\(run.status) \(run.errors)")
  }

  @Test(
    arguments: [
      ("as", "ulimit -v", (23...31).map { 1 << $0 }), ("data", "ulimit -d", (20...28).map { 1 << $0 }),
      ("stack", "ulimit -s", (14...20).map { 1 << $0 }),
      ("nofile", "ulimit -n", [6, 9, 12, 16, 20, 24, 28, 32, 40, 64]),
    ].flatMap { name, cure, limits in limits.map { (name, $0, cure) } })
  func `of a system with little room is one error, or none`(name: String, limit: Int, cure: String) throws {
    let project = try Project()
    try project.write(
      #"{"name": "x", "axes": {"i": [1, 2, 3]}, "stages": {"s": {"command": ["true", "${i}"]}}}"#, to: "spec.json")
    let run = try limited(["prlimit", "--\(name)=\(limit):\(limit)"], in: project)
    // A program that the system cannot load ends before its first step.
    let isLoaded = run.status != 127 && run.status >= 0 && run.status < 128
    #expect(!isLoaded || run.status == 0 || isRefused(run, cure), "\(run.status) \(run.errors)")
    if run.status == 0 { #expect(run.errors.contains("3 done"), "\(run.errors)") }
    if !isLoaded { #expect(!project.exists("results") && run.status != 137) }
  }

  @Test(arguments: [("nofile", 6), ("nofile", 8), ("nofile", 12), ("nofile", 40), ("as", 1 << 26), ("as", 1 << 29)])
  func `of a system with little room for a report is one error, or none`(name: String, limit: Int) throws {
    let project = try Project()
    try project.write(#"{"name": "x", "stages": {"s": {"command": ["true"]}}}"#, to: "spec.json")
    #expect(try project.run("orchestrate", "run", "spec.json").status == 0)
    let report = try limited(["prlimit", "--\(name)=\(limit):\(limit)"], in: project, "report", ["build"])
    #expect([0, 127].contains(report.status) || isRefused(report, "(ulimit -"), "\(report.status) \(report.errors)")
  }

  @Test(arguments: [1, 100, 200, 256, 300, 400, 1000])
  func `of files that may not grow is one error, and leaves a database`(kibibytes: Int) throws {
    let project = try Project()
    try project.write(
      #"{"name": "x", "axes": {"i": [1, 2, 3]}, "stages": {"s": {"command": ["sh", "-c", "head -c 900000 /dev/zero", "${i}"]}}}"#,
      to: "spec.json")
    let run = try limited(
      ["env", "--default-signal=XFSZ", "prlimit", "--fsize=\(kibibytes << 10):\(kibibytes << 10)"], in: project)
    #expect([0, 1, 2].contains(run.status), "\(run.status) \(run.errors)")
    if run.status != 0 {
      #expect(run.errors.components(separatedBy: "error: ").count == 2, "\(run.errors)")
      #expect(run.errors.contains("(ulimit -f)"), "\(run.errors)")
    }
    if project.exists("results/results.sqlite") {
      #expect(try project.run("orchestrate", "run", "spec.json").status == 0)
      #expect(try project.run("orchestrate", "verify").status == 0)
    }
  }

  /// Runs the spec behind a program that sets limits.
  private func limited(
    _ limits: [String], in project: Project, _ program: String = "orchestrate",
    _ words: [String] = ["run", "spec.json"]
  ) throws -> Project.Outcome {
    try RunningProgram(
      path: "/usr/bin/timeout", arguments: ["-s", "KILL", "60"] + limits + [project.path(of: program)] + words,
      folder: project.folder
    ).outcome()
  }

  private func isRefused(_ run: Project.Outcome, _ cure: String) -> Bool {
    run.status == 1 && run.errors.split(separator: "\n").count == 1 && run.errors.contains(cure)
  }

  @Test func `of a make that does not answer holds up no run`() throws {
    let project = try Project()
    try project.write("#!/bin/sh\nexec sleep 600\n", to: "make")
    chmod("\(project.folder)/make", 0o755)
    try project.write(#"{"name": "x", "stages": {"s": {"command": ["true"]}}}"#, to: "spec.json")
    let path = "\(project.folder):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"
    let run = try project.start("orchestrate", ["run", "spec.json"], environment: ["PATH": path]).outcome()
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func `of the orchestrator leaves no job behind, though the job has stopped what watches it`() async throws {
    let project = try Project()
    let mark = "STOPPER=\(UUID().uuidString)"
    let script =
      "import os, signal, time; open('pid', 'w').write(str(os.getpid())); s = os.getppid(); "
      + "os.kill(int(open(f'/proc/{s}/stat').read().rsplit(')', 1)[1].split()[1]), signal.SIGSTOP); "
      + "os.kill(s, signal.SIGSTOP); open('done', 'w'); time.sleep(600)"
    try project.write(
      #"{"name": "x", "stages": {"s": {"command": ["env", "\#(mark)", "python3", "-c", "\#(script)"]}}}"#,
      to: "spec.json")
    let running = try project.start("orchestrate", ["run", "spec.json"])
    while running.isRunning && !project.exists("done") { usleep(5000) }
    running.signal(SIGKILL)
    _ = try running.outcome()
    let pid = try #require(pid_t(try project.text(of: "pid")))
    for _ in 0..<3000 where kill(pid, 0) == 0 { usleep(10_000) }
    #expect(kill(pid, 0) != 0)
  }

  @Test func `to compare with the commit does not make it clean`() throws {
    let project = try Project()
    for arguments in [
      ["init", "-q"],
      ["-c", "user.name=T", "-c", "user.email=t@example.org", "commit", "-q", "--allow-empty", "-m", "x"],
    ] {
      _ = try RunningProgram(path: "/usr/bin/git", arguments: arguments, folder: project.folder).outcome()
    }
    try project.write("damaged", to: ".git/index")
    try project.write(#"{"name": "x", "stages": {"s": {"command": ["true"]}}}"#, to: "spec.json")
    #expect(try project.run("orchestrate", "run", "spec.json").status == 0)
    #expect(try rows(project, "SELECT is_dirty FROM code_state") == ["1"])
  }
}
