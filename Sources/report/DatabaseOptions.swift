import ArgumentParser
import Glibc
import ResultsStore

/// Where the results are.
struct DatabaseOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the results database, or the database file.", valueName: "path"))
  var results = "results"

  /// Runs something with the results of all experiments; a failure ends the program with one message and exit code 2.
  func withExperiments(
    _ body: ([ExperimentResults], [RunSummary]) throws -> Void
  ) throws {
    try withStore { store in
      let results = try store.experimentNames().sorted().map { try store.experimentResults(name: $0) }
      try body(results, try store.runs())
    }
  }

  /// Runs something with the database; a failure ends the program with one message and exit code 2.
  func withStore(_ body: (ResultsStore) throws -> Void) throws {
    do {
      guard access(database, F_OK) == 0 else { throw NoDatabase(path: database) }
      try body(try ResultsStore(path: database, mode: .readOnly))
    } catch let code as ExitCode {
      throw code
    } catch {
      let line = Array("report: \(message(of: error))\n".utf8)
      _ = write(STDERR_FILENO, line, line.count)
      throw ExitCode(2)
    }
  }

  private var database: String {
    let isFile = results.hasSuffix(".sqlite") || results.hasSuffix(".db")
    return isFile ? results : results + (results.hasSuffix("/") ? "" : "/") + "results.sqlite"
  }

  private func message(of error: any Error) -> String {
    (error as? StoreError)?.message ?? String(describing: error)
  }
}

/// There is nothing to report on.
private struct NoDatabase: Error, CustomStringConvertible {
  var path: String
  var description: String {
    "there is no results database at \(path); make one with `orchestrate run SPEC`, or name its folder with --results"
  }
}
