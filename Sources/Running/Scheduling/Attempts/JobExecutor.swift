import JobGraph
public import WorkerProtocol

/// Runs attempts: the scheduler's only way to the outside.
public protocol JobExecutor: Sendable {
  /// Starts an attempt and returns at once.
  ///
  /// - Parameters:
  ///   - attempt: What to run.
  ///   - onProgress: Called any number of times before the end, on any thread.
  ///   - completion: Called exactly once, on any thread, when nothing of the attempt runs any more.
  func start(
    _ attempt: AttemptRequest, onProgress: @escaping @Sendable (TaskProgress) -> Void,
    completion: @escaping @Sendable (AttemptOutcome) -> Void)

  /// Asks for the early end of an attempt; its completion is called as usual. Without effect on an attempt that has ended.
  ///
  /// - Parameters:
  ///   - id: The attempt's id.
  ///   - how: Whether it may clean up.
  func cancel(_ id: String, how: CancellationManner)

  /// Ends what the executor keeps for later attempts. No attempt is running.
  func shutDown() async
}

/// How an attempt is ended early.
public enum CancellationManner: Sendable, Hashable {
  /// Told to end, and killed after a grace period.
  case terminate
  /// Killed at once.
  case kill
}

/// Sends tasks to the worker pool and commands to the supervisor.
public struct LocalExecutor: JobExecutor {
  private let commands: CommandExecutor
  private let workers: WorkerPool

  /// Creates an executor for this machine.
  ///
  /// - Parameters:
  ///   - commands: Runs command stages.
  ///   - workers: Runs task stages.
  public init(commands: CommandExecutor, workers: WorkerPool) {
    self.commands = commands
    self.workers = workers
  }

  /// Starts an attempt with the executor for its action.
  public func start(
    _ attempt: AttemptRequest, onProgress: @escaping @Sendable (TaskProgress) -> Void,
    completion: @escaping @Sendable (AttemptOutcome) -> Void
  ) {
    switch attempt.job.action {
    case .task: workers.start(attempt, onProgress: onProgress, completion: completion)
    case .command: commands.start(attempt, onProgress: onProgress, completion: completion)
    }
  }

  /// Cancels an attempt wherever it runs.
  public func cancel(_ id: String, how: CancellationManner) {
    commands.cancel(id, how: how)
    workers.cancel(id, how: how)
  }

  /// Ends the workers and the supervisor.
  public func shutDown() async {
    await workers.shutDown()
    await commands.shutDown()
  }
}
