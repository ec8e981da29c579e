import AttemptModel
import ArgumentParser
import Foundation
import JSON
import SeriesReview
import Printing
import ResultsStore

/// Lists runs.
struct RunsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(commandName: "runs", abstract: "List all runs, the latest first.")
  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await reportingFailures {
      let runs = try store.open(.readOnly).runs()
      for run in runs {
        let counts = run.jobCounts.map { (state: $0.key.rawValue, count: $0.value) }.sorted { $0.state < $1.state }
          .map { "\($0.count) \($0.state)" }.joined(separator: ", ")
        try Terminal.write(
          "\(run.id)  \(run.startedAt)  \(run.experiment)  \(run.state.name)  \(counts)".printableLine + "\n")
      }
      if runs.isEmpty { try Terminal.write("no runs yet\n") }
    }
  }
}

/// Shows one run.
struct ShowCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Show the attempts of a run with their metrics.")
  @Argument(help: "The run's number; the latest if left out.")
  var run: Int64?
  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await reportingFailures {
      let store = try store.open(.readOnly)
      guard let number = try run ?? store.latestRun(), let summary = try store.run(number) else {
        throw CommandFailure("there is no run \(run.map(String.init) ?? "yet"); 'orchestrate runs' lists them")
      }
      let output = BufferedOutput()
      try output.writeLine(
        "run \(summary.id) of \(summary.experiment): \(summary.state.name), started \(summary.startedAt)")
      try output.writeLine(
        "plan \(summary.planHash.prefix(12)), commit \(summary.commit.prefix(12))\(summary.isDirty ? " with changes" : "")"
      )
      for attempt in try store.attempts(ofRun: summary.id) { try write(attempt, to: output) }
      let machine = summary.machine["fingerprint"]?.stringValue
      let own = [summary.experiment, Calibration.experiment(of: summary.experiment)]
      let calibrations = try store.calibrations(machine: machine).filter { own.contains($0.experiment) }
      if !calibrations.isEmpty { try output.writeLine("calibration of this machine") }
      for calibration in calibrations { try output.writeLine("  \(calibration.summary)") }
      try output.flush()
    }
  }

  /// Metrics and artifacts of an attempt that are listed, each.
  private static let shownLines = 1000
  private static let more = "; 'orchestrate query' and 'export' have all"

  private func write(_ attempt: AttemptResults, to output: BufferedOutput) throws(OutputError) {
    let duration = DurationText.text(seconds: attempt.durationSeconds)
    try output.writeLine("  attempt \(attempt.id)  \(attempt.stage)  \(attempt.state.name)  \(duration)")
    if let message = attempt.message { try output.write("    \(message.abbreviatedLines(to: 2000))\n".printable) }
    if let reason = attempt.invalidReason { try output.writeLine("    invalid: \(reason)") }
    if let conditions = attempt.conditions { try output.writeLine("    \(conditions.summary)") }
    let counts = Dictionary(grouping: attempt.samples.filter { !$0.isWarmup }, by: \.metric)
    for (metric, samples) in counts.sorted(by: { $0.key < $1.key }).prefix(Self.shownLines) {
      let mean = samples.reduce(0) { $0 + $1.value } / Double(samples.count)
      let text = samples.count == 1 ? "" : " (mean of \(samples.count))"
      try output.writeLine("    \(metric) = \(mean) \(samples[0].unit)\(text)")
    }
    // A job may measure or make more than anybody reads here.
    if counts.count > Self.shownLines {
      try output.writeLine("    … and \(counts.count - Self.shownLines) more metrics\(Self.more)")
    }
    for artifact in attempt.artifacts.prefix(Self.shownLines) {
      try output.writeLine("    \(artifact.name): \(artifact.path)")
    }
    if attempt.artifacts.count > Self.shownLines {
      try output.writeLine("    … and \(attempt.artifacts.count - Self.shownLines) more artifacts\(Self.more)")
    }
  }
}

/// Prints the logs of an attempt.
struct LogsCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "logs", abstract: "Print the standard output and error of an attempt.",
    discussion: "They come byte for byte, but on a terminal control characters are made visible.")
  @Argument(help: "The attempt's number, as 'orchestrate show' prints it.")
  var attempt: Int64
  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await reportingFailures {
      let folder = "\(store.results)/attempts/\(attempt)"
      guard FileManager.default.fileExists(atPath: folder) else {
        throw CommandFailure("there is no attempt \(attempt) in \(store.results); 'orchestrate show' lists them")
      }
      for name in ["stdout.log", "stderr.log"] {
        try Self.write("\(folder)/\(name)", named: name)
      }
    }
  }
}

extension LogsCommand {
  /// Writes a log piece by piece, whatever its size; each piece ends with a line if it can, so that no character is torn.
  private static func write(_ path: String, named name: String) throws {
    guard let file = FileHandle(forReadingAtPath: path) else { return }
    var rest: [UInt8] = []
    var isFirst = true
    while let data = try file.read(upToCount: 1 << 20), !data.isEmpty {
      if isFirst { try Terminal.write("== \(name)\n") }
      isFirst = false
      rest += data
      let end = rest.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? rest.count
      try Terminal.write(data: Array(rest[..<end]))
      rest.removeFirst(end)
    }
    if !rest.isEmpty { try Terminal.write(data: rest) }
  }
}

/// Checks database and artifacts.
struct VerifyCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Check the database and the content of every stored file.")
  @OptionGroup var store: StoreOptions

  func run() async throws {
    try await reportingFailures {
      let verification = try store.open(.readOnly).verify()
      for problem in verification.problems { Terminal.writeError("\(problem)\n") }
      for path in verification.refusedResults {
        try Terminal.write("\(path) was set aside: a result that the database refused\n")
      }
      guard verification.problems.isEmpty else { throw ExitCode(1) }
      try Terminal.write("\(store.path) and its artifacts are whole\n")
    }
  }
}
