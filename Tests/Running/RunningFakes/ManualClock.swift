import Scheduling
import Synchronization

/// A clock that moves only when somebody sleeps, and then at once to the end of the sleep.
package final class ManualClock: RunClock {
  private let elapsed = Mutex(Duration.zero)

  package init() {}

  package var now: Duration { elapsed.withLock { $0 } }

  package func sleep(until deadline: Duration) async throws {
    elapsed.withLock { $0 = max($0, deadline) }
  }
}
