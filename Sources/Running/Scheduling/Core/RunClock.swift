/// The time of a run, from which pauses are counted.
package protocol RunClock: Sendable {
  /// Time since any fixed instant.
  var now: Duration { get }

  /// Waits until that much time has passed since the same instant.
  ///
  /// - Throws: `CancellationError` if the waiting task is cancelled.
  func sleep(until deadline: Duration) async throws
}

/// The time since its creation, by the system's clock.
package struct ElapsedTime: RunClock {
  private let start = ContinuousClock.now

  package init() {}

  package var now: Duration { start.duration(to: .now) }

  package func sleep(until deadline: Duration) async throws {
    try await Task.sleep(until: start + deadline, clock: .continuous)
  }
}
