internal import HeapModule

/// The timed jobs that are ready; one runs at a time, and nothing beside it.
struct ExclusiveLane: Sendable {
  private var ready = Heap<ReadyJob>()
  /// Whether the last job that started was one of these.
  private var hasTurn = false
  /// Whether one runs.
  private(set) var isRunning = false

  /// Whether none is ready.
  var isEmpty: Bool { ready.isEmpty }

  mutating func insert(_ job: ReadyJob) { ready.insert(job) }

  /// Whether the next job to start is one of these: the lanes change as seldom as priorities allow.
  ///
  /// - Parameter throughput: The best priority of ready throughput jobs; `nil` if there are none.
  /// - Returns: Whether it is; a strictly higher priority takes the turn, an equal one keeps it.
  func isNext(before throughput: Int?) -> Bool {
    guard let own = ready.min?.priority else { return false }
    guard let throughput else { return true }
    return own == throughput ? hasTurn : own > throughput
  }

  /// Takes out the best ready one, which runs from now on.
  mutating func start() -> ReadyJob? {
    guard let job = ready.popMin() else { return nil }
    (hasTurn, isRunning) = (true, true)
    return job
  }

  mutating func finish() { isRunning = false }

  /// Notes that a throughput job has started.
  mutating func passTurn() { hasTurn = false }
}
