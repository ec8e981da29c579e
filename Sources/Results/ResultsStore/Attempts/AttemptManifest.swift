import AttemptModel
import Digest
import Glibc
import InputTracing
import JSON

/// The file in an attempt's folder that says "published": with it a result survives a crash before its transaction.
///
/// A sealed document: a file that is cut short or differs by one bit says nothing.
struct AttemptManifest: Equatable {
  /// What the folder of an attempt says of its result.
  enum Finding: Equatable {
    /// There is no manifest.
    case nothing
    /// There is one that cannot be used, for a reason.
    case refused(String)
    /// There is one with every byte as it was written.
    case sealed(AttemptManifest)
  }

  /// A longer one is neither written nor read: it would not fit into the memory.
  static let byteLimit = 256 << 20

  var attempt: Int64
  var fingerprint: String
  var finished: FinishedAttempt

  static func path(inFolder folder: String) -> String { "\(folder)/manifest.json" }

  /// Writes the manifest; without it, if it were too long, the transaction alone is the publication.
  func write(toFolder folder: String) throws(StoreError) {
    let bytes = SealedDocument.bytes(of: json)
    guard bytes.count <= Self.byteLimit else { return }
    try FileSystem.replace(Self.path(inFolder: folder), with: bytes)
  }

  static func remove(fromFolder folder: String) {
    unlink(path(inFolder: folder))
  }

  /// Looks for the manifest in the folder of an attempt.
  static func find(inFolder folder: String) -> Finding {
    do {
      guard let bytes = try FileSystem.contents(ofFile: path(inFolder: folder), limit: Int64(byteLimit)) else {
        return .nothing
      }
      guard let json = SealedDocument.content(of: bytes) else { return .refused("it is not as it was written") }
      guard json["format"]?.intValue == 2 else { return .refused("it is of another version") }
      guard let attempt = json["attempt"]?.integerValue, let fingerprint = json["fingerprint"]?.stringValue,
        let finished = json["finished"].flatMap(FinishedAttempt.init(json:))
      else { return .refused("a member is missing, or not of its kind") }
      return .sealed(AttemptManifest(attempt: attempt, fingerprint: fingerprint, finished: finished))
    } catch {
      return .refused(error.message)
    }
  }

  init(attempt: Int64, fingerprint: String, finished: FinishedAttempt) {
    self.attempt = attempt
    self.fingerprint = fingerprint
    self.finished = finished
  }

  private var json: JSONValue {
    ["format": 2, "attempt": .integer(attempt), "fingerprint": .string(fingerprint), "finished": finished.json]
  }
}

extension FinishedAttempt {
  fileprivate var json: JSONValue {
    [
      "exitKind": .string(exitKind.rawValue), "message": message.map { .string($0) } ?? .null,
      "samples": .array(samples.map(Self.json(of:))),
      "artifacts": .array(
        artifacts.map { artifact in
          [
            "name": .string(artifact.name), "digest": .string(artifact.digest.hex),
            "byteCount": .integer(artifact.byteCount), "mediaType": .string(artifact.mediaType),
          ]
        }),
      "start": start.map(Self.json(of:)) ?? .null, "end": Self.json(of: end),
      "load": .array(
        [loadAtEnd.loadAverage, loadAtEnd.cpuPressure, loadAtEnd.memoryPressure, loadAtEnd.ioPressure].map(
          Self.json(of:))),
      "usage": usage.map { usage in
        [
          .real(usage.userSeconds), .real(usage.systemSeconds), .integer(usage.maximumResidentBytes),
          .integer(usage.minorPageFaults), .integer(usage.majorPageFaults),
        ]
      } ?? .null,
      "worker": worker.map { [.integer(Int64($0.request)), .real($0.ageSeconds)] } ?? .null,
      "conditions": conditions?.json ?? .null, "trace": trace?.json ?? .null,
      "exitCode": Self.json(of: exitCode), "signal": Self.json(of: signal),
      "warnings": .array(warnings.map { .string($0) }),
    ]
  }

