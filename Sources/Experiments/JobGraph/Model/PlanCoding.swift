import AttemptModel
import Digest
import JSON

/// Writes the stored form of a plan: canonical JSON.
///
/// What many jobs share is written once: `frames` holds the settings of stages, `digests` the digests of fingerprint parts; jobs refer to
/// both by position. A job's fingerprint and seed follow from its parts and are not stored. Members stand in the order of canonical JSON.
struct PlanCoding {
  /// Increased when the stored form changes.
  static let format: Int64 = 1

  let experimentName: String
  let canonicalSpec: String
  let trials: [Trial]
  let jobs: [Job]
  let workers: [String: WorkerDefinition]
  let resources: [String: Int]
  let poolIndices: [String: PoolIndices]
  let inheritedEnvironment: [String]

  /// The stored form.
  var text: String {
    var output = PlanTextBuffer()
    write(to: &output)
    return output.text
  }

  private func write(to output: inout PlanTextBuffer) {
    let index = PlanIndex(jobs)
    output.append("{\"digests\":[")
    output.list(index.digests) { output, digest in output.append(digest) }
    output.append("],\"experiment\":")
    output.append(.string(experimentName))
    output.append(",\"format\":\(Self.format),\"frames\":[")
    output.list(index.frames) { output, job in output.append(Self.frame(of: jobs[job])) }
    // This and the pools' names are absent when empty, so that the hash of a plan without them is what it was before they existed.
    output.append("]")
    if !inheritedEnvironment.isEmpty {
      output.append(",\"inheritedEnvironment\":")
      output.append(Self.json(of: inheritedEnvironment))
    }
    output.append(",\"jobs\":[")
    var nextPart = 0
    output.list(jobs) { output, job in
      let parts = index.parts[nextPart..<nextPart + job.fingerprint.partCount]
      nextPart = parts.endIndex
      Self.write(job, frame: index.frameOfJob[job.index], parts, to: &output)
    }
    output.append("]")
    if !poolIndices.isEmpty {
      output.append(",\"poolIndices\":")
      output.append(.object(poolIndices.map { ($0.key, Self.json(of: $0.value)) }))
    }
    output.append(",\"resources\":")
    output.append(Self.json(of: resources))
    output.append(",\"spec\":")
    output.append(.string(canonicalSpec))
    output.append(",\"trials\":[")
    output.list(trials) { output, trial in output.append(.array(trial.assignment.map(\.value))) }
    output.append("],\"variables\":")
    output.append(.array((trials.first?.assignment ?? []).map { .string($0.name) }))
    output.append(",\"workers\":")
    output.append(.object(workers.map { ($0.key, Self.json(of: $0.value)) }))
    output.append("}")
  }

  private static func write(_ job: Job, frame: Int32, _ parts: ArraySlice<Int32>, to output: inout PlanTextBuffer) {
    output.append("{\"frame\":")
    output.append(Int(frame))
    if !job.inputs.isEmpty {
      output.append(",\"inputs\":")
      output.append(.object(job.inputs.map { ($0.key, json(of: $0.value)) }))
    }
    if !job.needs.isEmpty {
      output.append(",\"needs\":[")
      output.list(job.needs) { $0.append($1) }
      output.append("]")
    }
    output.append(",\"parameters\":")
    output.append(job.parameters)
    output.append(",\"parts\":{")
    for (position, part) in parts.enumerated() {
      if position > 0 { output.append(",") }
      output.append(.string(job.fingerprint.partName(position)))
      output.append(":")
      output.append(Int(part))
    }
    output.append("},\"trials\":[")
    output.list(job.trials) { $0.append($1) }
    output.append("]}")
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
    frame["quiet"] = job.limits.quiet.map { .array([.real($0.load), .real($0.waitSeconds)]) }
    if job.startsInOutputDirectory { frame["startsInOutputDirectory"] = .bool(true) }
    if !job.isObserved { frame["isObserved"] = .bool(false) }
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
    case .artifact(let job, let name): ["artifact": .string(name), "job": .integer(Int64(job))]
    case .artifacts(let jobs, let name): ["artifact": .string(name), "jobs": json(of: jobs)]
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

/// The numbers of digests and frames, in the order in which they first appear.
private struct PlanIndex {
  private(set) var digests: [SHA256Digest] = []
  /// For each part of each job, one job after the other, the number of its digest.
  private(set) var parts: [Int32] = []
  /// For each frame the first job that has it.
  private(set) var frames: [Int] = []
  private(set) var frameOfJob: [Int32] = []

  init(_ jobs: [Job]) {
    var digestNumbers: [SHA256Digest: Int32] = [:]
    var frameNumbers: [JobFrame: Int32] = [:]
    parts.reserveCapacity(jobs.count * 6)
    frameOfJob.reserveCapacity(jobs.count)
    var previous: (job: Job, frame: Int32)?
    for job in jobs {
      if let previous, previous.job.hasSameFrame(as: job) {
        frameOfJob.append(previous.frame)
      } else {
        let frame = frameNumbers[JobFrame(job: job)] ?? Int32(frames.count)
        if frame == frames.count {
          frameNumbers[JobFrame(job: job)] = frame
          frames.append(job.index)
        }
        frameOfJob.append(frame)
        previous = (job, frame)
      }
      for position in 0..<job.fingerprint.partCount {
        let digest = job.fingerprint.partDigest(position)
        let number = digestNumbers[digest] ?? Int32(digests.count)
        if number == digests.count {
          digestNumbers[digest] = number
          digests.append(digest)
        }
        parts.append(number)
      }
    }
  }
}

/// The settings of a job that many jobs of a stage share.
private struct JobFrame: Hashable {
  var job: Job

  static func == (left: JobFrame, right: JobFrame) -> Bool { left.job.hasSameFrame(as: right.job) }

  func hash(into hasher: inout Hasher) {
    hasher.combine(job.stage)
    hasher.combine(job.action)
    hasher.combine(job.environment)
  }
}

extension Job {
  /// Whether everything that a frame holds is the same.
  fileprivate func hasSameFrame(as other: Job) -> Bool {
    stage == other.stage && action == other.action && lane == other.lane && resources == other.resources
      && priority == other.priority && retries == other.retries && timeLimitSeconds == other.timeLimitSeconds
      && environment == other.environment && measurement == other.measurement && limits == other.limits
      && startsInOutputDirectory == other.startsInOutputDirectory && isObserved == other.isObserved
  }
}
