import Foundation
import Glibc
import Testing

/// Terminals that are gone, disks that are full, readers that do not read, and texts that would command a terminal.
@Suite struct `Standard streams` {
  /// Forty short jobs with a metric each; `from` makes new ones.
  private static let spec = """
    {
      "name": "out", "parameters": { "text": "plain" }, "axes": { "i": { "from": 1, "to": 12 } },
      "stages": { "m": { "command": ["sh", "-c", "echo hello; echo '{\\"metrics\\": [{\\"name\\": \\"x\\", \\"value\\": 1}]}' > $ORCHESTRATE_RESULT", "${i}", "${text}"] } },
      "report": { "tables": [{ "id": "t", "title": "T", "rows": "i", "columns": [{ "label": "x", "stage": "m", "metric": "x", "digits": 0 }] }] }
    }
    """

  private func project(_ spec: String = spec) throws -> Project {
    let project = try Project()
    try project.write(spec, to: "spec.json")
    return project
  }

  /// Runs a line of a shell that finds the executables in its path.
  private func shell(_ line: String, in project: Project) throws -> Project.Outcome {
    let path = "\(Project.products):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"
    return try RunningProgram(
      path: "/bin/bash", arguments: ["-c", line], folder: project.folder, environment: ["PATH": path]
    ).outcome()
  }

  private func succeeded(_ project: Project) throws -> Int {
    let sql = "SELECT count(*) AS n FROM attempt WHERE state = 'succeeded'"
    let count = try project.run("orchestrate", "query", "--format", "csv", sql)
    return try #require(Int(count.output.split(separator: "\r\n").last ?? ""), "\(count)")
  }

  @Test func `that cannot be written do not hinder a run`() throws {
    let project = try project()
    let ways = ["2>/dev/full >/dev/null", "2>/dev/full >&2", ">&- 2>&-", "0>&- 1>&- 2>&-"]
    for (number, way) in ways.enumerated() {
      let outcome = try shell("orchestrate run spec.json --set text=\(number) \(way)", in: project)
      #expect(outcome.status == 0, "\(way): \(outcome)")
    }
    let piped = try shell(
      "orchestrate run spec.json --set text=pipe 2>&1 | head -2 >/dev/null; exit ${PIPESTATUS[0]}", in: project)
    #expect(piped.status == 0)
    #expect(try succeeded(project) == 12 * (ways.count + 1))
    // A database with the number of a closed stream would have messages in it.
    #expect(try project.run("orchestrate", "verify").status == 0)
  }

  @Test func `that nobody reads hold up no job`() throws {
    let project = try project(
      """
      { "name": "loud", "axes": { "i": { "from": 1, "to": 60 } },
        "stages": { "m": { "command": ["sh", "-c", "for n in 0 1 2 3 4 5 6 7 8 9; do printf '%0250d\\\\n' $n; done >&2; exit 3", "${i}"] } } }
      """)
    // The pipe is open for reading too, so that it fills up and stays full.
    let outcome = try shell("mkfifo pipe; exec 3<>pipe; orchestrate run spec.json 2>&3", in: project)
    #expect(outcome.status == 1)
    let runs = try project.run("orchestrate", "runs").output
    #expect(runs.contains("failed  60 failed"), "\(runs)")
  }

