import ArgumentParser
import ExperimentSpec
import Foundation
import JSON
import Printing
import ResultsStore
import RunSession

/// How mistakes are printed.
enum MessageFormat: String, ExpressibleByArgument, CaseIterable {
  case text, json
}

extension MessageFormat {
  /// Mistakes and remarks, as they are printed.
  func text(of diagnostics: [Diagnostic]) -> String {
    let renderer = DiagnosticRenderer()
    switch self {
    case .text: return CommandFailure.shortened(renderer.text(of: diagnostics))
    case .json: return CanonicalJSON.text(of: renderer.json(of: diagnostics)) + "\n"
    }
  }
}

/// What is changed of a spec, and how its mistakes are printed.
struct ChangeOptions: ParsableArguments {
  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: "Override a value of the spec, as in --set steps=[2,3]; may be repeated.")
  var overrides: [String] = []

  @Option(help: "How mistakes are printed: text or json.")
  var format: MessageFormat = .text
}

/// The spec and what is changed of it.
struct SpecOptions: ParsableArguments {
  @Argument(help: "The experiment's spec, a JSON file.", completion: .file(extensions: ["json"]))
  var spec: String

  @OptionGroup var changes: ChangeOptions

  var request: SpecRequest { SpecRequest(path: spec, overrides: changes.overrides) }
}

/// A part of the plan.
struct SelectionOptions: ParsableArguments {
  @Option(
    name: .customLong("only"), parsing: .singleValue,
    help: "Select jobs, and what they need, by stage=NAME or axis=value; may be repeated.")
  var conditions: [String] = []
}

/// Where results are kept.
struct StoreOptions: ParsableArguments {
  @Option(help: "The folder of the results database.", completion: .directory)
  var results = "results"

  /// The database file.
  var path: String { "\(results)/results.sqlite" }

  func open(_ mode: ResultsStore.Mode) throws -> ResultsStore { try open(path, mode) }

  /// Opens the database by its absolute path: commands get paths below it, and may start in other folders.
  ///
  /// Such paths are listed one on a line, for which reason none may have a line break.
  func openForRun() throws -> ResultsStore {
    let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
    guard !absolute.hasControlCharacters else {
      throw CommandFailure(
        "error: the path of the results has a control character; choose another folder with --results")
    }
    return try open(absolute, .readWrite)
  }

  /// Opens a database and says which results of killed runs it refused.
  private func open(_ path: String, _ mode: ResultsStore.Mode) throws -> ResultsStore {
    let store = try ResultsStore(path: path, mode: mode)
    for refused in store.recovery.refused { Terminal.writeError("\(refused)\n") }
    return store
  }

  /// Opens the database for reading if there is one.
  func openIfPresent() throws -> ResultsStore? {
    FileManager.default.fileExists(atPath: path) ? try open(.readOnly) : nil
  }
}

/// The folder that relative paths of a spec refer to.
struct ProjectOptions: ParsableArguments {
  @Option(
    name: .customLong("project"), help: "The folder that paths in the spec are relative to.", completion: .directory)
  var folder = "."

  /// The absolute path.
  var root: String { URL(fileURLWithPath: folder).standardizedFileURL.path }

  func validate() throws {
    guard !root.hasControlCharacters else {
      throw ValidationError(
        "the project's path has a control character, which commands could not be told; rename the folder")
    }
  }
}
