import Digest
import JSON

/// Writes and reads the stored form of a plan.
///
/// What many jobs share is written once: `frames` holds the settings of stages, `digests` the digests of fingerprint parts; jobs refer to
/// both by position. A job's fingerprint and seed follow from its parts and are not stored.
enum PlanCoding {
  /// Increased when the stored form changes.
  static let format: Int64 = 1

  static func text(
    experimentName: String, canonicalSpec: String, trials: [Trial], jobs: [Job], workers: [String: WorkerDefinition],
    resources: [String: Int], poolIndices: [String: PoolIndices], inheritedEnvironment: [String]
  ) -> String {
    var frames = InternedValues<JSONValue>()
    var digests = InternedValues<SHA256Digest>()
    var previous: (job: Job, frame: Int64)?
    let jobValues = jobs.map { job -> JSONValue in
      let frameIndex: Int64
      if let previous, previous.job.hasSameFrame(as: job) {
        frameIndex = previous.frame
      } else {
        frameIndex = frames.index(of: frame(of: job))
        previous = (job, frameIndex)
      }
      var value: [(key: String, value: JSONValue)] = [("frame", .integer(frameIndex))]
      value.append(
        ("parts", .object(job.fingerprint.parts.map { ($0.name, .integer(digests.index(of: $0.digest))) })))
      value.append(("parameters", job.parameters))
      if !job.inputs.isEmpty { value.append(("inputs", .object(job.inputs.map { ($0.key, json(of: $0.value)) }))) }
      if !job.needs.isEmpty { value.append(("needs", json(of: job.needs))) }
      value.append(("trials", json(of: job.trials)))
      return .object(value)
    }
    let variables = trials.first?.assignment.map(\.name) ?? []
    var plan: JSONValue = [
      "format": .integer(format), "experiment": .string(experimentName), "spec": .string(canonicalSpec),
      "variables": .array(variables.map { .string($0) }),
      "trials": .array(trials.map { .array($0.assignment.map(\.value)) }),
      "workers": .object(workers.map { ($0.key, json(of: $0.value)) }), "resources": json(of: resources),
      "frames": .array(frames.values), "digests": .array(digests.values.map { .string($0.hex) }),
      "jobs": .array(jobValues),
    ]
    // Absent when empty, so that the hash of a plan without them is what it was before they existed.
    if !poolIndices.isEmpty { plan["poolIndices"] = .object(poolIndices.map { ($0.key, json(of: $0.value)) }) }
    if !inheritedEnvironment.isEmpty { plan["inheritedEnvironment"] = json(of: inheritedEnvironment) }
    return CanonicalJSON.text(of: plan)
  }

  private static func frame(of job: Job) -> JSONValue {
    var frame: JSONValue = [
      "stage": .string(job.stage), "lane": .string(job.lane.rawValue), "resources": json(of: job.resources),
      "priority": .integer(Int64(job.priority)), "retries": .integer(Int64(job.retries)),
      "environment": json(of: job.environment), "measurement": job.measurement,
    ]
    frame["timeLimitSeconds"] = job.timeLimitSeconds.map { .real($0) }
    frame["graceSeconds"] = job.limits.graceSeconds.map { .real($0) }
    frame["memoryBytes"] = job.limits.memoryBytes.map { .integer(Int64($0)) }
    frame["backoff"] = job.limits.backoff.map {
      .array([.real($0.firstSeconds), .real($0.factor), .real($0.longestSeconds)])
    }
    if job.startsInOutputDirectory { frame["startsInOutputDirectory"] = .bool(true) }
    switch job.action {
    case .task(let worker, let name):
      frame["task"] = ["worker": .string(worker), "name": .string(name)]
    case .command(let arguments, let outputs):
      frame["command"] = ["arguments": .array(arguments.map { .string($0) }), "outputs": json(of: outputs)]
    }
    return frame
  }

  private static func json(of input: Job.Input) -> JSONValue {
    switch input {
    case .file(let path): .string(path)
    case .artifact(let job, let name): ["job": .integer(Int64(job)), "artifact": .string(name)]
    case .artifacts(let jobs, let name): ["jobs": json(of: jobs), "artifact": .string(name)]
    }
  }

  private static func json(of worker: WorkerDefinition) -> JSONValue {
    var value: JSONValue = [
      "command": json(of: worker.command), "count": .integer(Int64(worker.count)),
      "environment": json(of: worker.environment),
    ]
    value["maximumRequests"] = worker.maximumRequests.map { .integer(Int64($0)) }
    return value
  }

  private static func json(of pool: PoolIndices) -> JSONValue {
    var value: JSONValue = ["names": json(of: pool.names)]
    value["variable"] = pool.variable.map { .string($0) }
    return value
  }

  private static func json(of texts: [String]) -> JSONValue { .array(texts.map { .string($0) }) }

  private static func json(of numbers: [Int]) -> JSONValue { .array(numbers.map { .integer(Int64($0)) }) }

  private static func json(of numbers: [String: Int]) -> JSONValue {
    .object(numbers.map { ($0.key, .integer(Int64($0.value))) })
  }

  private static func json(of texts: [String: String]) -> JSONValue {
    .object(texts.map { ($0.key, .string($0.value)) })
  }
}

/// Numbers values in the order in which they first appear.
private struct InternedValues<Value: Hashable> {
  private(set) var values: [Value] = []
  private var indices: [Value: Int64] = [:]

  mutating func index(of value: Value) -> Int64 {
    if let index = indices[value] { return index }
    let index = Int64(values.count)
    indices[value] = index
    values.append(value)
    return index
  }
}

extension Job {
  /// Whether everything that a frame holds is the same.
  fileprivate func hasSameFrame(as other: Job) -> Bool {
    stage == other.stage && action == other.action && lane == other.lane && resources == other.resources
      && priority == other.priority && retries == other.retries && timeLimitSeconds == other.timeLimitSeconds
      && environment == other.environment && measurement == other.measurement && limits == other.limits
      && startsInOutputDirectory == other.startsInOutputDirectory
  }
}