  @Test func `make an error of results that cannot be written`() throws {
    let project = try project()
    #expect(try project.run("orchestrate", "run", "spec.json").status == 0)
    let commands = [
      "orchestrate plan spec.json --all", "orchestrate plan spec.json --graph svg", "orchestrate why spec.json 0",
      "orchestrate show", "orchestrate runs", "orchestrate query 'SELECT * FROM result'",
      "orchestrate query --format json 'SELECT 1'", "orchestrate export --format csv -",
      "orchestrate export --format jsonl -",
      "orchestrate validate spec.json --format json", "orchestrate validate spec.json", "orchestrate logs 1",
      "report list", "report check", "report trace out:t:1:x", "report build",
    ]
    for command in commands {
      let full = try shell("\(command) >/dev/full", in: project)
      #expect(full.status == 2, "\(command): \(full)")
      #expect(full.errors.contains("standard output cannot be written: No space left on device"), "\(command): \(full)")
      let closed = try shell("\(command) >&-", in: project)
      #expect(
        closed.status == 2 && closed.errors.contains("standard output cannot be written"), "\(command): \(closed)")
      // The reader may be gone before or after the program writes.
      let piped = try shell("\(command) | true; exit ${PIPESTATUS[0]}", in: project)
      #expect([0, 141].contains(piped.status) && piped.errors.isEmpty, "\(command): \(piped)")
    }
  }

  @Test func `get no control characters of jobs and values`() throws {
    let escape = "\\u001b[31mred\\u001b[0m\\u009b2J\\u0007"
    let project = try project(
      """
      { "name": "wild", "axes": { "v": ["\(escape)", "\(String(repeating: "x", count: 20_000))"] },
        "stages": { "m": { "command": ["sh", "-c", "printf '\\\\033]0;title\\\\007\\\\033[1mError\\\\n' >&2; exit 3", "${v}"] } } }
      """)
    let run = try project.run("orchestrate", "run", "spec.json")
    #expect(run.status == 1)
    #expect(
      run.errors.contains("␛[1mError") && run.errors.contains("… (20000 characters)"), "\(run.errors.prefix(2000))")
    let commands: [[String]] = [
      ["plan", "spec.json"], ["why", "spec.json", "0"], ["show"], ["query", "SELECT * FROM failure"],
      ["query", "--format", "csv", "SELECT * FROM failure"], ["plan", "spec.json", "--graph", "svg"],
    ]
    let outcomes = try commands.map { try project.start("orchestrate", $0).outcome() } + [run]
    for (outcome, command) in zip(outcomes, commands + [["run"]]) {
      let text = outcome.output + outcome.errors
      #expect(text.contains("␛"), "\(command)")
      let controls = text.replacing("\r\n", with: "\n").unicodeScalars.filter { scalar in
        (scalar.value < 0x20 && scalar != "\n") || (0x7F...0x9F).contains(scalar.value)
      }
      #expect(controls.isEmpty, "\(command): \(controls.map(\.value))")
    }
    for text in [run.errors, outcomes[0].output, outcomes[2].output] {
      #expect(text.split(separator: "\n").allSatisfy { $0.count < 1000 })
    }
    // A log is the job's own: it comes as it is, unless it would land on a terminal.
    #expect(try project.run("orchestrate", "logs", "1").output.contains("\u{1B}]0;title\u{7}"))
    let stored = try project.run("orchestrate", "query", "--format", "json", "SELECT message FROM attempt").output
    #expect(stored.contains("␛[1mError") && !stored.contains("\\u001b"), "\(stored)")
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/script")))
  func `show logs on a terminal without obeying them`() throws {
    let project = try project(
      #"{ "name": "wild", "stages": { "m": { "command": ["printf", "\\033]0;title\\007"] } } }"#)
    #expect(try project.run("orchestrate", "run", "spec.json").status == 0)
    let shown = try shell("script -qec 'orchestrate logs 1' /dev/null </dev/null", in: project)
    #expect(shown.output.contains("␛]0;title␇") && !shown.output.contains("\u{1B}"), "\(shown.output)")
  }
}

/// A terminal that is closed.
@Suite struct `A hang-up` {
  private static let spec = """
    { "name": "hup", "stages": { "m": { "command": ["sh", "-c", "echo $$ >pid; while [ ! -e go ]; do sleep 0.02; done"] } } }
    """

  private func started(ignoring: Bool) throws -> (Project, RunningProgram) {
    let project = try Project()
    try project.write(Self.spec, to: "spec.json")
    let trap = ignoring ? "trap '' HUP; " : ""
    let running = try RunningProgram(
      path: "/bin/sh", arguments: ["-c", "\(trap)exec '\(project.path(of: "orchestrate"))' run spec.json"],
      folder: project.folder)
    while running.isRunning && ((try? project.text(of: "pid")) ?? "").isEmpty { usleep(5000) }
    return (project, running)
  }

  @Test func `ends the jobs and marks the run, which can be gone on with`() throws {
    let (project, running) = try started(ignoring: false)
    running.signal(SIGHUP)
    let outcome = try running.outcome()
    #expect(outcome.status == 130, "\(outcome)")
    #expect(outcome.errors.contains("running jobs are told to stop"))
    let job = try #require(pid_t(try project.text(of: "pid").dropLast()))
    #expect(kill(job, 0) != 0)
    #expect(try project.run("orchestrate", "runs").output.contains("interrupted"))
    try project.write("", to: "go")
    #expect(try project.run("orchestrate", "run", "spec.json").status == 0)
  }

  @Test func `is nothing to a run that ignores it`() throws {
    let (project, running) = try started(ignoring: true)
    running.signal(SIGHUP)
    try project.write("", to: "go")
    let outcome = try running.outcome()
    #expect(outcome.status == 0, "\(outcome)")
  }
}
