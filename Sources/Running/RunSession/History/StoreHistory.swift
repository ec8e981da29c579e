import AttemptModel
package import Digest
package import InputTracing
package import JSON
package import JobGraph
package import ResultsStore

/// What the database knows of earlier runs, as a plan asks for it, compared with what is on the disk now.
///
/// A timing counts as a result only while the run it belongs to is unfinished: a run that is started again after an interruption goes
/// on where it stopped, a run that is started again after its end measures anew. Not shared between threads.
package final class StoreHistory: PlanHistory {
  /// How far timings of earlier runs are used.
  package enum Timings {
    /// Those of unfinished runs of the same plan.
    case unfinished
    /// All that were made on this machine.
    case sameMachine
    /// None.
    case none
  }

  private struct Question: Hashable {
    var inputSet: Int64
    var watched: Int32
  }

  private struct Answer {
    /// Labels of what is no longer as it was.
    var changes: [String] = []
    /// What is watched now and was not then; what the job wrote itself is no input.
    var missing: [WatchedInput]
  }

  /// Artifacts that are not what they were when they were stored.
  package private(set) var damages: [DamagedArtifact] = []
  private let plan: Plan
  private let scene: InputScene
  private let store: ResultsStore?
  /// All attempts with a result of a job, timings of this machine among them.
  private let found: [SHA256Digest: [ReusableAttempt]]
  /// Those of them that may make running a job unnecessary.
  private let candidates: [SHA256Digest: [ReusableAttempt]]
  private let inputSets: [Int64: InputSet]
  private let current: CurrentInputs
  private var answers: [Question: Answer] = [:]
  private var holdsFiles: [Int64: Bool] = [:]

  package init(_ store: ResultsStore?, plan: Plan, scene: InputScene, timings: Timings) throws {
    self.store = store
    self.plan = plan
    self.scene = scene
    current = scene.current()
    guard let store else {
      (found, candidates, inputSets) = ([:], [:], [:])
      return
    }
    found = try store.reuseCandidates(for: plan.jobs.map { ($0.fingerprint.digest, isTimed: $0.lane == .timed) })
    let timed = Set(plan.jobs.filter { $0.lane == .timed }.map(\.fingerprint.digest))
    let goesOn = timings == .unfinished && !timed.isEmpty
    let unfinished = goesOn ? try store.attemptsOfUnfinishedRuns(ofPlan: plan.hash) : []
    var counting: [SHA256Digest: [ReusableAttempt]] = [:]
    for (digest, attempts) in found {
      guard timed.contains(digest), timings != .sameMachine else {
        counting[digest] = attempts
        continue
      }
      counting[digest] = timings == .none ? [] : attempts.filter { unfinished.contains($0.id) }
    }
    candidates = counting
    inputSets = try store.inputSets(Set(found.values.joined().compactMap(\.inputSet)))
  }

  private init(_ other: StoreHistory, candidates: [SHA256Digest: [ReusableAttempt]]) {
    self.candidates = candidates
    found = other.found
    plan = other.plan
    scene = other.scene
    store = other.store
    inputSets = other.inputSets
    holdsFiles = other.holdsFiles
    current = other.scene.current()
  }

  /// The same, compared with what is on the disk at the time of this call.
  func renewed() -> StoreHistory { StoreHistory(self, candidates: candidates) }

  /// The same with all timings of this machine, for jobs that are not asked for anew.
  package func withOlderTimings() -> StoreHistory { StoreHistory(self, candidates: found) }

  package func attempts(for job: Job) -> [EarlierAttempt] {
    (candidates[job.fingerprint.digest] ?? []).filter(hasFiles).map { attempt in
      EarlierAttempt(
        id: attempt.id, inputSet: attempt.inputSet, gap: attempt.gap, seed: attempt.seed, consumed: attempt.consumed,
        contents: Dictionary(
          attempt.artifacts.compactMap { artifact in SHA256Digest(hex: artifact.digest).map { (artifact.name, $0) } },
          uniquingKeysWith: { first, _ in first }))
    }
  }

  package func changes(since inputSet: Int64, watched: Int32) -> [String] {
    let question = Question(inputSet: inputSet, watched: watched)
    let list = WatchedNow(plan.watchLists[watched])
    var answer = answers[question] ?? Answer(missing: list.files)
    // From the first base on, of which attempts that follow each other have most in common.
    for (id, set) in steps(of: inputSet, until: { answers[Question(inputSet: $0, watched: watched)] != nil }) {
      let question = Question(inputSet: id, watched: watched)
      answer = answers[question] ?? compare(set, after: answer, list)
      answers[question] = answer
    }
    return answer.changes + answer.missing.map(\.label)
  }

  package func lastParts(stage: String, assignment: [(name: String, value: JSONValue)]) -> [String: SHA256Digest]? {
    try? store?.lastFingerprintParts(experiment: plan.experimentName, stage: stage, assignment: assignment)
  }

  /// Decides for each job whether an earlier attempt stands for it.
  ///
  /// A stored file that a job would read is looked at by digest; the attempt that made it does not count if it is damaged.
  ///
  /// - Parameter isWanted: Tells of which jobs the reason to run is wanted.
  /// - Returns: A decision for each job, in plan order.
  package func decisions(reasonsFor isWanted: (Int) -> Bool = { _ in true }) -> [ReuseDecision] {
    while true {
      let decisions = plan.reuse(history: self, reasonsFor: isWanted)
      let damaged = damagedAttempts(decisions)
      if damaged.isEmpty { return decisions }
      for attempt in damaged { holdsFiles[attempt] = false }
    }
  }

  /// Whether the files of an attempt are what they were when they were stored.
  func isIntact(_ attempt: EarlierAttempt, for job: Job) -> Bool {
    guard let store, let stored = stored(attempt, for: job) else { return false }
    return stored.artifacts.allSatisfy { store.isIntact($0, digests: scene.project.digests) }
  }

  /// Paths of the stored files of an attempt by name.
  package func paths(of attempt: EarlierAttempt, for job: Job) -> [String: String] {
    stored(attempt, for: job)?.paths ?? [:]
  }

  /// What the result of a job depends on: what is known of it now and, from the latest attempt, what it was seen to read.
  package func inputs(of job: Job) -> (known: [WatchedInput], observed: [WatchedInput], gap: String?) {
    let known = plan.watchLists[job.watched]
    let latest = candidates[job.fingerprint.digest]?.first
    let names = Set(known.map { [$0.kind.rawValue, $0.name] })
    let observed = latest?.inputSet.map { id in steps(of: id).flatMap { $0.set.entries ?? [] } } ?? []
    return (known, observed.filter { !names.contains([$0.kind.rawValue, $0.name]) }, latest?.gap)
  }

  /// Names of the files and folders of the project that the latest attempt of a job wrote itself, timings of this machine among them.
  package func products(of job: Job) -> Set<String> {
    guard let inputSet = found[job.fingerprint.digest]?.first?.inputSet else { return [] }
    let entries = steps(of: inputSet).flatMap { $0.set.entries ?? [] }
    return Set(entries.lazy.filter { $0.kind == .written }.map(\.name))
  }

  /// Returns what an attempt depended on that has changed by now, of everything or of what has certain names.
  ///
  /// - Parameters:
  ///   - attempt: An attempt that stands for the job.
  ///   - job: The job.
  ///   - names: Names of files and folders of the project, or of files in these; everything counts without them.
  /// - Returns: Labels of what has changed.
  func changes(since attempt: EarlierAttempt, for job: Job, among names: Set<String>?) -> [String] {
    guard let inputSet = attempt.inputSet else { return [] }
    let list = WatchedNow(plan.watchLists[job.watched])
    let entries = steps(of: inputSet).flatMap { $0.set.entries ?? [] }
    return entries.filter { entry in
      guard [.file, .folder, .program, .link].contains(entry.kind), !list.isExcluded(entry) else { return false }
      guard let names else { return true }
      return names.contains(entry.label) || names.contains(entry.name)
        || (entry.kind == .folder && names.contains { $0.hasPrefix(entry.name + "/") })
    }.compactMap(current.change(since:))
  }

  private func stored(_ attempt: EarlierAttempt, for job: Job) -> ReusableAttempt? {
    candidates[job.fingerprint.digest]?.first { $0.id == attempt.id }
  }

  private func hasFiles(_ attempt: ReusableAttempt) -> Bool {
    if attempt.artifacts.isEmpty { return holdsFiles[attempt.id] ?? true }
    if let known = holdsFiles[attempt.id] { return known }
    let isThere = store?.holdsFiles(of: attempt) ?? false
    holdsFiles[attempt.id] = isThere
    return isThere
  }

  /// A list and its bases, the first base first, or the first of which something holds.
  private func steps(of inputSet: Int64, until isFirst: (Int64) -> Bool = { _ in false }) -> [(
    id: Int64, set: InputSet
  )] {
    var steps: [(id: Int64, set: InputSet)] = []
    var seen: Set<Int64> = []
    var next: Int64? = inputSet
    while let id = next, seen.insert(id).inserted {
      let set = inputSets[id] ?? InputSet(base: nil, entries: nil)
      steps.append((id, set))
      next = isFirst(id) ? nil : set.base
    }
    return steps.reversed()
  }

  private func compare(_ set: InputSet, after base: Answer, _ list: WatchedNow) -> Answer {
    var answer = base
    guard let entries = set.entries else {
      answer.changes.append("what it read, which cannot be read any more")
      return answer
    }
    for entry in entries where entry.kind != .input && !list.isExcluded(entry) {
      guard let label = list.change(since: entry) ?? current.change(since: entry) else { continue }
      if !answer.changes.contains(label) { answer.changes.append(label) }
    }
    if !answer.missing.isEmpty {
      let wanted = Set(answer.missing.map(\.name))
      let names = Set(entries.lazy.filter { $0.kind != .link }.map(\.name).filter(wanted.contains))
      answer.missing.removeAll { names.contains($0.name) }
    }
    return answer
  }

  private func damagedAttempts(_ decisions: [ReuseDecision]) -> Set<Int64> {
    guard let store else { return [] }
    var damaged: Set<Int64> = []
    var seen: Set<String> = []
    for job in plan.jobs where decisions[job.index].attempt == nil {
      for (producer, name) in job.artifactInputs {
        guard let attempt = decisions[producer].attempt,
          let artifact = stored(attempt, for: plan.jobs[producer])?.artifacts.first(where: { $0.name == name }),
          seen.insert(artifact.path).inserted, !store.isIntact(artifact, digests: scene.project.digests)
        else { continue }
        damaged.insert(attempt.id)
        damages.append(DamagedArtifact(name: name, attempt: attempt.id, path: artifact.path))
      }
    }
    return damaged
  }
}
