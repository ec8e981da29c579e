package import JobGraph
import Synchronization

/// Counts for each job what it still waits for, as the database's `ready` state tells it.
package final class Readiness: Sendable {
  private let dependents: [[Int]]
  /// Unsatisfied needs of each job; guarded by the lock.
  private let waiting: Mutex<[Int]>

  /// Starts with the jobs that have a result already.
  package init(plan: Plan, satisfied: Set<Int>) {
    var dependents = [[Int]](repeating: [], count: plan.jobs.count)
    var waiting = [Int](repeating: 0, count: plan.jobs.count)
    for job in plan.jobs {
      for need in job.needs where !satisfied.contains(need) {
        dependents[need].append(job.index)
        waiting[job.index] += 1
      }
    }
    self.dependents = dependents
    self.waiting = Mutex(waiting)
  }

  /// The jobs that wait for nothing from the beginning.
  package var initiallyReady: [Int] { waiting.withLock { counts in counts.indices.filter { counts[$0] == 0 } } }

  /// Returns the jobs whose last need is the given one; called once for each job that succeeds.
  func jobsReady(after job: Int) -> [Int] {
    waiting.withLock { counts in
      dependents[job].filter { dependent in
        counts[dependent] -= 1
        return counts[dependent] == 0
      }
    }
  }
}
