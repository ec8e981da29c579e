/// A plan that cannot be scheduled, or a helper process that cannot be had.
public struct SchedulingError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What failed, for `switch`; new codes may be added.
  public struct Code: Sendable, Hashable {
    private enum Name { case unsatisfiable, malformedPlan, unknownWorker, workerFailed, supervisorMissing, system }
    private var name: Name
    /// A job asks for more than a pool holds, or for a pool that does not exist.
    public static let unsatisfiable = Code(name: .unsatisfiable)
    /// The jobs of the plan contradict each other.
    public static let malformedPlan = Code(name: .malformedPlan)
    /// A job names a worker that the plan does not define.
    public static let unknownWorker = Code(name: .unknownWorker)
    /// A worker could not be started or did not introduce itself.
    public static let workerFailed = Code(name: .workerFailed)
    /// The job supervisor, or another program that belongs to this one, could not be found or started.
    public static let supervisorMissing = Code(name: .supervisorMissing)
    /// The operating system refused a resource, such as a file descriptor.
    public static let system = Code(name: .system)
  }

  /// What failed, for `switch`.
  public var code: Code
  /// What went wrong and how it can be cured, as one sentence.
  public var message: String

  /// Creates an error.
  ///
  /// - Parameters:
  ///   - code: What failed.
  ///   - message: One sentence that names the thing and the cure.
  public init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }

  /// The message.
  public var description: String { message }
}
