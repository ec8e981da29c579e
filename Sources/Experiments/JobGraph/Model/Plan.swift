public import Digest

/// The frozen result of expanding an experiment; everything a run, or its resumption, needs.
public struct Plan: Sendable {
  /// The experiment's name.
  public let experimentName: String
  /// The resolved experiment as canonical JSON, report section included.
  public let canonicalSpec: String
  /// All trials: the product of the axes in document order, the last one fastest; included trials last.
  public let trials: [Trial]
  /// All jobs, each after the ones it needs; stages in order of need, trials in plan order.
  public internal(set) var jobs: [Job]
  /// The worker programs by name.
  public let workers: [String: WorkerDefinition]
  /// The size of each resource pool.
  public let resources: [String: Int]
  /// The names of the tokens of those pools that have any.
  public let poolIndices: [String: PoolIndices]
  /// Environment variables that commands and workers take over besides the default ones; a `*` at the end stands for anything.
  public let inheritedEnvironment: [String]
  /// What jobs were known to depend on besides their fingerprints when the plan was made.
  ///
  /// It belongs to the moment and not to the plan: ``hash`` and ``canonicalJSON`` do not cover it, see ``watchedJSON``.
  public internal(set) var watchLists: WatchLists
  /// The whole plan as canonical JSON, from which ``init(parsing:)`` makes it again: about 400 bytes a job.
  public let canonicalJSON: String
  /// The SHA-256 of ``canonicalJSON``.
  public let hash: SHA256Digest

  /// Freezes a plan.
  ///
  /// - Parameters:
  ///   - experimentName: The experiment's name.
  ///   - canonicalSpec: The resolved experiment as canonical JSON.
  ///   - trials: All trials; the index of each is its position.
  ///   - jobs: All jobs; the index of each is its position, and its needs are smaller.
  ///   - workers: The worker programs by name.
  ///   - resources: The size of each resource pool.
  ///   - poolIndices: The names of the tokens of those pools that have any.
  ///   - inheritedEnvironment: Environment variables that commands and workers take over besides the default ones.
  ///   - watchLists: What jobs depend on besides their fingerprints.
  public init(
    experimentName: String, canonicalSpec: String, trials: [Trial], jobs: [Job],
    workers: [String: WorkerDefinition] = [:],
    resources: [String: Int] = [:], poolIndices: [String: PoolIndices] = [:], inheritedEnvironment: [String] = [],
    watchLists: WatchLists = WatchLists()
  ) {
    self.experimentName = experimentName
    self.canonicalSpec = canonicalSpec
    self.trials = trials
    self.jobs = jobs
    self.workers = workers
    self.resources = resources
    self.poolIndices = poolIndices
    self.inheritedEnvironment = inheritedEnvironment
    self.watchLists = watchLists
    canonicalJSON =
      PlanCoding(
        experimentName: experimentName, canonicalSpec: canonicalSpec, trials: trials, jobs: jobs, workers: workers,
        resources: resources, poolIndices: poolIndices, inheritedEnvironment: inheritedEnvironment
      ).text
    hash = SHA256Digest(of: canonicalJSON)
  }

  /// Takes over a stored plan; its text is hashed as it is, so that a changed one has another hash.
  init(
    experimentName: String, canonicalSpec: String, trials: [Trial], jobs: [Job], workers: [String: WorkerDefinition],
    resources: [String: Int], poolIndices: [String: PoolIndices], inheritedEnvironment: [String],
    storedText: String
  ) {
    self.experimentName = experimentName
    self.canonicalSpec = canonicalSpec
    self.trials = trials
    self.jobs = jobs
    self.workers = workers
    self.resources = resources
    self.poolIndices = poolIndices
    self.inheritedEnvironment = inheritedEnvironment
    watchLists = WatchLists()
    canonicalJSON = storedText
    hash = SHA256Digest(of: storedText)
  }
  /// A job for people: `#7 refine seed=43 steps=2`, or with the number of trials if it serves several.
  ///
  /// - Parameter index: Position of the job.
  /// - Returns: The label; of the axes only those that have one value in all trials of the job.
  public func label(ofJob index: Int) -> String {
    guard jobs.indices.contains(index) else { return "#\(index)" }
    let job = jobs[index]
    guard let first = job.trials.first.map({ trials[$0] }) else { return "#\(index) \(job.stage)" }
    // All trials of a plan have the same variables in the same order.
    let common = first.assignment.indices.filter { position in
      job.trials.allSatisfy { index in
        let other = trials[index].assignment
        return other.indices.contains(position) && other[position].value == first.assignment[position].value
      }
    }
    let label = Trial(index: 0, assignment: common.map { first.assignment[$0] }).label
    return "#\(index) \(job.stage)" + (label.isEmpty ? "" : " \(label)")
  }
}
