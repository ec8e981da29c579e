import ArgumentParser
import Glibc
import Printing
import Reporting
import ResultsStore

/// Where the results are.
struct DatabaseOptions: ParsableArguments {
  @Option(help: ArgumentHelp("Folder of the results database, or the database file.", valueName: "path"))
  var results = "results"

  /// Runs something with the database; a failure ends the program with one message and exit code 2, or 1 for a
  /// result that cannot be shown.
  func withStore(_ body: (ResultsStore) throws -> Void) throws {
    do {
      guard access(database, F_OK) == 0 else { throw NoDatabase(path: database) }
      try body(try ResultsStore(path: database, mode: .readOnly))
    } catch let code as ExitCode {
      throw code
    } catch let error as OutputError where error.isBrokenPipe {
      throw ExitCode(OutputError.brokenPipeStatus)
    } catch {
      Terminal.writeError("report: \(message(of: error))\n")
      // The results are at fault there, not what was asked.
      let isResult = (error as? ReportError)?.code == .unreadablePicture
      throw ExitCode(isResult ? 1 : 2)
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

extension ResultsStore {
  /// Returns the results of all experiments; of those that are not selected no more samples than their claims need.
  ///
  /// - Parameter selection: Names of experiments; empty means all.
  /// - Returns: Results in the order of their names.
  /// - Throws: `StoreError`.
  func experiments(selection: [String]) throws -> [ExperimentResults] {
    try experimentNames().sorted().map { name in
      guard !selection.isEmpty, !selection.contains(name) else { return try experimentResults(name: name) }
      let bare = try experimentResults(name: name, metrics: [])
      let needed = ReportBuilder.metricsOfClaims(of: bare)
      return needed.isEmpty ? bare : try experimentResults(name: name, metrics: needed)
    }
  }
}

/// There is nothing to report on.
private struct NoDatabase: Error, CustomStringConvertible {
  var path: String
  var description: String {
    "there is no results database at \(path); make one with `orchestrate run SPEC`, or name its folder with --results"
  }
}
