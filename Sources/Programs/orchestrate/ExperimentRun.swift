import AttemptModel
import Digest
import Foundation
import JobGraph
import Printing
import ResultsStore
import RunSession
import Scheduling

/// One run of a frozen plan: registered before the first job starts, and booked to its end.
struct ExperimentRun {
  private let plan: Plan
  private let executor: any JobExecutor
  private let scene: InputScene
  private let store: ResultsStore
  private let run: Int64
  private let book: RunBook
  private let statuses: [PlanStatus]
  private let satisfied: [Int: [String: String]]
  /// Jobs without a result that were not asked for.
  private let leftOut: Set<Int>
  private let options: Scheduler.Options

  init(
    _ prepared: ExperimentPlanner.Prepared, _ selection: JobSelection?, store: ResultsStore, projectRoot: String,
    timings: StoreHistory.Timings, failurePolicy: FailurePolicy, jobserver: Jobserver? = nil
  ) throws {
    let plan = prepared.plan
    scene = prepared.scene
    let history = try StoreHistory(store, plan: plan, scene: scene, timings: timings)
    let isSelected = { selection?.isIncluded[$0] ?? true }
    let decisions = history.decisions(reasonsFor: isSelected)
    for damage in history.damages { Terminal.writeError("warning: \(damage); it is made anew\n") }
    self.plan = plan
    self.store = store
    let toRun = plan.jobs.lazy.filter { decisions[$0.index].attempt == nil }
    executor = WatchingExecutor(
      prepared.executor, plan: plan, tracing: scene.tracing(), observer: ProgramLocation.readObserver,
      products: Dictionary(uniqueKeysWithValues: toRun.map { ($0.index, history.products(of: $0)) }))
    statuses = plan.statuses(of: decisions)
    var satisfied: [Int: [String: String]] = [:]
    var states: [JobStateChange] = []
    var leftOut: Set<Int> = []
    // A timing that is not asked for anew may be an older one.
    let older = selection.map { _ in history.withOlderTimings() }
    let others = older?.decisions(reasonsFor: { _ in false }) ?? []
    for job in plan.jobs {
      let isSelected = selection?.isIncluded[job.index] ?? true
      if let attempt = decisions[job.index].attempt {
        satisfied[job.index] = history.paths(of: attempt, for: job)
        states.append(JobStateChange(job: job.index, state: .reused, attempt: attempt.id, reason: "same fingerprint"))
      } else if !isSelected, let older, let attempt = others[job.index].attempt {
        satisfied[job.index] = older.paths(of: attempt, for: job)
        states.append(JobStateChange(job: job.index, state: .reused, attempt: attempt.id, reason: "same fingerprint"))
      } else if !isSelected {
        // No selected job needs this one, so that it may count as done without any file.
        satisfied[job.index] = [:]
        leftOut.insert(job.index)
        states.append(JobStateChange(job: job.index, state: .skipped, reason: "not selected"))
      }
    }
    self.satisfied = satisfied
    self.leftOut = leftOut
    try Self.requireTools(of: prepared, for: plan.jobs.filter { satisfied[$0.index] == nil })
    let readiness = Readiness(plan: plan, satisfied: Set(satisfied.keys))
    for job in readiness.initiallyReady where satisfied[job] == nil {
      states.append(JobStateChange(job: job, state: .ready))
    }
    run = try store.beginRun(
      plan: Self.register(plan, in: store), code: .current(projectRoot: projectRoot),
      toolVersion: Orchestrate.toolVersion, watched: plan.watchedJSON, states: states)
    book = RunBook(
      store: store, run: run, versions: prepared.versions, readiness: readiness,
      reuse: RunReuse(plan: plan, decisions: decisions, history: history))
    let expected = try store.estimatedDurations(experiment: plan.experimentName)
    options = Scheduler.Options(
      projectRoot: projectRoot, failurePolicy: failurePolicy,
      expectedSeconds: expected.isEmpty ? nil : plan.jobs.map { expected[$0.stage] ?? 1 }, jobserver: jobserver,
      admission: TimedAdmission())
  }

