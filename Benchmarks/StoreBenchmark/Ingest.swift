import AttemptModel
import Digest
import Foundation
import Glibc
import JSON
import ResultsStore
import Synchronization

/// Samples a second, a thousand to an attempt, eight attempts at once, with four readers beside the writer.
struct Ingest {
  let folder: String
  let samples: Int
  /// Samples that arrive in a second; as many as can be stored if nil.
  let pace: Double?

  func run() async throws {
    let path = "\(folder)/ingest-\(pace.map { "\(Int($0))" } ?? "free")/results.sqlite"
    let store = try ResultsStore(path: path, mode: .readWrite)
    let attempts = max(1, samples / 1000)
    let run = try BenchmarkPlan(jobs: attempts).begin(in: store)
    let progress = Progress()
    let rows = (0..<1000).map {
      SampleResult(
        metric: "time.\($0 % 4)", unit: "s", repetition: $0 / 4, isWarmup: $0 < 40, block: $0 / 8, value: Double($0) / 7
      )
    }
    let start = StoreBenchmark.now
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<4 {
        group.addTask {
          let reader = try ResultsStore(path: path, mode: .readOnly)
          while !progress.isOver.load(ordering: .relaxed) {
            _ = try reader.query(
              "SELECT count(*), avg(value) FROM sample WHERE attempt_id > (SELECT max(id) - 20 FROM attempt)")
            try await Task.sleep(for: .milliseconds(20))
          }
        }
      }
      try await withThrowingTaskGroup(of: Void.self) { writers in
        for writer in 0..<8 {
          writers.addTask {
            for job in stride(from: writer, to: attempts, by: 8) {
              if let pace {
                let due = start + Double(job) * 1000 / pace
                try await Task.sleep(for: .seconds(max(0, due - StoreBenchmark.now)))
              }
              let lease = try BenchmarkPlan.lease(job, run: run, in: store)
              let report = AttemptReport(exitKind: .succeeded, samples: rows)
              let begin = StoreBenchmark.now
              _ = try await store.finishAttempt(lease.id, with: report)
              let wait = StoreBenchmark.now - begin
              progress.waits.withLock { $0.append(wait) }
            }
          }
        }
        try await writers.waitForAll()
      }
      progress.isOver.store(true, ordering: .relaxed)
      try await group.waitForAll()
    }
    let seconds = StoreBenchmark.now - start
    let sorted = progress.waits.withLock { $0.sorted() }
    let way = pace.map { "\(Int($0)) arrive in a second" } ?? "as many as fit"
    StoreBenchmark.row(
      "samples ingested, \(attempts * 1000) in all, \(way)", "\(Int(Double(attempts * 1000) / seconds)) /s",
      "1000 to an attempt, 8 writers, 4 readers, durable")
    StoreBenchmark.row(
      "publication of 1000 samples, median / p99 / longest",
      "\(milliseconds(sorted[sorted.count / 2])) / \(milliseconds(sorted[sorted.count * 99 / 100])) / "
        + "\(milliseconds(sorted[sorted.count - 1])) ms",
      "from the end of the attempt to its durable commit")
  }

  private func milliseconds(_ seconds: Double) -> Int { Int((seconds * 1000).rounded()) }
}

/// What writers and readers share.
private final class Progress: Sendable {
  let isOver = Atomic(false)
  /// Seconds that each publication took.
  let waits = Mutex<[Double]>([])
}

/// Attempts a second without samples.
struct Commits {
  let folder: String

  func run() async throws {
    for width in [1, 16] {
      let count = 2000
      let store = try ResultsStore(path: "\(folder)/commits-\(width)/results.sqlite", mode: .readWrite)
      let run = try BenchmarkPlan(jobs: count).begin(in: store)
      let start = StoreBenchmark.now
      try await withThrowingTaskGroup(of: Void.self) { group in
        for writer in 0..<width {
          group.addTask {
            for job in stride(from: writer, to: count, by: width) {
              let lease = try BenchmarkPlan.lease(job, run: run, in: store)
              _ = try await store.finishAttempt(lease.id, with: AttemptReport(exitKind: .succeeded))
            }
          }
        }
        try await group.waitForAll()
      }
      let seconds = StoreBenchmark.now - start
      StoreBenchmark.row(
        "attempts begun and published, \(width) at once", "\(Int(Double(count) / seconds)) /s", "no files; durable")
    }
  }
}

/// A plan whose jobs do nothing.
struct BenchmarkPlan {
  let jobs: Int

  static func fingerprint(_ job: Int) -> SHA256Digest { SHA256Digest(of: "\(job)") }

  static func lease(_ job: Int, run: Int64, in store: ResultsStore) throws -> AttemptPlace {
    try store.leaseAttempt(
      run: run, job: job, number: 1, fingerprint: fingerprint(job), seed: 1, toolVersion: "t")
  }

  func begin(in store: ResultsStore) throws -> Int64 {
    let plan = PlanRecord(
      experiment: "benchmark", canonicalSpec: "{}", hash: SHA256Digest(of: "benchmark \(jobs)"), canonicalPlan: "{}",
      trials: [TrialRecord(assignment: [(name: "seed", value: 1)])],
      jobs: (0..<jobs).map {
        JobRecord(
          stage: "stage", fingerprint: Self.fingerprint($0), parts: [], isTimed: false, parameters: .object([]),
          trials: [0])
      })
    return try store.beginRun(plan: try store.register(plan), code: .unknown, toolVersion: "t")
  }
}
