import Foundation
import Testing

/// Words on the command line that are misspelt, that would command a terminal, or that are no text.
@Suite struct `Arguments` {
  private static let escape = "\u{1B}[31m"

  /// Runs a line of a shell that finds the executables in its path.
  private func shell(_ line: String, in project: Project) throws -> Project.Outcome {
    let path = "\(Project.products):\(ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")"
    return try RunningProgram(
      path: "/bin/bash", arguments: ["-c", line], folder: project.folder, environment: ["PATH": path]
    ).outcome()
  }

  @Test(arguments: [
    ("orchestrate rnu x.json", "'orchestrate' has no command 'rnu'; did you mean 'run'?"),
    ("orchestrate baseline lst", "'orchestrate baseline' has no command 'lst'; did you mean 'list'?"),
    ("report biuld exp1", "'report' has no command 'biuld'; did you mean 'build'?"),
    ("report zzzzzzzz", "'report' has no command 'zzzzzzzz'; it has build, check, nightly, trace, list"),
    ("orchestrate plan x.json --reslts r", "Unknown option '--reslts'. Did you mean '--results'?"),
    ("report check --publishd r", "Unknown option '--publishd'. Did you mean '--published'?"),
    ("orchestrate ''", "'orchestrate' has no command ''; it has run, plan,"),
  ])
  func `that are misspelt are told with what was meant`(line: String, message: String) throws {
    let outcome = try shell(line, in: Project())
    #expect(outcome.status == 64 && outcome.output.isEmpty && outcome.errors.contains(message), "\(outcome)")
  }

  @Test func `never reach the terminal as commands`() throws {
    let project = try Project()
    let escape = Self.escape
    let lines: [[String]] = [
      ["orchestrate", escape], ["orchestrate", "run", escape], ["orchestrate", "plan", "x.json", "--\(escape)"],
      ["orchestrate", "plan", "x.json", escape, escape], ["orchestrate", "show", escape],
      ["orchestrate", "query", escape], ["orchestrate", "export", "--format", escape, "x"],
      ["orchestrate", "plan", "x.json", "--set", "\(escape)=\(escape)"], ["orchestrate", "runs", "--results", escape],
      ["orchestrate", "--help=\(escape)"], ["orchestrate", "help", escape],
      ["report", escape], ["report", "build", "--format", escape], ["report", "trace", escape, "--results", escape],
      ["report", "build", escape, "--\(escape)"], ["report", "nightly", "--risk", escape],
      ["command-timer", escape, "1"], ["priorbrush-worker", escape],
    ]
    for line in lines {
      let outcome = try project.start(line[0], Array(line.dropFirst())).outcome()
      #expect(!(outcome.output + outcome.errors).utf8.contains(0x1B), "\(line)")
      #expect(outcome.status > 0 || line[1].contains("help"), "\(line): \(outcome)")
    }
    let long = String(repeating: "a", count: 100_000)
    for line in [["orchestrate", long], ["report", "build", "--\(long)"], ["orchestrate", "show", long]] {
      let outcome = try project.start(line[0], Array(line.dropFirst())).outcome()
      #expect(outcome.status == 64 && outcome.errors.utf8.count < 10_000, "\(line[0]): \(outcome.errors.utf8.count)")
    }
  }

  @Test(arguments: [
    #"orchestrate $'\xff'"#, #"orchestrate plan $'caf\xe9.json'"#, #"orchestrate plan x.json --set $'a=\xff'"#,
    #"orchestrate run x.json --results $'r\xff'"#, #"orchestrate run x.json $'--project=\xc0'"#,
    #"orchestrate query $'SELECT \'\xff\''"#, #"report build $'\xff'"#, #"report check --results $'\xed\xa0\x80'"#,
    #"command-timer $'\xff' 1 true b 1 true"#, #"priorbrush-worker $'\xff'"#,
  ])
  func `that are no text are refused and nothing is made`(line: String) throws {
    let project = try Project()
    try project.write(#"{"name": "x", "stages": {"s": {"command": ["true"]}}}"#, to: "x.json")
    let outcome = try shell("ORCHESTRATE_RESULT=r.json \(line)", in: project)
    #expect(
      outcome.status > 0 && outcome.errors.contains("is not UTF-8; write it so, or rename the file"), "\(outcome)")
    #expect(outcome.errors.contains("\\x"), "\(outcome)")
    let made = try FileManager.default.contentsOfDirectory(atPath: project.folder).filter { !$0.hasPrefix(".") }
    #expect(made == ["x.json"])
  }

  @Test func `in a folder whose path is no text nothing is run`() throws {
    let project = try Project()
    try project.write(#"{"name": "x", "stages": {"s": {"command": ["true"]}}}"#, to: "x.json")
    for command in ["orchestrate run ../x.json", "report list"] {
      let outcome = try shell(#"mkdir -p $'caf\xe9'; cd $'caf\xe9'; "# + command, in: project)
      #expect(outcome.status == 64 && outcome.errors.contains(#"caf\xE9', is not UTF-8; rename it"#), "\(outcome)")
    }
    let count = try shell("find . -name 'results*' | wc -l", in: project)
    #expect(count.output == "0\n")
  }

  @Test func `the worker says how it is started`() throws {
    let outcome = try Project().run("priorbrush-worker", "--help")
    #expect(outcome.status == 64 && outcome.errors.contains("started by 'orchestrate run'"), "\(outcome)")
  }

  @Test(arguments: [("plan", ""), ("run", ""), ("validate", "")])
  func `an empty path of a spec is said to be empty`(command: String, path: String) throws {
    let outcome = try Project().run("orchestrate", command, path)
    #expect(outcome.status == 2 && outcome.errors.contains("the path of the spec is empty"), "\(outcome)")
  }

  /// Each exit status of Docs/ExitCodes.md, once for each program.
  @Test func `lead to the exit statuses that are documented`() throws {
    let project = try Project()
    try project.write(
      """
      {"name": "good", "axes": {"i": [1, 2, 3]}, "stages": {"s": {"command": ["sh", "-c",
        "echo '{\\"metrics\\": [{\\"name\\": \\"x\\", \\"value\\": 1}]}' > $ORCHESTRATE_RESULT", "${i}"]}}}
      """, to: "good.json")
    try project.write(#"{"name": "bad", "stages": {"s": {"command": ["false"]}}}"#, to: "bad.json")
    let lines: [(line: String, status: Int32)] = [
      ("orchestrate run good.json", 0), ("orchestrate --help", 0), ("orchestrate --version", 0),
      ("orchestrate run bad.json", 1), ("orchestrate run nothing.json", 2), ("orchestrate query 'SELEKT'", 2),
      ("orchestrate runs > /dev/full", 2), ("orchestrate runs --nothing", 64), ("orchestrate nothing", 64),
      ("report list", 0), ("report check good", 0), ("report check nothing", 2), ("report list --results nothing", 2),
      ("report list > /dev/full", 2), ("report --help > /dev/full", 2), ("report nothing", 64),
      ("report nightly --risk 7", 64),
    ]
    for (line, status) in lines {
      #expect(try shell(line, in: project).status == status, "\(line)")
    }
  }
}
