import ArgumentParser
import ExperimentSpec
import Foundation
import JSON
import ResultsStore

/// The spec and what is changed of it.
struct SpecOptions: ParsableArguments {
  /// How mistakes in the spec are printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text, json
  }

  @Argument(help: "The experiment's spec, a JSON file.", completion: .file(extensions: ["json"]))
  var spec: String

  @Option(
    name: .customLong("set"), parsing: .singleValue,
    help: "Override a value of the spec, as in --set steps=[2,3]; may be repeated.")
  var overrides: [String] = []

  @Option(help: "How mistakes in the spec are printed: text or json.")
  var format: Format = .text

  /// Reads the spec; prints remarks, and throws with all mistakes if there are any.
  func experiment() throws -> Experiment {
    let reading = SpecReading(file: spec, overrides: overrides)
    try check(reading.diagnostics)
    guard let experiment = reading.experiment else { throw CommandFailure("\(spec) cannot be read") }
    return experiment
  }

  /// Prints remarks, and throws with all mistakes if there are any.
  func check(_ diagnostics: [Diagnostic]) throws {
    guard !diagnostics.isEmpty else { return }
    let renderer = DiagnosticRenderer()
    let text: String
    switch format {
    case .text: text = renderer.text(of: diagnostics)
    case .json: text = CanonicalJSON.text(of: renderer.json(of: diagnostics)) + "\n"
    }
    if diagnostics.contains(where: { $0.severity == .error }) {
      throw CommandFailure(text.trimmingCharacters(in: .newlines))
    }
    Terminal.writeError(text)
  }
}

/// Where results are kept.
struct StoreOptions: ParsableArguments {
  @Option(help: "The folder of the results database.", completion: .directory)
  var results = "results"

  /// The database file.
  var path: String { "\(results)/results.sqlite" }

  func open(_ mode: ResultsStore.Mode) throws -> ResultsStore { try ResultsStore(path: path, mode: mode) }

  /// Opens the database by its absolute path: commands get paths below it, and may start in other folders.
  func openForRun() throws -> ResultsStore {
    try ResultsStore(path: URL(fileURLWithPath: path).standardizedFileURL.path, mode: .readWrite)
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
}
