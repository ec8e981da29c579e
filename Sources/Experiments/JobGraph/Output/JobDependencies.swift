/// The edges of a plan in flat arrays, as a scheduler wants them.
public struct JobDependencies: Sendable {
  /// For each job the number of jobs it needs.
  public let needCounts: [Int32]
  private let offsets: [Int32]
  private let targets: [Int32]

  /// Makes the edges of some jobs.
  ///
  /// - Parameter jobs: Jobs whose index is their position and whose needs are smaller.
  /// - Complexity: O(jobs + edges).
  public init(of jobs: [Job]) {
    var counts = [Int32](repeating: 0, count: jobs.count + 1)
    for job in jobs { for need in job.needs { counts[need + 1] += 1 } }
    for index in counts.indices.dropFirst() { counts[index] += counts[index - 1] }
    var next = counts
    var targets = [Int32](repeating: 0, count: Int(counts[jobs.count]))
    for job in jobs {
      for need in job.needs {
        targets[Int(next[need])] = Int32(job.index)
        next[need] += 1
      }
    }
    needCounts = jobs.map { Int32($0.needs.count) }
    offsets = counts
    self.targets = targets
  }

  /// The jobs that need a job, ascending.
  ///
  /// - Parameter job: Position of a job.
  /// - Returns: Positions.
  public func dependents(of job: Int) -> ArraySlice<Int32> {
    targets[Int(offsets[job])..<Int(offsets[job + 1])]
  }

  /// Returns for each job the length of the longest way from its start to the end of the plan.
  ///
  /// - Parameter durations: Expected duration of each job in seconds.
  /// - Returns: Seconds, the job's own duration included; the greatest one is the least possible duration of a run.
  /// - Complexity: O(jobs + edges).
  public func criticalPathLengths(durations: [Double]) -> [Double] {
    var lengths = durations
    for job in needCounts.indices.reversed() {
      var longest = 0.0
      for dependent in dependents(of: job) { longest = max(longest, lengths[Int(dependent)]) }
      lengths[job] += longest
    }
    return lengths
  }

  /// Returns for each job the number of jobs on the longest chain before it; 0 for jobs that need none.
  ///
  /// - Parameter jobs: The jobs that the edges were made of.
  /// - Returns: Levels.
  public func levels(of jobs: [Job]) -> [Int] {
    var levels = [Int](repeating: 0, count: jobs.count)
    for job in jobs { levels[job.index] = (job.needs.map { levels[$0] }.max() ?? -1) + 1 }
    return levels
  }
}
