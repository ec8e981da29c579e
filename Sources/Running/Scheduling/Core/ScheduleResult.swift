/// What became of every job of a run.
public struct ScheduleResult: Sendable, Hashable {
  /// The state of each job in plan order.
  ///
  /// A job that could not start before the run ended is `waiting` or `ready`.
  public var states: [ScheduleState]
  /// How far the run was interrupted; `nil` if it was not.
  public var interruption: Interruption.Level?
  /// Why the run ended early by itself; `nil` if it did not.
  public var failure: RecordingStopped?

  /// Creates a result.
  ///
  /// - Parameters:
  ///   - states: The state of each job in plan order.
  ///   - interruption: How far the run was interrupted.
  ///   - failure: Why the run ended early by itself.
  public init(states: [ScheduleState], interruption: Interruption.Level? = nil, failure: RecordingStopped? = nil) {
    self.states = states
    self.interruption = interruption
    self.failure = failure
  }

  /// Counts the jobs in a state.
  ///
  /// - Parameter state: The state.
  /// - Returns: How many jobs are in it.
  public func count(of state: ScheduleState) -> Int { states.count { $0 == state } }

  /// Whether every job has succeeded now or before.
  public var isComplete: Bool { states.allSatisfy { $0 == .succeeded || $0 == .reused } }
}
