import ArgumentParser
import ExperimentSpec
import Printing

/// Checks specs.
struct ValidateCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "validate", abstract: "Check specs without running or planning anything.",
    discussion: "With --format json one object with the mistakes of all specs is printed to standard output.")

  @Argument(help: "The specs.", completion: .file(extensions: ["json"]))
  var specs: [String]
  @OptionGroup var changes: ChangeOptions

  func run() async throws {
    try await reportingFailures {
      let readings = specs.map { ($0, SpecReading(file: $0, overrides: changes.overrides)) }
      let diagnostics = readings.flatMap(\.1.diagnostics)
      if changes.format == .json {
        try Terminal.write(data: changes.format.text(of: diagnostics))
      } else {
        for (path, reading) in readings {
          guard let experiment = reading.experiment else { continue }
          try Terminal.write(
            "\(path): '\(experiment.name)' is well formed, \(experiment.stages.count.counted("stage"))\n")
        }
        if !diagnostics.isEmpty { Terminal.writeError(changes.format.text(of: diagnostics)) }
      }
      if readings.contains(where: { $0.1.experiment == nil }) { throw ExitCode(2) }
    }
  }
}
