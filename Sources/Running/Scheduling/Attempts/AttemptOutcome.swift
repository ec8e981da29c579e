public import AttemptModel
public import InputTracing
public import WorkerProtocol

/// How an attempt ended, and what it measured and made.
public struct AttemptOutcome: Sendable {
  /// The kind of end.
  public var exitKind: ExitKind
  /// Why it failed: names the job, the reason, the log and its last lines.
  ///
  /// `nil` on success.
  public var message: String?
  /// Things worth knowing about an attempt that succeeded.
  public var warnings: [String]
  /// Whose failure it was; `nil` if it was none, or an interruption.
  public private(set) var fault: Fault?
  /// The exit code of a command that ended by itself.
  public var exitCode: Int?
  /// The signal that ended the process.
  public var signal: Int?
  /// Metrics, samples and artifacts; the artifacts' paths are absolute.
  ///
  /// Empty unless the attempt succeeded.
  public var measurements: TaskMeasurements
  /// What the attempt used, if known.
  public var resourceUsage: ResourceUsage?
  /// Name and version of the worker and its task, if a worker ran it.
  public var toolVersion: String?
  /// How used the worker process was that ran it; `nil` for commands and for tasks that no process took.
  public var worker: WorkerWarmth?
  /// What an attempt that succeeded depended on; `nil` if that was not followed.
  public var trace: InputTrace?
  /// What the worker's process has noted since its start of the files it opened; `nil` for commands.
  package var readLog: ReadLog?
  /// When it ran.
  public var period: AttemptPeriod
  /// The machine around a timed attempt; `nil` for others.
  public var conditions: TimingConditions?

  /// Creates an outcome.
  ///
  /// - Parameters:
  ///   - exitKind: The kind of end.
  ///   - message: Why it failed.
  ///   - period: When it ran.
  ///   - measurements: Metrics, samples and artifacts.
  ///   - resourceUsage: What the attempt used.
  public init(
    _ exitKind: ExitKind, message: String? = nil, period: AttemptPeriod,
    measurements: TaskMeasurements = TaskMeasurements(), resourceUsage: ResourceUsage? = nil
  ) {
    self.exitKind = exitKind
    self.message = message
    self.period = period
    self.measurements = measurements
    self.resourceUsage = resourceUsage
    warnings = []
    fault = exitKind.usualFault
  }

  /// Creates the outcome of an attempt that failed.
  ///
  /// - Parameters:
  ///   - fault: Whose failure it was.
  ///   - message: Why it failed.
  ///   - period: When it ran.
  public init(failedBy fault: Fault, message: String, period: AttemptPeriod) {
    self.init(fault == .machine || fault == .store ? .lost : .failed, message: message, period: period)
    self.fault = fault
  }

  /// What the end means for the job.
  public var verdict: AttemptVerdict {
    switch fault {
    case .job: .failed
    case .input: .invalid
    case .machine, .store: .infrastructureFailed
    case nil: exitKind == .cancelled ? .cancelled : .succeeded
    }
  }

  /// The same attempt as a failure, because what it made is not accepted.
  func refused(because reason: String) -> AttemptOutcome { failed(by: .job, because: reason) }

  /// The same attempt as lost, because what it made was taken away.
  func lost(because reason: String) -> AttemptOutcome { failed(by: .machine, because: reason) }

  private func failed(by fault: Fault, because reason: String) -> AttemptOutcome {
    var outcome = AttemptOutcome(failedBy: fault, message: reason, period: period)
    outcome.resourceUsage = resourceUsage
    outcome.toolVersion = toolVersion
    outcome.worker = worker
    outcome.conditions = conditions
    (outcome.exitCode, outcome.signal, outcome.warnings) = (exitCode, signal, warnings)
    return outcome
  }
}
