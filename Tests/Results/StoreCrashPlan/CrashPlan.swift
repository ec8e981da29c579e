import AttemptModel
public import Digest
import Glibc
import JSON
public import ResultsStore
import Synchronization

/// A plan whose results depend on nothing but the job, so that an interrupted and an uninterrupted execution can be compared.
public struct CrashPlan: Sendable {
  /// Number of jobs.
  public var jobs: Int

  /// What each job leaves besides samples.
  public enum Product: String, Sendable {
    /// A file; the attempt's begin is waited for.
    case file
    /// A folder, of jobs with an even number in their attempt's folder, of others outside it.
    case folder
    /// So many files that they are waited for together.
    case files
    /// Nothing; the attempt's begin is not waited for, as in `orchestrate run`.
    case nothing
  }

  /// What each job leaves besides samples.
  public var product: Product

  /// Makes a plan.
  public init(jobs: Int, product: Product = .file) {
    self.jobs = jobs
    self.product = product
  }

  /// What the store keeps of the plan: one stage, one axis `seed`.
  public var record: PlanRecord {
    PlanRecord(
      experiment: "crash", canonicalSpec: #"{"name":"crash"}"#, hash: SHA256Digest(of: "crash plan \(jobs)"),
      canonicalPlan: "{}",
      trials: (0..<jobs).map { TrialRecord(assignment: [(name: "seed", value: .integer(Int64($0)))]) },
      jobs: (0..<jobs).map { job in
        JobRecord(
          stage: "make", fingerprint: fingerprint(of: job), parts: [("parameters", fingerprint(of: job))],
          isTimed: false, parameters: ["seed": .integer(Int64(job))], trials: [job])
      })
  }

  /// Identity of one job.
  public func fingerprint(of job: Int) -> SHA256Digest {
    SHA256Digest(of: "crash job \(job)")
  }

  /// Executes every job that has no result yet.
  public func execute(in store: ResultsStore, committed: @Sendable (Int) -> Void = { _ in }) async throws {
    let run = try store.beginRun(plan: try store.register(record), code: .unknown, toolVersion: "test")
    let known = try store.reusableAttempts(for: (0..<jobs).map { (fingerprint(of: $0), false) })
    for job in 0..<jobs {
      if let attempt = known[fingerprint(of: job)] {
        try store.record([JobStateChange(job: job, state: .reused, attempt: attempt.id)], run: run)
        continue
      }
      let lease = try await begin(job, run: run, in: store)
      let products =
        switch product {
        case .file: [writeFile(of: job, lease: lease)]
        case .folder: [writeFolder(of: job, lease: lease)]
        case .files: writeFiles(of: job, lease: lease)
        case .nothing: [ProducedFile]()
        }
      let samples = (0..<20).map { SampleResult(metric: "value", repetition: $0, value: Double(job * 100 + $0)) }
      _ = try await store.finishAttempt(
        lease.id,
        with: AttemptReport(exitKind: .succeeded, samples: samples, files: products))
      committed(job)
    }
    try store.endRun(run, state: .finished)
  }

  private func begin(_ job: Int, run: Int64, in store: ResultsStore) async throws -> AttemptPlace {
    guard product == .nothing else {
      return try await store.beginAttempt(run: run, job: job, seed: UInt64(job), toolVersion: "test")
    }
    return try store.leaseAttempt(
      run: run, job: job, number: 1, fingerprint: fingerprint(of: job), seed: UInt64(job), toolVersion: "test")
  }

  private func writeFile(of job: Int, lease: AttemptPlace) -> ProducedFile {
    let path = "\(lease.outputDirectory)/data.txt"
    write("content of \(job)\n", to: path)
    return ProducedFile(name: "data", path: path, mediaType: "text/plain")
  }

  private func writeFiles(of job: Int, lease: AttemptPlace) -> [ProducedFile] {
    (0..<40).map { part in
      let path = "\(part % 2 == 0 ? lease.outputDirectory : lease.scratchDirectory)/\(part).txt"
      write("content \(part) of \(job)\n", to: path)
      return ProducedFile(name: "data \(part)", path: path, mediaType: "text/plain")
    }
  }

  private func writeFolder(of job: Int, lease: AttemptPlace) -> ProducedFile {
    let path = job % 2 == 0 ? "\(lease.outputDirectory)/data" : "\(lease.scratchDirectory)/data"
    mkdir(path, 0o755)
    mkdir("\(path)/more", 0o755)
    for part in 0..<6 {
      write("content \(part) of \(job)\n", to: part < 3 ? "\(path)/\(part)" : "\(path)/more/\(part)")
    }
    return ProducedFile(name: "data", path: path, mediaType: "inode/directory")
  }

  private func write(_ line: String, to path: String) {
    guard let file = fopen(path, "w") else { return }
    fputs(String(repeating: line, count: 500), file)
    fclose(file)
  }
}

/// Counts publications down to the fatal one.
public final class Countdown: Sendable {
  private let rest: Atomic<Int>

  /// Starts at a number of publications.
  public init(_ count: Int) {
    rest = Atomic(count)
  }

  /// Counts one publication.
  public func advance() {
    rest.subtract(1, ordering: .sequentiallyConsistent)
  }

  /// Whether the fatal publication has begun.
  public var isOver: Bool { rest.load(ordering: .sequentiallyConsistent) <= 0 }
}
