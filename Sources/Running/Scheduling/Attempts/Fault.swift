import AttemptModel
public import WorkerProtocol

/// Whose failure it was; everything that follows from a failed attempt hangs on this alone.
///
/// | fault | what follows |
/// |---|---|
/// | the job's | it fails with the reason on its row; only its own `retries` give it another attempt |
/// | its input's | it fails, since no other attempt can help |
/// | the machine's | the attempt is lost; the job is tried again, on another process, as ``RetryPolicy`` says |
/// | the store's | the run ends with one error, see ``RecordingStopped``; what was committed stays |
public enum Fault: Sendable, Hashable {
  /// What the job did: an exit code, a signal, a bound exceeded, a result that cannot be used.
  case job
  /// What the job was given: parameters, inputs, a command line that no system takes.
  case input
  /// What runs jobs: the system, the supervisor, a shepherd, a worker that says so of itself.
  case machine
  /// What keeps results: the database, its folder, its disk.
  case store
}

extension SchedulingError {
  /// Whose failure it was.
  public var fault: Fault {
    switch code {
    case .system, .supervisorMissing: .machine
    case .workerFailed: .job
    default: .input
    }
  }
}

extension TaskFailure.Kind {
  /// Whose failure it was.
  public var fault: Fault {
    switch self {
    case .input: .input
    case .task: .job
    case .internal: .machine
    }
  }
}

extension ExitKind {
  /// Whose failure such an end is, unless more is known of it.
  var usualFault: Fault? {
    switch self {
    case .succeeded, .cancelled: nil
    case .failed, .timedOut, .signalled, .memory: .job
    case .lost: .machine
    }
  }
}