  fileprivate init?(json: JSONValue) {
    guard let kind = json["exitKind"]?.stringValue.flatMap(ExitKind.init(rawValue:)),
      let end = json["end"].flatMap(Self.time(from:)), let load = json["load"]?.arrayValue, load.count == 4,
      let samples = json["samples"]?.arrayValue, let artifacts = json["artifacts"]?.arrayValue
    else { return nil }
    exitKind = kind
    message = json["message"]?.stringValue
    self.samples = samples.compactMap(Self.sample(from:))
    self.artifacts = artifacts.compactMap(Self.artifact(from:))
    start = json["start"].flatMap(Self.time(from:))
    self.end = end
    loadAtEnd = LoadReading(
      loadAverage: load[0].realValue, cpuPressure: load[1].realValue, memoryPressure: load[2].realValue,
      ioPressure: load[3].realValue)
    usage = json["usage"].flatMap(Self.usage(from:))
    worker = json["worker"].flatMap { value in
      guard let request = value[0]?.intValue, let age = value[1]?.realValue else { return nil }
      return WorkerWarmth(request: request, ageSeconds: age)
    }
    conditions = json["conditions"].flatMap(TimingConditions.init(json:))
    trace = json["trace"].flatMap(InputTrace.init(json:))
    exitCode = json["exitCode"]?.intValue
    signal = json["signal"]?.intValue
    warnings = json["warnings"]?.arrayValue?.compactMap(\.stringValue) ?? []
    guard self.samples.count == samples.count, self.artifacts.count == artifacts.count else { return nil }
  }

  private static func json(of value: Double?) -> JSONValue {
    value.map { .real($0) } ?? .null
  }

  private static func json(of value: Int?) -> JSONValue {
    value.map { .integer(Int64($0)) } ?? .null
  }

  private static func json(of time: TimePoint) -> JSONValue {
    [.integer(time.utcNanoseconds), .integer(time.monotonicNanoseconds)]
  }

  private static func json(of sample: SampleResult) -> JSONValue {
    [
      .string(sample.metric), .string(sample.unit), json(of: sample.repetition), .bool(sample.isWarmup),
      json(of: sample.block), json(of: sample.position), .real(sample.value),
    ]
  }

  private static func time(from json: JSONValue) -> TimePoint? {
    guard let utc = json[0]?.integerValue, let monotonic = json[1]?.integerValue else { return nil }
    return TimePoint(utcNanoseconds: utc, monotonicNanoseconds: monotonic)
  }

  private static func sample(from json: JSONValue) -> SampleResult? {
    guard let metric = json[0]?.stringValue, let unit = json[1]?.stringValue, let repetition = json[2]?.intValue,
      let isWarmup = json[3]?.boolValue, let value = json[6]?.realValue
    else { return nil }
    return SampleResult(
      metric: metric, unit: unit, repetition: repetition, isWarmup: isWarmup, block: json[4]?.intValue,
      position: json[5]?.intValue, value: value)
  }

  private static func artifact(from json: JSONValue) -> StoredArtifact? {
    guard let name = json["name"]?.stringValue, let mediaType = json["mediaType"]?.stringValue,
      let digest = json["digest"]?.stringValue.flatMap({ SHA256Digest(hex: $0) }),
      let byteCount = json["byteCount"]?.integerValue
    else { return nil }
    return StoredArtifact(name: name, digest: digest, byteCount: byteCount, mediaType: mediaType)
  }

  private static func usage(from json: JSONValue) -> ResourceUsage? {
    guard let user = json[0]?.realValue, let system = json[1]?.realValue, let memory = json[2]?.integerValue,
      let minor = json[3]?.integerValue, let major = json[4]?.integerValue
    else { return nil }
    return ResourceUsage(
      userSeconds: user, systemSeconds: system, maximumResidentBytes: memory, minorPageFaults: minor,
      majorPageFaults: major)
  }
}