  /// Makes sure that what runs the jobs is there, so that its absence is one error and not one for every job.
  private static func requireTools(of prepared: ExperimentPlanner.Prepared, for jobs: [Job]) throws {
    guard !jobs.isEmpty else { return }
    try ProgramLocation.requireCompanions(of: jobs)
    try prepared.supervisor.begin()
  }

  /// Runs to the end or the interruption.
  ///
  /// - Returns: The exit status.
  func execute(_ interruption: Interruption) async throws -> Int32 {
    if access(ProgramLocation.readObserver, R_OK) != 0, plan.jobs.contains(where: \.isObserved) {
      Terminal.writeError(
        "warning: what jobs read is not observed: \(ProgramLocation.readObserver) is missing; build or install it beside orchestrate\n"
      )
    }
    let clock = ContinuousClock()
    let start = clock.now
    let display = ProgressDisplay(plan: plan, satisfied: Set(satisfied.keys), expectedSeconds: options.expectedSeconds)
    if !leftOut.isEmpty {
      Terminal.writeError("\(leftOut.count) of \(plan.jobs.count) jobs have no result and are not selected\n")
    }
    let shown = plan.jobs.indices.filter { !leftOut.contains($0) }
    display.announce(run: run, statuses: shown.map { satisfied[$0] == nil ? statuses[$0] : .reused })
    let scheduler = try Scheduler(
      plan: plan, executor: executor, recording: book, observer: display, options: options, satisfied: satisfied)
    interruption.onRaise { level in Task { await scheduler.interrupt(level) } }
    let result = await scheduler.run()
    display.finish()
    scene.keepDigests()
    let skipped = result.states.enumerated().filter { $0.element == .skipped }.map {
      JobStateChange(job: $0.offset, state: .skipped, reason: "a job it needs has no result")
    }
    let end = Self.end(of: result)
    do throws(StoreError) {
      try store.record(skipped, run: run)
      try store.endRun(run, state: end.state)
    } catch {
      // Said already; the next run finds this one unfinished and settles it.
      if result.failure == nil { throw error }
    }
    Terminal.writeError(summary(of: result, end.state, elapsed: clock.now - start))
    return end.status
  }

  private static func end(of result: ScheduleResult) -> (state: RunEnd, status: Int32) {
    if result.interruption != nil { return (.interrupted, 130) }
    if result.failure != nil { return (.interrupted, 1) }
    let isWhole = result.states.allSatisfy { $0 == .succeeded || $0 == .reused }
    return isWhole ? (.finished, 0) : (.failed, 1)
  }

  private func summary(of result: ScheduleResult, _ state: RunEnd, elapsed: Duration) -> String {
    let counts: [(Int, String)] = [
      (result.count(of: .succeeded), "done"), (result.count(of: .reused) - leftOut.count, "reused"),
      (result.count(of: .failed), "failed"), (result.count(of: .skipped), "skipped"),
      (result.count(of: .cancelled), "cancelled"),
      (result.count(of: .waiting) + result.count(of: .ready), "not started"), (leftOut.count, "not selected"),
    ]
    let text = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    var line = "run \(run) of \(plan.experimentName) \(state.rawValue) after \(DurationText.text(elapsed)): \(text)\n"
    if state == .interrupted {
      line +=
        "run the same command again to go on, or 'orchestrate run --plan \(plan.hash.hex.prefix(12))' if the spec has changed\n"
    }
    return line
  }

  /// Stores the plan unless it is there: making the record of a large plan takes longer than finding it.
  private static func register(_ plan: Plan, in store: ResultsStore) throws -> Int64 {
    try store.plan(hash: plan.hash) ?? store.register(record(of: plan))
  }

  private static func record(of plan: Plan) -> PlanRecord {
    PlanRecord(
      experiment: plan.experimentName, canonicalSpec: plan.canonicalSpec, hash: plan.hash,
      canonicalPlan: plan.canonicalJSON, trials: plan.trials.map { TrialRecord(assignment: $0.assignment) },
      jobs: plan.jobs.map {
        JobRecord(
          stage: $0.stage, fingerprint: $0.fingerprint.digest, parts: $0.fingerprint.parts, isTimed: $0.lane == .timed,
          parameters: $0.parameters, trials: $0.trials, needs: $0.needs)
      })
  }
}
