import Foundation
import JSON
import RandomNumbers
import ResultsStore

/// Kills runs at random instants and checks after each kill that nothing is lost, doubled or left alive.
///
///     let outcome = try Torture(orchestrate: "/usr/bin/orchestrate", directory: ".", jobs: 500, rounds: 1000).run()
///     print(outcome)
public final class Torture {
  private let graph: TortureGraph
  private let rounds: Int
  private let folder: String
  private let report: (String) -> Void
  private let census: ProcessCensus
  private var random: SplitMix64
  private var outcome = TortureOutcome()
  /// Results seen in the graph under way, by fingerprint.
  private var known: Set<String> = []

  /// Prepares a torture in a new folder.
  ///
  /// - Parameters:
  ///   - orchestrate: Path of the executable, which also serves as the graph's worker.
  ///   - directory: An existing folder on the disk that is tested.
  ///   - jobs: Jobs of the graph, rounded down to a multiple of five.
  ///   - rounds: Number of kills.
  ///   - seed: Seed of the random instants.
  ///   - report: Receives a line now and then.
  /// - Throws: `TortureError` if the folder cannot be made.
  public init(
    orchestrate: String, directory: String, jobs: Int, rounds: Int, seed: UInt64 = 1,
    report: @escaping (String) -> Void = { _ in }
  ) throws(TortureError) {
    graph = TortureGraph(orchestrate: orchestrate, chains: max(1, jobs / TortureGraph.stageCount))
    self.rounds = rounds
    self.report = report
    random = SplitMix64(seed: seed)
    let path = "\(directory)/torture-\(getpid())-\(UInt32.random(in: 0...UInt32.max))"
    do {
      try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
      folder = URL(fileURLWithPath: path).resolvingSymlinksInPath().path
      try graph.spec.prettyText.write(toFile: "\(folder)/torture.json", atomically: true, encoding: .utf8)
    } catch {
      throw TortureError(description: "the folder '\(path)' cannot be made (\(error)); name another --directory")
    }
    census = ProcessCensus(
      mark: "ORCHESTRATE_TORTURE=\(URL(fileURLWithPath: folder).lastPathComponent)", folder: folder)
    outcome.jobs = graph.jobs
  }

  /// Runs the reference, then kills and resumes until all rounds are done; the folder is removed if all is well.
  ///
  /// - Returns: What was found.
  /// - Throws: `TortureError` if the undisturbed run fails, `StoreError` if a database cannot be read.
  public func run() throws -> TortureOutcome {
    let start = RunningOrchestrator.now
    let reference = try finish("reference")
    let duration = RunningOrchestrator.now - start
    let expected = try ResultRows(of: reference)
    report("undisturbed: \(graph.jobs) jobs in \((duration * 100).rounded() / 100) s, in \(folder)")
    while outcome.kills < rounds {
      try runGraph(longestDelay: duration / 2, expected: expected)
    }
    if outcome.isClean {
      try? FileManager.default.removeItem(atPath: folder)
    } else {
      outcome.note("everything is kept in \(folder)")
    }
    return outcome
  }

  /// Brings one graph to its end, with kills on the way.
  private func runGraph(longestDelay: Double, expected: ResultRows) throws {
    known = []
    let results = "graph-\(outcome.graphs)"
    while outcome.kills < rounds {
      let running = try start(results)
      let end = running.end(after: Double.random(in: 0..<1, using: &random) * longestDelay)
      guard end == .killed else {
        if end != .exited(0) { outcome.note("\(results) ended with \(end): \(running.errors.suffix(300))") }
        break
      }
      outcome.kills += 1
      checkSurvivors(results)
      try check(results, reported: Self.reported(in: running.errors))
      if outcome.kills % 50 == 0 { report("\(outcome.kills) kills, \(outcome.graphs) graphs") }
    }
    let store = try finish(results)
    try check(results, reported: graph.jobs)
    let (count, example) = try ResultRows(of: store).differences(from: expected)
    outcome.differences += count
    if let example { outcome.note("\(results): \(example)") }
    let events =
      try store.query(
        "SELECT sum(kind = 'attempt-adopted'), sum(kind = 'attempt-lost') FROM event"
      ).rows.first ?? []
    outcome.adopted += Self.number(events.first)
    outcome.cutShort += Self.number(events.last)
    checkSurvivors(results)
    outcome.graphs += 1
    try? FileManager.default.removeItem(atPath: "\(folder)/\(results)")
  }

  private func start(_ results: String) throws(TortureError) -> RunningOrchestrator {
    try RunningOrchestrator(
      program: graph.orchestrate,
      arguments: ["run", "\(folder)/torture.json", "--results", "\(folder)/\(results)", "--project", folder],
      mark: census.mark, errorPath: "\(folder)/errors.txt")
  }

  /// Runs to the end without a kill.
  private func finish(_ results: String) throws -> ResultsStore {
    let running = try start(results)
    let end = running.end(after: 3600)
    guard end == .exited(0) else {
      throw TortureError(
        description:
          "a run that nobody disturbed ended with \(end) in \(folder)/\(results): \(running.errors.suffix(500))")
    }
    return try open(results)
  }

  private func open(_ results: String) throws -> ResultsStore {
    try ResultsStore(path: "\(folder)/\(results)/results.sqlite", mode: .readOnly)
  }

  private func checkSurvivors(_ results: String) {
    let living = census.survivors(after: 2)
    outcome.survivors += living.count
    for process in living { outcome.note("alive after 2 s in \(results): \(process)") }
  }

  private func check(_ results: String, reported: Int) throws {
    guard FileManager.default.fileExists(atPath: "\(folder)/\(results)/results.sqlite") else { return }
    let store: ResultsStore
    do {
      store = try open(results)
    } catch let error as StoreError where error.code == .missing {
      return
    }
    for problem in try store.verify().problems { outcome.note("\(results): \(problem)") }
    let rows = try store.query(
      "SELECT fingerprint, count(*) FROM attempt WHERE state = 'succeeded' GROUP BY fingerprint"
    ).rows
    var found: Set<String> = []
    for row in rows {
      if case .text(let fingerprint) = row[0] { found.insert(fingerprint) }
      outcome.duplicated += Self.number(row[1]) - 1
    }
    let gone = known.subtracting(found).count
    outcome.lost += gone + max(0, reported - found.count)
    if gone > 0 { outcome.note("\(gone) results of \(results) that had been seen were gone") }
    if reported > found.count { outcome.note("\(results): \(reported) jobs reported as done, \(found.count) stored") }
    known = found
  }

  private static func number(_ value: QueryResult.Value?) -> Int {
    if case .integer(let number) = value { return Int(number) }
    return 0
  }

  /// The highest count of finished jobs that a run announced: `[ 12/500] …`.
  static func reported(in text: String) -> Int {
    var highest = 0
    for line in text.split(separator: "\n") where line.hasPrefix("[") {
      let count = line.dropFirst().prefix { $0 != "/" }.filter { $0 != " " }
      highest = max(highest, Int(count) ?? 0)
    }
    return highest
  }
}
