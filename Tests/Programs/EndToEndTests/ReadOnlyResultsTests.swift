import Foundation
import Glibc
import Testing
import TestSupport

/// Results that may be read and not written.
///
/// The superuser may write everywhere, so that it takes another user's name.
@Suite struct ReadOnlyResultsTests {
  private static let spec = """
    {
      "name": "ro", "axes": { "i": [1, 2] },
      "stages": {
        "m": {
          "command": ["sh", "-c", "echo '{\\"metrics\\":[{\\"name\\":\\"x\\",\\"value\\":1}]}' >$ORCHESTRATE_RESULT; echo out; sleep ${pause}", "x", "${i}"]
        }
      },
      "parameters": { "pause": 0 },
      "report": { "tables": [{ "id": "t", "title": "T", "rows": "i", "columns": [{ "label": "x", "stage": "m", "metric": "x" }] }] }
    }
    """

  /// What is in the folder besides the database.
  enum Leftover: String, CaseIterable, Sendable {
    case nothing
    /// A write-ahead log of a killed run with its index.
    case log
    /// A write-ahead log without its index, as a copy of a folder has it.
    case logWithoutIndex
    /// The journal of an unfinished transaction.
    case journal
  }

  @Test(arguments: Leftover.allCases) func `every reading command works`(leftover: Leftover) throws {
    let project = try finishedProject()
    switch leftover {
    case .nothing: break
    case .log, .logWithoutIndex:
      let killed = try startedRun(in: project)
      killed.signal(SIGKILL)
      _ = try killed.outcome()
      if leftover == .logWithoutIndex { unlink("\(project.folder)/results/results.sqlite-shm") }
    case .journal:
      let script = """
        import os, sqlite3
        c = sqlite3.connect("results/results.sqlite", isolation_level=None)
        for s in ["PRAGMA journal_mode = DELETE", "PRAGMA cache_size = 1", "BEGIN", "UPDATE sample SET value = 7", "UPDATE attempt SET stage = 'half'"]:
          c.execute(s).fetchall()
        os.kill(os.getpid(), 9)
        """
      _ = try RunningProgram(path: "/usr/bin/python3", arguments: ["-c", script], folder: project.folder).outcome()
    }
    try expectReadable(project, runs: leftover == .nothing || leftover == .journal ? 1 : 2)
    let run = try asStranger(project, ["orchestrate", "run", "s.json", "--set", "i=[7]"])
    #expect(run.status == 2 && run.errors.split(separator: "\n").count == 1, "\(run)")
    #expect(run.errors.contains("results.sqlite.lock' (Permission denied); check its permissions"), "\(run)")
  }

  @Test func `every reading command works beside a live run`() throws {
    let project = try finishedProject()
    let live = try startedRun(in: project)
    try expectReadable(project, runs: 2)
    live.signal(SIGKILL)
    _ = try live.outcome()
  }

  @Test func `an older database that may not be changed is read in a copy`() throws {
    let project = try Project()
    let schemas = "\(packageFolder)/Tests/Results/ResultsStoreTests/Schemas/schema-1.sql"
    let script = """
      import os, sqlite3, sys
      os.mkdir("results")
      sqlite3.connect("results/results.sqlite").executescript(open(sys.argv[1]).read())
      """
    let making = try RunningProgram(
      path: "/usr/bin/python3", arguments: ["-c", script, schemas], folder: project.folder
    ).outcome()
    #expect(making.status == 0, "\(making)")
    let runs = try asStranger(project, ["orchestrate", "runs"])
    #expect(runs.status == 0 && runs.output == "no runs yet\n", "\(runs)")
    #expect(try FileManager.default.contentsOfDirectory(atPath: "\(project.folder)/results") == ["results.sqlite"])
  }

