/// What distinguishes two plans of one experiment, by stage and trial.
public struct PlanDifference: Sendable {
  /// A job that both plans have, with different fingerprints.
  public struct Change: Sendable, Hashable {
    /// Position in the earlier plan.
    public var earlier: Int
    /// Position in the later plan.
    public var later: Int
    /// The names of the parts that differ.
    public var parts: [String]
  }

  /// Positions in the later plan of jobs that the earlier one has not.
  public var added: [Int] = []
  /// Positions in the earlier plan of jobs that the later one has not.
  public var removed: [Int] = []
  /// Jobs that both have, with different fingerprints.
  public var changed: [Change] = []

  /// Compares two plans.
  ///
  /// - Parameters:
  ///   - earlier: The earlier plan.
  ///   - later: The later plan.
  /// - Complexity: O(jobs · trials of each).
  public init(from earlier: Plan, to later: Plan) {
    var positions: [String: Int] = [:]
    for job in earlier.jobs { for key in Self.keys(of: job, in: earlier) { positions[key] = job.index } }
    var kept: Set<Int> = []
    for job in later.jobs {
      guard let match = Self.keys(of: job, in: later).lazy.compactMap({ positions[$0] }).first else {
        added.append(job.index)
        continue
      }
      for key in Self.keys(of: job, in: later) { if let position = positions[key] { kept.insert(position) } }
      let old = earlier.jobs[match].fingerprint
      guard old != job.fingerprint else { continue }
      let parts = Dictionary(old.parts.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first })
      changed.append(Change(earlier: match, later: job.index, parts: job.fingerprint.changedParts(since: parts)))
    }
    removed = earlier.jobs.indices.filter { !kept.contains($0) }
  }

  private static func keys(of job: Job, in plan: Plan) -> [String] {
    job.trials.map { "\(job.stage)\n\(plan.trials[$0].label)" }
  }
}
