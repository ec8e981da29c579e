import Foundation
import Glibc
import Testing

/// A results folder that is taken away from a run: the run says so once, ends what nobody can keep, and blames no job.
@Suite struct `A results folder taken from a run` {
  /// One job that waits for a file and ends well, one that waits for it and needs its folder, and one that never ends.
  private static let spec = """
    {"name": "x", "axes": {"i": {"from": 1, "to": 3}}, "resources": {"cpu": 8}, "stages": {
      "quick": {"command": ["sh", "-c", "until [ -e go ]; do sleep 0.02; done; echo ${i} >$ORCHESTRATE_OUTPUT_DIRECTORY/f"], "outputs": {"f": "f"}},
      "endless": {"command": ["sh", "-c", "touch started; exec sleep 600"]}
    }}
    """

  private func begun(_ spec: String = spec) throws -> (project: Project, run: RunningProgram) {
    let project = try Project()
    try project.write(spec, to: "spec.json")
    let run = try project.start("orchestrate", ["run", "spec.json"])
    while run.isRunning, !project.exists("started") { usleep(5000) }
    return (project, run)
  }

  @Test(arguments: [
    "rm results/results.sqlite", "rm -r results", "mv results elsewhere",
    "cp results/results.sqlite a; mv a results/results.sqlite",
    ": >results/results.sqlite",
  ]) func `ends it with one error and what runs with it`(change: String) throws {
    let (project, run) = try begun()
    _ = try RunningProgram(path: "/bin/sh", arguments: ["-c", "\(change); touch go"], folder: project.folder).outcome()
    let end = try run.outcome()
    #expect(end.status == 1, "\(end.errors)")
    #expect(end.errors.components(separatedBy: "error: ").count == 2, "\(end.errors)")
    #expect(end.errors.contains("results.sqlite' was "), "\(end.errors)")
    #expect(!end.errors.contains("failed:"), "\(end.errors)")
    // Not made again for what cannot be kept there.
    if change.hasSuffix("results") || change.hasSuffix("elsewhere") { #expect(!project.exists("results")) }
    if change.hasPrefix("mv results") {
      #expect(try project.run("orchestrate", "recover", "--results", "elsewhere").status == 0)
      #expect(try project.run("orchestrate", "verify", "--results", "elsewhere").status == 0)
    }
  }

  @Test func `is not given to another by removing the lock`() throws {
    let (project, run) = try begun()
    for command in [
      ["run", "spec.json"], ["gc", "--yes"], ["invalidate", "--stage", "quick", "--reason", "x"], ["recover"],
      ["merge", "results"],
    ] {
      unlink("\(project.folder)/results/results.sqlite.lock")
      let other = try project.start("orchestrate", command).outcome()
      #expect(other.status == 2, "\(command): \(other.errors)")
      #expect(other.errors.contains("is being written by process"), "\(command): \(other.errors)")
    }
    while run.isRunning {
      run.signal(SIGTERM)
      usleep(50_000)
    }
    #expect(try project.run("orchestrate", "verify").status == 0)
  }

  @Test func `in part costs the attempt, and not the job`() throws {
    let (project, run) = try begun(
      #"{"name": "x", "stages": {"s": {"command": ["sh", "-c", "touch started; until [ -e go ]; do sleep 0.02; done; echo 1 >$ORCHESTRATE_OUTPUT_DIRECTORY/f"], "outputs": {"f": "f"}}}}"#
    )
    _ = try RunningProgram(
      path: "/bin/sh", arguments: ["-c", "rm -r results/attempts/1; touch go"], folder: project.folder
    ).outcome()
    let end = try run.outcome()
    #expect(end.status == 0, "\(end.errors)")
    #expect(end.errors.contains("was removed or moved while it ran"), "\(end.errors)")
    let rows = try project.run("orchestrate", "query", "--format", "csv", "SELECT state FROM attempt ORDER BY id")
      .output
    #expect(rows.split(whereSeparator: \.isNewline).dropFirst() == ["lost", "succeeded"])
  }
}
