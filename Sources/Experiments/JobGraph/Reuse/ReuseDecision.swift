import AttemptModel
public import Digest
import InputTracing

/// Whether an earlier attempt stands for a job.
public enum ReuseDecision: Sendable, Hashable {
  /// This one does.
  case reuse(EarlierAttempt)
  /// One may, which shows when the jobs that it needs are done: they run, and may write what it reads.
  case undecided
  /// None does; the job runs.
  case run(PlanStatus)

  /// The attempt that stands for the job, if that is decided.
  public var attempt: EarlierAttempt? {
    if case .reuse(let attempt) = self { return attempt }
    return nil
  }
}

extension Plan {
  /// Decides for each job whether an earlier attempt stands for it.
  ///
  /// The fingerprint finds the candidates; the inputs that they were seen to depend on decide. A result that was made before inputs were
  /// observed, or without observation, counts for a task of a worker, whose author declares versions, and not for a command.
  ///
  /// - Parameters:
  ///   - history: What earlier runs have left behind, and which timings of it still count.
  ///   - isWanted: Tells, by position, of which jobs the reason to run is wanted.
  /// - Returns: A decision for each job, in plan order; `new` is the reason where it is not wanted.
  public func reuse(
    history: some PlanHistory, reasonsFor isWanted: (Int) -> Bool = { _ in true }
  ) -> [ReuseDecision] {
    var decisions: [ReuseDecision] = []
    decisions.reserveCapacity(jobs.count)
    for job in jobs {
      let isSettled = job.needs.allSatisfy { decisions[$0].attempt != nil }
      let found = candidate(
        for: job, history: history, needsAreSettled: isSettled,
        contents: { (producer, name) in decisions[producer].attempt?.contents[name] })
      switch found {
      case .accepted(let attempt): decisions.append(.reuse(attempt))
      case .waits: decisions.append(.undecided)
      case .refused(let status): decisions.append(.run(status))
      case .none:
        decisions.append(.run(isWanted(job.index) ? reasonWithoutCandidate(job, history) : .new))
      }
    }
    return decisions
  }

  /// Decides about a job whose needs are done, by what they have made now.
  ///
  /// - Parameters:
  ///   - job: A job of the plan.
  ///   - history: What earlier runs have left behind.
  ///   - contents: The content of an artifact of a needed job by the job's position and the artifact's name.
  /// - Returns: The attempt that stands for it; `nil` if it must run.
  public func reuse(
    of job: Job, history: some PlanHistory, contents: (Int, String) -> SHA256Digest?
  ) -> EarlierAttempt? {
    if case .accepted(let attempt) = candidate(for: job, history: history, needsAreSettled: true, contents: contents) {
      return attempt
    }
    return nil
  }

  private enum Candidate {
    case accepted(EarlierAttempt)
    case waits
    case refused(PlanStatus)
    case none
  }

  private func candidate(
    for job: Job, history: some PlanHistory, needsAreSettled: Bool, contents: (Int, String) -> SHA256Digest?
  ) -> Candidate {
    let attempts = history.attempts(for: job)
    let isObservedAtAll = attempts.contains { $0.inputSet != nil && !isBlind($0, job) }
    var refusal: PlanStatus?
    for attempt in attempts {
      guard attempt.seed == nil || attempt.seed == job.seed else {
        refusal = refusal ?? .otherSeed(attempt: attempt.id)
        continue
      }
      if isBlind(attempt, job) {
        if isObservedAtAll { continue }
        guard case .task = job.action else {
          refusal = refusal ?? .withoutObservation(attempt: attempt.id)
          continue
        }
      }
      guard let inputSet = attempt.inputSet else {
        if isObservedAtAll { continue }
        guard case .task = job.action else { return .refused(.unobserved) }
        if needsAreSettled || job.needs.allSatisfy({ jobs[$0].lane == .timed }) { return .accepted(attempt) }
        return .waits
      }
      let changes = history.changes(since: inputSet, watched: job.watched)
      guard changes.isEmpty else {
        refusal = refusal ?? .changedInputs(changes, attempt: attempt.id)
        continue
      }
      guard needsAreSettled else { return .waits }
      if attempt.consumed == consumed(by: job, contents) { return .accepted(attempt) }
      refusal = refusal ?? .otherArtifacts(attempt: attempt.id)
    }
    return refusal.map { .refused($0) } ?? .none
  }

  /// Whether nobody saw what an attempt read, though it would be seen now.
  func isBlind(_ attempt: EarlierAttempt, _ job: Job) -> Bool {
    job.isObserved && job.lane == .throughput && attempt.gap.map(ObservationGap.isAvoidable) ?? false
  }

  private func reasonWithoutCandidate(_ job: Job, _ history: some PlanHistory) -> PlanStatus {
    guard let trial = job.trials.first,
      let earlier = history.lastParts(stage: job.stage, assignment: trials[trial].assignment)
    else { return .new }
    let parts = job.fingerprint.changedParts(since: earlier)
    if !parts.isEmpty { return .changed(parts) }
    return job.lane == .timed ? .freshTiming : .new
  }

  /// The contents of the artifacts that a job is given, as one digest; `nil` if it is given none, or one is not there.
  ///
  /// - Parameters:
  ///   - job: A job of the plan.
  ///   - contents: The content of an artifact by the position of the job that made it and its name.
  /// - Returns: The digest, see `InputTrace`.
  public func consumed(by job: Job, _ contents: (Int, String) -> SHA256Digest?) -> SHA256Digest? {
    var artifacts: [String: [SHA256Digest]] = [:]
    for (name, input) in job.inputs {
      switch input {
      case .file: break
      case .artifact(let producer, let artifact): artifacts[name] = [contents(producer, artifact)].compactMap(\.self)
      case .artifacts(let producers, let artifact): artifacts[name] = producers.compactMap { contents($0, artifact) }
      }
    }
    return InputTrace.consumed(artifacts)
  }
}

extension Job {
  /// The artifacts that the job is given: the position of the job that makes each, and the artifact's name there.
  public var artifactInputs: [(producer: Int, name: String)] {
    inputs.sorted { $0.key < $1.key }.flatMap { _, input -> [(producer: Int, name: String)] in
      switch input {
      case .file: []
      case .artifact(let producer, let name): [(producer, name)]
      case .artifacts(let producers, let name): producers.map { ($0, name) }
      }
    }
  }
}
