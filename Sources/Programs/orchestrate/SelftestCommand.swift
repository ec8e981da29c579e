import ArgumentParser
import Foundation
import Printing
import Torture

/// Proves on the user's own disk that nothing is lost.
struct SelftestCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "selftest",
    abstract: "Kill runs at random instants on this very disk, and prove that no result is lost or doubled.",
    discussion: """
      Each round starts 'orchestrate run' on a graph of commands and worker tasks, kills it with SIGKILL, and checks database, files and
      left-over processes; each graph is resumed to its end and compared with a run that nobody disturbed.

      With --edits the inputs of other runs are edited while they are on, and some of these runs are killed; every result must belong to the
      inputs that it is stored under, and what is reused must be what a run from nothing gives. This needs 'python3'.
      """)
  @Flag(help: "Do the killing; without it there is nothing else to do.")
  var torture = false
  @Option(help: "How many times a run is killed.")
  var rounds = 50
  @Option(help: "How many times an input is edited while a run is on, after the kills.")
  var edits = 0
  @Option(help: "How many jobs the graph has.")
  var jobs = 500
  @Option(
    help: "A folder on the disk to be tested; a new folder is made in it and removed if all is well.",
    completion: .directory)
  var directory = "."
  @Option(help: "Seed of the random instants; the same seed gives the same graph and the same delays.")
  var seed: UInt64 = 1
  @Flag(help: .hidden)
  var serve = false

  func validate() throws {
    guard torture || serve else { throw ValidationError("say --torture to start") }
    guard rounds >= 0, edits >= 0, rounds + edits > 0, jobs >= 10 else {
      throw ValidationError("--rounds and --edits must be at least 0, not both of them 0, and --jobs at least 10")
    }
  }

  func run() async throws {
    if serve {
      TortureWorker.serve()
      return
    }
    try await reportingFailures {
      let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
      var isClean = true
      if rounds > 0 {
        let outcome = try Torture(
          orchestrate: program, directory: directory, jobs: jobs, rounds: rounds, seed: seed, report: Self.report
        ).run()
        try Terminal.write(outcome.description + "\n")
        isClean = outcome.isClean
      }
      if edits > 0 {
        let outcome = try EditTorture(
          orchestrate: program, directory: directory, edits: edits, seed: seed, report: Self.report
        ).run()
        try Terminal.write(outcome.description + "\n")
        isClean = isClean && outcome.isClean
      }
      if !isClean { throw ExitCode(1) }
    }
  }

  @Sendable private static func report(_ line: String) { Terminal.writeError(line + "\n") }
}
