import AttemptModel
import Digest
import Foundation
import JobGraph
import JSON
import Scheduling
import Synchronization
import WorkerProtocol
import TestSupport

func job(
  _ index: Int, stage: String = "stage", command: [String] = ["true"], outputs: [String: String] = [:],
  parameters: JSONValue = [:], inputs: [String: Job.Input] = [:], needs: [Int] = [], lane: Lane = .throughput,
  resources: [String: Int] = ["cpu": 1], priority: Int = 0, timeLimitSeconds: Double? = nil, retries: Int = 0,
  environment: [String: String] = [:], limits: AttemptLimits = AttemptLimits()
) -> Job {
  var job = Job(
    index: index, stage: stage, action: .command(arguments: command, outputs: outputs), parameters: parameters,
    inputs: inputs, needs: needs, trials: [0], lane: lane, resources: resources, priority: priority,
    timeLimitSeconds: timeLimitSeconds, retries: retries, environment: environment,
    fingerprint: Fingerprint(parts: []), seed: 7)
  job.limits = limits
  return job
}

func task(
  _ index: Int, _ worker: String, _ name: String, parameters: JSONValue = [:], timeLimitSeconds: Double? = nil,
  resources: [String: Int] = ["cpu": 1], retries: Int = 0, environment: [String: String] = [:],
  measurement: JSONValue = .null, limits: AttemptLimits = AttemptLimits()
) -> Job {
  var job = Job(
    index: index, stage: "stage", action: .task(worker: worker, name: name), parameters: parameters, trials: [0],
    resources: resources, timeLimitSeconds: timeLimitSeconds, retries: retries, environment: environment,
    measurement: measurement, fingerprint: Fingerprint(parts: []), seed: 7)
  job.limits = limits
  return job
}

func plan(
  _ jobs: [Job], pools: [String: Int] = ["cpu": 2], workers: [String: WorkerDefinition] = [:],
  indices: [String: PoolIndices] = [:]
) -> Plan {
  Plan(
    experimentName: "test", canonicalSpec: "{}", trials: [Trial(index: 0, assignment: [("seed", 43)])], jobs: jobs,
    workers: workers, resources: pools, poolIndices: indices)
}

/// Keeps attempts in a folder and in memory.
final class MemoryRecording: AttemptRecording {
  struct Entry: Sendable {
    var job: Int
    var number: Int
    var outcome: AttemptOutcome?
    var place: AttemptPlace
  }

  let directory: TemporaryFolder
  private let state = Mutex<[Entry]>([])

  init(_ directory: TemporaryFolder) { self.directory = directory }

  var entries: [Entry] { state.withLock { $0 } }

  func outcome(of job: Int) -> AttemptOutcome? { entries.last { $0.job == job }?.outcome }

  func began(_ job: Job, attemptNumber: Int) async throws -> AttemptPlace {
    try state.withLock { entries in
      let place = try makePlace(in: directory, id: Int64(entries.count))
      entries.append(Entry(job: job.index, number: attemptNumber, place: place))
      return place
    }
  }

  func finished(_ job: Job, at place: AttemptPlace, outcome: AttemptOutcome) async throws -> [String: String] {
    state.withLock { $0[Int(place.id)].outcome = outcome }
    return Dictionary(uniqueKeysWithValues: outcome.measurements.artifacts.map { ($0.name, $0.path) })
  }
}

func makePlace(in directory: TemporaryFolder, id: Int64) throws -> AttemptPlace {
  let folder = try directory.folder("attempts/\(id)")
  return AttemptPlace(
    id: id, outputDirectory: try directory.folder("attempts/\(id)/output"), standardOutputPath: "\(folder)/stdout.log",
    standardErrorPath: "\(folder)/stderr.log", scratchDirectory: try directory.folder("scratch/\(id)"))
}

/// Collects what an observer is told.
final class CollectingObserver: RunObserver {
  struct Event: Sendable, Equatable {
    var kind: String
    var job: Int
  }

  private let state = Mutex<[Event]>([])
  var events: [Event] { state.withLock { $0 } }

  func observe(_ event: ScheduleEvent) {
    switch event {
    case .started(let job, _, _): note("started", job)
    case .finished(let job, _, let outcome, let retryDelay):
      note(retryDelay == nil ? outcome.exitKind.rawValue : "retrying", job)
    case .skipped(let job, _): note("skipped", job)
    case .progressed, .reused, .interrupted, .stopped: break
    }
  }

  private func note(_ kind: String, _ job: Job) { state.withLock { $0.append(Event(kind: kind, job: job.index)) } }
}

/// Whether a process exists and is no zombie.
func isAlive(_ pid: Int) -> Bool {
  guard let line = FileManager.default.contents(atPath: "/proc/\(pid)/stat") else { return false }
  let text = String(decoding: line, as: UTF8.self)
  guard let end = text.lastIndex(of: ")") else { return false }
  // Fields 3 and 20 of proc(5): a process whose first thread has ended looks like a zombie while others go on.
  let fields = text[end...].split(separator: " ")
  return fields[1] != "Z" || (Int(fields[18]) ?? 1) > 1
}

/// Waits until a condition holds; gives up after a time that no working machine needs.
func eventually(_ condition: () -> Bool) async -> Bool {
  for _ in 0..<3000 {
    if condition() { return true }
    try? await Task.sleep(for: .milliseconds(10))
  }
  return condition()
}
