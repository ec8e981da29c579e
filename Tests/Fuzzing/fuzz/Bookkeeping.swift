import AttemptModel
import Foundation
import Glibc
import ResultsStore
import WorkerProtocol

@testable import Scheduling

/// A results folder in memory that books whatever attempts bring, and must open and be whole afterwards.
final class Bookkeeping {
  private static let attemptsPerOpening = 256
  private static let openingsPerFolder = 4

  private let folder: String
  // Closed before it is opened again.
  private var opened: (store: ResultsStore, run: Int64)?
  private var (attempts, openings) = (0, 0)

  init() throws {
    folder = NSTemporaryDirectory() + "fuzz-\(getpid())"
    opened = try Self.open(folder)
  }

  /// Where the next attempt works; it holds a file, a folder and links that lead out and nowhere.
  func begin() throws -> AttemptPlace {
    attempts += 1
    if attempts % Self.attemptsPerOpening == 0 { try reopen() }
    let (store, run) = books
    let lease = try store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "fuzz")
    let output = lease.outputDirectory
    try Data("image".utf8).write(to: URL(fileURLWithPath: "\(output)/image.png"))
    mkdir("\(output)/folder", 0o755)
    try Data("text".utf8).write(to: URL(fileURLWithPath: "\(output)/folder/text"))
    symlink("/etc/passwd", "\(output)/out")
    symlink("nowhere", "\(output)/nowhere")
    return lease
  }

  /// Books an end; what the store refuses because of what the attempt brought is booked as its failure, as a run does.
  func end(_ lease: AttemptPlace, _ outcome: AttemptOutcome) throws {
    let measured = outcome.measurements
    let metrics = measured.metrics.map { SampleResult(metric: $0.name, unit: $0.unit, value: $0.value) }
    let samples = measured.samples.map {
      SampleResult(
        metric: $0.metric, unit: $0.unit, repetition: $0.repetition, isWarmup: $0.isWarmup, block: $0.block,
        position: $0.position, value: $0.value)
    }
    let files = measured.artifacts.map { ProducedFile(name: $0.name, path: $0.path, mediaType: $0.mediaType) }
    var report = AttemptReport(
      exitKind: outcome.exitKind == .succeeded ? .succeeded : .failed, message: outcome.message,
      samples: metrics + samples, files: files)
    report.warnings = outcome.warnings
    let store = books.store
    let ended = report
    try waiting {
      do {
        _ = try await store.finishAttempt(lease.id, with: ended)
      } catch let error as StoreError where error.code == .artifact || error.code == .inconsistent {
        _ = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .failed, message: "\(error)"))
      }
    }
  }

  /// Reads everything as the commands do, closes the database and opens it again.
  private func reopen() throws {
    try close()
    openings += 1
    if openings % Self.openingsPerFolder == 0 { try FileManager.default.removeItem(atPath: folder) }
    opened = try Self.open(folder)
  }

  private func close() throws {
    let (store, run) = books
    try store.endRun(run, state: .failed)
    try store.readEverything()
    opened = nil
  }

  private var books: (store: ResultsStore, run: Int64) {
    get {
      guard let opened else { fatalError("the store is closed") }
      return opened
    }
  }

  private static func open(_ folder: String) throws -> (ResultsStore, Int64) {
    mkdir(folder, 0o755)
    let store = try ResultsStore(path: "\(folder)/results.sqlite", mode: .readWrite)
    let plan = try store.register(SampleResults.plan)
    return (store, try store.beginRun(plan: plan, code: .unknown, toolVersion: "fuzz"))
  }
}

extension ResultsStore {
  /// Reads what the commands read; the database must be whole.
  func readEverything() throws {
    let problems = try verify().problems
    require(problems.isEmpty, "the database is whole afterwards: \(problems)")
    for name in try experimentNames() { _ = try experimentResults(name: name) }
    let runs = try runs()
    for run in runs { _ = try attempts(ofRun: run.id) }
    _ = try events()
    _ = try query("SELECT count(*) FROM latest_result")
    if !runs.isEmpty { try exportSamples(ExportSelection(), as: .jsonl) { _ in } }
  }
}
