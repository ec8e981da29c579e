/// The needs of all jobs as flat arrays: who waits for whom.
struct DependencyGraph: Sendable {
  /// `targets[offsets[job] ..< offsets[job + 1]]` are the jobs that need `job`.
  private let offsets: [Int]
  private let targets: [Int]
  /// How many jobs each job needs.
  let needCounts: [Int]
  /// All jobs, every one behind those it needs.
  let order: [Int]

  /// Builds the graph in O(jobs + needs).
  init(needs: [[Int]]) throws(SchedulingError) {
    let count = needs.count
    var offsets = [Int](repeating: 0, count: count + 1)
    for (job, list) in needs.enumerated() {
      for need in list {
        guard (0..<count).contains(need), need != job else {
          throw SchedulingError(
            .malformedPlan, "job \(job) needs job \(need), which is not another job of the plan; plan the run anew")
        }
        offsets[need + 1] += 1
      }
    }
    for job in 0..<count { offsets[job + 1] += offsets[job] }
    var cursors = offsets
    var targets = [Int](repeating: 0, count: offsets[count])
    for (job, list) in needs.enumerated() {
      for need in list {
        targets[cursors[need]] = job
        cursors[need] += 1
      }
    }
    needCounts = needs.map(\.count)
    var open = needCounts
    var order = (0..<count).filter { open[$0] == 0 }
    order.reserveCapacity(count)
    var next = 0
    while next < order.count {
      let job = order[next]
      next += 1
      for position in offsets[job]..<offsets[job + 1] {
        let target = targets[position]
        open[target] -= 1
        if open[target] == 0 { order.append(target) }
      }
    }
    guard order.count == count else {
      let blocked = open.firstIndex { $0 > 0 } ?? 0
      throw SchedulingError(.malformedPlan, "job \(blocked) takes part in a cycle of needs; plan the run anew")
    }
    self.offsets = offsets
    self.targets = targets
    self.order = order
  }

  /// The jobs that need a job, ascending.
  func dependents(of job: Int) -> ArraySlice<Int> { targets[offsets[job]..<offsets[job + 1]] }

  /// The longest way from each job to the end, the job's own weight included.
  func criticalPaths(weights: [Double]) -> [Double] {
    var lengths = weights
    for job in order.reversed() {
      lengths[job] += dependents(of: job).map { lengths[$0] }.max() ?? 0
    }
    return lengths
  }
}
