import ArgumentParser
import Foundation
import SeriesReview
import Printing
import ResultsStore

/// Levels that people accepted.
struct BaselineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "baseline", abstract: "Accept the present level of nightly quantities, or list what was accepted.",
    subcommands: [AcceptBaselineCommand.self, ListBaselinesCommand.self])
}

/// Accepts levels.
struct AcceptBaselineCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Accept the present level of quantities: later nights are compared with it.",
    discussion: """
      What is accepted is the level since the last change, or tonight's value if that is unusual; who and why is kept and shown on the
      nightly page. Nothing is overwritten: the latest acceptance counts.

        orchestrate baseline accept timing:time.priorbrush --name "A. Turing" --reason "two more steps by default"
      """)

  @Argument(help: "Addresses of quantities, as 'report nightly' prints them.")
  var cells: [String]
  @Option(help: "Who accepts.")
  var name: String
  @Option(help: "Why.")
  var reason: String
  @Option(help: "The experiment.")
  var experiment = "nightly"
  @OptionGroup var store: StoreOptions

  func validate() throws {
    if name.allSatisfy(\.isWhitespace) { throw ValidationError("--name must not be empty") }
    if reason.allSatisfy(\.isWhitespace) { throw ValidationError("--reason must not be empty") }
  }

  func run() async throws {
    try await reportingFailures {
      let store = try store.open(.readWrite)
      let review = try NightReview(of: experiment, in: store)
      guard let tonight = review.tonight else {
        throw CommandFailure("error: there is no run of '\(experiment)'; 'orchestrate runs' lists those there are")
      }
      let records = try cells.map { address in
        guard let cell = review.cells.first(where: { $0.address == address }) else {
          throw CommandFailure(
            "error: '\(experiment)' has no quantity '\(address)'; it has \(review.cells.map(\.address).joined(separator: ", "))"
          )
        }
        guard let level = cell.acceptableLevel else {
          throw CommandFailure("error: '\(address)' has no value that could be accepted: it is \(cell.verdictText)")
        }
        return BaselineRecord(
          experiment: experiment, cell: address, run: tonight.run, value: level.value, unit: cell.unit,
          nights: level.nights, acceptedBy: name, reason: reason)
      }
      try store.accept(records)
      for record in records {
        let nights = record.nights.counted("night")
        try Terminal.write("\(record.cell): accepted \(record.value) \(record.unit) (\(nights))\n")
      }
    }
  }
}

/// Lists accepted levels.
struct ListBaselinesCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List accepted levels with who accepted them and why.")

  @Option(help: "Only those of this experiment.")
  var experiment: String?
  @Flag(help: "Also those that later ones replaced.")
  var all = false
  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await reportingFailures {
      let baselines = try store.open(.readOnly).baselines(experiment: experiment, onlyAccepted: !all)
      for baseline in baselines {
        try Terminal.write(
          "\(baseline.acceptedAt)  \(baseline.experiment)  \(baseline.cell)  \(baseline.value) \(baseline.unit)  "
            + "machine \(baseline.machine.prefix(12))  \(baseline.acceptedBy): \(baseline.reason)\n")
      }
      if baselines.isEmpty { try Terminal.write("nothing has been accepted yet\n") }
    }
  }
}