  private func finishedProject() throws -> Project {
    let project = try Project()
    try project.write(Self.spec, to: "s.json")
    let outcome = try project.run("orchestrate", "run", "s.json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return project
  }

  /// A second run, which is in the write-ahead log only.
  private func startedRun(in project: Project) throws -> RunningProgram {
    let run = try project.start("orchestrate", ["run", "s.json", "--set", "i=[5]", "--set", "pause=60"])
    while run.isRunning, try !project.run("orchestrate", "runs").output.contains("running") { usleep(5000) }
    return run
  }

  private func expectReadable(_ project: Project, runs: Int) throws {
    let results = "\(project.folder)/results"
    mkdir("\(project.folder)/mine", 0o777)
    chmod("\(project.folder)/mine", 0o777)
    if geteuid() != 0 { chmod(results, 0o555) }
    defer { chmod(results, 0o755) }
    let before = try FileManager.default.contentsOfDirectory(atPath: results).sorted()
    let commands: [[String]] = [
      ["orchestrate", "runs"], ["orchestrate", "show", "1"], ["orchestrate", "logs", "1"],
      ["orchestrate", "plan", "s.json"],
      ["orchestrate", "why", "s.json", "0"], ["orchestrate", "export", "--format", "csv", "mine/o.csv"],
      ["orchestrate", "export", "--format", "bundle", "mine/bundle"],
      ["orchestrate", "verify"],
      ["orchestrate", "gc", "--dry-run"], ["orchestrate", "backup", "mine/copy.sqlite"], ["report", "list"],
      ["report", "build", "--output", "mine/reports"], ["report", "trace", "ro:t:\(runs == 1 ? 1 : 5):x"],
    ]
    for command in commands {
      let outcome = try asStranger(project, command)
      #expect(outcome.status == 0, "\(command): \(outcome)")
    }
    let bundle = try project.run("orchestrate", "runs", "--results", "mine/bundle").output.split(separator: "\n")
    #expect(bundle.count == 1 && bundle[0].contains("finished"), "only what has ended: \(bundle)")
    #expect(try asStranger(project, ["report", "check"]).status != 2)
    let sql = "SELECT (SELECT count(*) FROM run), (SELECT count(*) FROM sample WHERE value = 1)"
    let count = try asStranger(project, ["orchestrate", "query", sql, "--format", "csv"])
    #expect(count.output.hasSuffix("\r\n\(runs),2\r\n"), "\(count)")
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: results).sorted() == before, "nothing was made or removed")
  }

  /// Runs a program as somebody who may not write the results.
  private func asStranger(_ project: Project, _ command: [String]) throws -> Project.Outcome {
    let stranger = ["--reuid=65534", "--regid=65534", "--clear-groups", project.path(of: command[0])]
    let arguments = Array(command.dropFirst())
    return try geteuid() == 0
      ? RunningProgram(path: "/usr/bin/setpriv", arguments: stranger + arguments, folder: project.folder).outcome()
      : RunningProgram(path: project.path(of: command[0]), arguments: arguments, folder: project.folder).outcome()
  }

  @Test func `files of results have no more permissions than umask allows`() throws {
    let project = try Project()
    try project.write(
      """
      { "name": "u", "stages": { "m": { "command": ["sh", "-c", "mkdir $ORCHESTRATE_OUTPUT_DIRECTORY/d; echo 1 | tee $ORCHESTRATE_OUTPUT_DIRECTORY/f >$ORCHESTRATE_OUTPUT_DIRECTORY/d/f"],
        "outputs": { "f": "f", "d": "d" } } } }
      """, to: "u.json")
    for (mask, withheld) in [("077", 0o077), ("027", 0o027), ("022", 0o022)] {
      let outcome = try RunningProgram(
        path: "/bin/sh",
        arguments: ["-c", "umask \(mask); exec \"$0\" run u.json --results r\(mask)", project.path(of: "orchestrate")],
        folder: project.folder
      ).outcome()
      #expect(outcome.status == 0, "\(outcome.errors)")
      var artifacts = 0
      for case let path as String in try #require(FileManager.default.enumerator(atPath: "\(project.folder)/r\(mask)"))
      {
        var status = stat()
        #expect(lstat("\(project.folder)/r\(mask)/\(path)", &status) == 0)
        #expect(Int(status.st_mode) & withheld == 0, "\(mask): \(path)")
        guard path.hasPrefix("artifacts/"), status.st_mode & S_IFMT == S_IFREG else { continue }
        artifacts += 1
        #expect(Int(status.st_mode) & 0o777 == 0o444 & ~withheld, "\(mask): \(path)")
      }
      #expect(artifacts == 2)
    }
  }
}
