public import AttemptModel
public import JSON

/// One stage of one trial (or of several trials that share it): the unit the scheduler runs.
public struct Job: Sendable, Hashable {
  /// Position in `Plan.jobs`.
  public var index: Int
  /// The stage's name in the spec.
  public var stage: String
  /// What runs.
  public var action: Action
  /// Resolved parameters of the task, an object.
  public var parameters: JSONValue
  /// Inputs by name.
  public var inputs: [String: Input]
  /// Indices of the jobs that must succeed first, ascending, without repeats.
  public var needs: [Int]
  /// Indices of the trials this job serves, ascending.
  public var trials: [Int]
  /// Whether the job shares the machine or has it to itself.
  public var lane: Lane
  /// Amounts taken from the named pools while running.
  public var resources: [String: Int]
  /// Higher runs first.
  public var priority: Int
  /// Bounds of each attempt and the pauses between them.
  public var limits = AttemptLimits()
  /// Wall-clock limit of one attempt in seconds.
  public var timeLimitSeconds: Double?
  /// How many further attempts follow a failed one.
  public var retries: Int
  /// Extra environment variables.
  public var environment: [String: String]
  /// Warm-up, repetitions and order, an object or null; passed through to the worker.
  public var measurement: JSONValue
  /// The job's identity and the parts it is made of.
  public var fingerprint: Fingerprint
  /// Seed of the job's own random stream, derived from experiment and fingerprint.
  public var seed: UInt64

  /// Position in `Plan.watchLists` of what it depends on besides its fingerprint.
  public var watched: Int32 = 0
  /// Whether what it reads is observed while it runs.
  public var isObserved = true

  /// Whether a command starts in its output folder instead of the project's.
  public var startsInOutputDirectory = false

  /// What a job runs.
  public enum Action: Sendable, Hashable {
    /// A task of a long-lived worker process.
    case task(worker: String, name: String)
    /// A command line with late placeholders, see `arguments(inputPaths:outputDirectory:)`, and its declared output files by artifact name.
    case command(arguments: [String], outputs: [String: String])
  }

  /// Where a job's input comes from.
  public enum Input: Sendable, Hashable {
    /// A file or folder, relative to the project root.
    case file(String)
    /// An artifact of another job.
    case artifact(job: Int, name: String)
    /// The artifacts of the collected jobs, in trial order.
    case artifacts(jobs: [Int], name: String)
  }

  /// Makes a job.
  ///
  /// - Parameters:
  ///   - index: Position in `Plan.jobs`.
  ///   - stage: The stage's name in the spec.
  ///   - action: What runs.
  ///   - parameters: Resolved parameters of the task, an object.
  ///   - inputs: Inputs by name.
  ///   - needs: Indices of the jobs that must succeed first, ascending, without repeats.
  ///   - trials: Indices of the trials this job serves, ascending.
  ///   - lane: Whether the job shares the machine or has it to itself.
  ///   - resources: Amounts taken from the named pools while running.
  ///   - priority: Higher runs first.
  ///   - timeLimitSeconds: Wall-clock limit of one attempt in seconds.
  ///   - retries: How many further attempts follow a failed one.
  ///   - environment: Extra environment variables.
  ///   - measurement: Warm-up, repetitions and order, an object or null.
  ///   - fingerprint: The job's identity and the parts it is made of.
  ///   - seed: Seed of the job's own random stream.
  public init(
    index: Int, stage: String, action: Action, parameters: JSONValue = .object([]), inputs: [String: Input] = [:],
    needs: [Int] = [], trials: [Int] = [], lane: Lane = .throughput, resources: [String: Int] = [:], priority: Int = 0,
    timeLimitSeconds: Double? = nil, retries: Int = 0, environment: [String: String] = [:],
    measurement: JSONValue = .null,
    fingerprint: Fingerprint, seed: UInt64
  ) {
    self.index = index
    self.stage = stage
    self.action = action
    self.parameters = parameters
    self.inputs = inputs
    self.needs = needs
    self.trials = trials
    self.lane = lane
    self.resources = resources
    self.priority = priority
    self.timeLimitSeconds = timeLimitSeconds
    self.retries = retries
    self.environment = environment
    self.measurement = measurement
    self.fingerprint = fingerprint
    self.seed = seed
  }
}
