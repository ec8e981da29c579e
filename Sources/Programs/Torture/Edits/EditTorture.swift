import Foundation
import RandomNumbers
import ResultsStore

/// Edits the inputs of runs at random instants, kills some of them, and checks that every result belongs to the inputs that it is stored
/// under, and that what is reused is what a run from nothing gives.
///
///     let outcome = try EditTorture(orchestrate: "/usr/bin/orchestrate", directory: ".", edits: 500).run()
///     print(outcome)
public final class EditTorture {
  private let orchestrate: String
  private let edits: Int
  private let folder: String
  private let report: (String) -> Void
  private let mark: String
  private var project: EditedProject
  private var random: SplitMix64
  private var outcome = EditOutcome()
  /// The last attempt that was compared with the truth.
  private var checked: Int64 = 0
  private var lastEdits: [String] = []

  /// So many runs are edited before one settles.
  private static let runsBetweenComparisons = 4

  /// Prepares a torture in a new folder.
  ///
  /// - Parameters:
  ///   - orchestrate: Path of the executable.
  ///   - directory: An existing folder on the disk that is tested.
  ///   - edits: Number of edits.
  ///   - seed: Seed of the random edits and instants.
  ///   - report: Receives a line now and then.
  /// - Throws: `TortureError` if the folder cannot be made.
  public init(
    orchestrate: String, directory: String, edits: Int, seed: UInt64 = 1, report: @escaping (String) -> Void = { _ in }
  ) throws(TortureError) {
    self.orchestrate = orchestrate
    self.edits = edits
    self.report = report
    random = SplitMix64(seed: seed)
    let path = "\(directory)/edits-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    do {
      try FileManager.default.createDirectory(atPath: "\(path)/project", withIntermediateDirectories: true)
      folder = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      project = try EditedProject(folder: "\(folder)/project")
    } catch {
      throw TortureError(description: "the folder '\(path)' cannot be made (\(error)); name another --directory")
    }
    mark = "ORCHESTRATE_TORTURE=\(URL(fileURLWithPath: folder).lastPathComponent)"
  }

  /// Edits and kills runs until all edits are made; the folder is removed if all is well.
  ///
  /// - Returns: What was found.
  /// - Throws: `TortureError` if a run that nobody disturbs fails, `StoreError` if a database cannot be read.
  public func run() throws -> EditOutcome {
    let start = RunningOrchestrator.now
    try finish("results")
    let duration = RunningOrchestrator.now - start
    report("undisturbed: \(EditedPrograms.jobs) jobs in \((duration * 100).rounded() / 100) s, in \(folder)")
    while outcome.edits < edits {
      for _ in 0..<Self.runsBetweenComparisons where outcome.edits < edits {
        try runEdited(longest: duration)
        try checkRecords()
      }
      try compare()
      report("\(outcome.edits) edits, \(outcome.runs) runs, \(outcome.kills) kills, \(outcome.comparisons) comparisons")
    }
    if outcome.isClean {
      try? FileManager.default.removeItem(atPath: folder)
    } else {
      outcome.note("everything is kept in \(folder)")
    }
    return outcome
  }

  /// A run that is edited, and killed or not.
  private func runEdited(longest: Double) throws {
    // Edits before the start make the run do something.
    for _ in 0..<Int.random(in: 1...3, using: &random) { try edit() }
    let running = try start("results")
    outcome.runs += 1
    let isKilled = Double.random(in: 0..<1, using: &random) < 0.4
    let deadline = RunningOrchestrator.now + Double.random(in: 0..<1, using: &random) * longest * (isKilled ? 1 : 1.5)
    while RunningOrchestrator.now < deadline {
      guard running.isRunning else { break }
      usleep(UInt32(Double.random(in: 0..<1, using: &random) * longest * 0.3e6))
      guard running.isRunning else { break }
      try edit()
      outcome.edits += 1
    }
    let end = running.end(after: isKilled ? 0 : 600)
    switch end {
    case .killed: outcome.kills += 1
    // Failures are looked at one by one.
    case .exited(0), .exited(1): break
    case .exited: outcome.note("a run ended with \(end): \(running.errors.suffix(500))")
    }
  }

  private func edit() throws {
    lastEdits.append(try project.edit(&random))
    lastEdits = lastEdits.suffix(20)
  }

  private func start(_ results: String) throws(TortureError) -> RunningOrchestrator {
    try RunningOrchestrator(
      program: orchestrate,
      arguments: [
        "run", "\(project.folder)/spec.json", "--results", "\(folder)/\(results)", "--project", project.folder,
      ],
      mark: mark, errorPath: "\(folder)/errors.txt")
  }

  /// Runs to the end without a disturbance.
  private func finish(_ results: String) throws {
    let running = try start(results)
    let end = running.end(after: 3600)
    guard end == .exited(0) else {
      throw TortureError(
        description:
          "a run that nobody disturbed ended with \(end) in \(folder)/\(results): \(running.errors.suffix(800))")
    }
  }

  private func open(_ results: String) throws -> ResultsStore? {
    let path = "\(folder)/\(results)/results.sqlite"
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try ResultsStore(path: path, mode: .readOnly)
  }

  /// Compares what new attempts are stored under with what they have read.
  private func checkRecords() throws {
    guard let store = try open("results") else { return }
    let attempts = try EditRecords(of: store, after: checked)
    for message in attempts.failures {
      if message.contains("changed while the job ran") || message.contains("changed after the plan was made") {
        outcome.refused += 1
      } else {
        outcome.note("an attempt failed: \(message)")
      }
    }
    outcome.records += attempts.succeeded
    let wrong = attempts.wrong(in: project)
    outcome.wrong += wrong.count
    for finding in wrong { outcome.note("\(finding); the last edits: \(lastEdits.suffix(6).joined(separator: "; "))") }
    checked = attempts.last
  }

  /// Compares the values of a run that nobody edits with those of a run from nothing.
  private func compare() throws {
    try finish("results")
    try checkRecords()
    project.removeCaches()
    try finish("fresh")
    defer { try? FileManager.default.removeItem(atPath: "\(folder)/fresh") }
    guard let store = try open("results"), let fresh = try open("fresh") else { return }
    let (values, reused) = try RunValues.of(latestRunIn: store)
    let expected = try RunValues.of(latestRunIn: fresh).values
    outcome.comparisons += 1
    outcome.reused += reused
    let difference = values.symmetricDifference(expected)
    outcome.differences += difference.count
    for value in difference.sorted().prefix(3) {
      outcome.note("\(values.contains(value) ? "only reused" : "only from nothing"): \(value)")
    }
    try checkNothingRuns()
  }

  private func checkNothingRuns() throws {
    try finish("results")
    guard let store = try open("results") else { return }
    let again = try RunValues.of(latestRunIn: store)
    if again.reused != EditedPrograms.jobs {
      outcome.note("\(EditedPrograms.jobs - again.reused) jobs ran again though nothing had changed")
    }
  }
}
