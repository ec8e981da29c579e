import Digest
import InputTracing

/// What distinguishes two plans, by stage and trial.
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
  /// Number of jobs of the later plan that the earlier one has with the same fingerprint.
  public var unchanged = 0

  private struct Work: Hashable {
    var stage: String
    var fingerprint: SHA256Digest
  }

  /// Compares two plans.
  ///
  /// Jobs of a stage with the same fingerprint are the same; others are compared with the job of the stage for the same trial.
  ///
  /// - Parameters:
  ///   - earlier: The earlier plan.
  ///   - later: The later plan.
  /// - Complexity: O(jobs · trials of each).
  public init(from earlier: Plan, to later: Plan) {
    var same: [Work: Int] = [:]
    for job in earlier.jobs { same[Work(stage: job.stage, fingerprint: job.fingerprint.digest)] = job.index }
    var isKept = [Bool](repeating: false, count: earlier.jobs.count)
    var open: [Job] = []
    for job in later.jobs {
      if let match = same[Work(stage: job.stage, fingerprint: job.fingerprint.digest)] {
        isKept[match] = true
        let moved = Self.watchedChanges(from: earlier, match, to: later, job.index)
        if moved.isEmpty {
          unchanged += 1
        } else {
          changed.append(Change(earlier: match, later: job.index, parts: moved))
        }
      } else {
        open.append(job)
      }
    }
    var positions: [String: Int] = [:]
    if !open.isEmpty {
      for job in earlier.jobs { for key in Self.keys(of: job, in: earlier) { positions[key] = job.index } }
    }
    for job in open {
      guard let match = Self.keys(of: job, in: later).lazy.compactMap({ positions[$0] }).first else {
        added.append(job.index)
        continue
      }
      for key in Self.keys(of: job, in: later) { if let position = positions[key] { isKept[position] = true } }
      let parts = Dictionary(
        earlier.jobs[match].fingerprint.parts.map { ($0.name, $0.digest) }, uniquingKeysWith: { first, _ in first })
      changed.append(Change(earlier: match, later: job.index, parts: job.fingerprint.changedParts(since: parts)))
    }
    removed = earlier.jobs.indices.filter { !isKept[$0] }
  }

  /// Whether both plans have the same jobs.
  public var isEmpty: Bool { added.isEmpty && removed.isEmpty && changed.isEmpty }

  /// Labels of what the earlier job watched and the later one does not find as it was.
  ///
  /// What is there only now may be what the jobs themselves have written.
  private static func watchedChanges(from earlier: Plan, _ old: Int, to later: Plan, _ new: Int) -> [String] {
    let before = earlier.watchLists[earlier.jobs[old].watched]
    let after = later.watchLists[later.jobs[new].watched]
    guard before != after else { return [] }
    return Set(Set(before).subtracting(after).map(\.label)).sorted()
  }

  private static func keys(of job: Job, in plan: Plan) -> [String] {
    job.trials.map { "\(job.stage)\n\(plan.trials[$0].identity)" }
  }
}
