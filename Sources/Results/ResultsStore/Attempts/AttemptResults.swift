public import AttemptModel

/// One execution of a job.
public struct AttemptResults: Sendable, Equatable {
  /// Row id.
  public var id: Int64
  /// 1 for the job's first attempt in its run.
  public var number: Int
  /// How far it has come.
  public var state: AttemptState
  /// Why it failed, if it did.
  public var message: String?
  /// Wall-clock duration in seconds.
  public var durationSeconds: Double
  /// Measured values in the order they were reported.
  public var samples: [SampleResult]
  /// Files by artifact name.
  public var artifacts: [ArtifactResult]
  /// The stage it executed; empty if unknown.
  public var stage: String
  /// Hex fingerprint of the job; empty if unknown.
  public var fingerprint: String
  /// The run that made it, an earlier one for a reused attempt; 0 if unknown.
  public var run: Int64
  /// ISO 8601 UTC; empty if unknown.
  public var startedAt: String
  /// Processor time, memory and page faults, if they could be measured.
  public var usage: ResourceUsage?
  /// Why the result does not count any more, if it was invalidated.
  public var invalidReason: String?
  /// The machine around a timed attempt; nil for others.
  public var conditions: TimingConditions?

  /// Makes one attempt.
  public init(
    id: Int64, number: Int, state: AttemptState, message: String?, durationSeconds: Double, samples: [SampleResult],
    artifacts: [ArtifactResult], stage: String = "", fingerprint: String = "", run: Int64 = 0, startedAt: String = "",
    usage: ResourceUsage? = nil
  ) {
    self.id = id
    self.number = number
    self.state = state
    self.message = message
    self.durationSeconds = durationSeconds
    self.samples = samples
    self.artifacts = artifacts
    self.stage = stage
    self.fingerprint = fingerprint
    self.run = run
    self.startedAt = startedAt
    self.usage = usage
  }
}

/// One stored file or folder.
public struct ArtifactResult: Sendable, Equatable {
  /// Artifact name.
  public var name: String
  /// Hex SHA-256; of a folder, as `SHA256Digest(ofFolder:)` defines it.
  public var digest: String
  /// Size in bytes; of a folder, the sum of its files.
  public var byteCount: Int
  /// Media type.
  public var mediaType: String
  /// Path of the stored file or folder.
  public var path: String

  /// Makes one artifact.
  public init(name: String, digest: String, byteCount: Int, mediaType: String, path: String) {
    self.name = name
    self.digest = digest
    self.byteCount = byteCount
    self.mediaType = mediaType
    self.path = path
  }
}
