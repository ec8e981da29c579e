public import AttemptModel
public import JobGraph
public import WorkerProtocol

/// One attempt as an executor needs it: everything is resolved.
public struct AttemptRequest: Sendable {
  /// Names the attempt among all of the run: job index and attempt number, such as "7-1".
  public var id: String
  /// The job.
  public var job: Job
  /// 1 for the first.
  public var number: Int
  /// How messages name the job, such as "#7 coarse seed=43".
  public var label: String
  /// Absolute paths by input name.
  public var inputs: [String: TaskRequest.InputPaths]
  /// Where the attempt writes.
  public var place: AttemptPlace
  /// The names of the tokens that it got, by pool, of those pools whose tokens have names.
  public var tokens: [String: [String]]
  /// Environment variables of this attempt alone.
  public var environment: [String: String]

  /// Creates a request.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - number: 1 for the first.
  ///   - label: How messages name the job.
  ///   - inputs: Absolute paths by input name.
  ///   - place: Where the attempt writes.
  ///   - tokens: The names of the tokens that it got.
  ///   - environment: Environment variables of this attempt alone.
  public init(
    job: Job, number: Int, label: String, inputs: [String: TaskRequest.InputPaths], place: AttemptPlace,
    tokens: [String: [String]] = [:], environment: [String: String] = [:]
  ) {
    id = "\(job.index)-\(number)"
    self.job = job
    self.number = number
    self.label = label
    self.inputs = inputs
    self.place = place
    self.tokens = tokens
    self.environment = environment
  }
}
