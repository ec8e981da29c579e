import AttemptModel
import Foundation
import Glibc
import JobGraph
import Printing
import RunSession
import Scheduling
import Synchronization
import WorkerProtocol

/// Shows how far a run has come: one line that is drawn anew on a terminal, a line for each finished job elsewhere.
final class ProgressDisplay: Sendable {
  private struct State {
    var finished: Set<Int>
    /// What the unfinished jobs take by the durations of earlier runs, as if every job had its share of the processors.
    var unfinishedSeconds = 0.0
    var failures = 0
    /// Timed attempts that tell how busy the machine was, and those around which it was too busy.
    var timedAttempts = 0
    var busyAttempts: [TimingConditions] = []
    var running: [Int: RunningJob] = [:]
    var metrics: MetricWatch
    var lastDrawn = ContinuousClock.now - .seconds(60)
  }

  private struct RunningJob {
    var label: String
    var start = ContinuousClock.now
    var progress: TaskProgress?
    var lastPrinted = ContinuousClock.now
  }

  /// Characters of a printed line, and of a job's own words about its progress.
  private static let lineLimit = 600
  private static let messageLimit = 200

  private let plan: Plan
  private let expected: [Double]?
  private let isTerminal = Terminal.showsStatus
  private let state: Mutex<State>

  init(_ beginning: RunBeginning) {
    plan = beginning.plan
    expected = beginning.expectedSeconds
    state = Mutex(
      State(
        finished: beginning.satisfied, metrics: MetricWatch(canonicalSpec: beginning.plan.canonicalSpec)))
    state.withLock { state in
      for job in plan.jobs where !beginning.satisfied.contains(job.index) {
        state.unfinishedSeconds += expectedShare(of: job)
      }
    }
  }

  /// Shows a step.
  func show(_ event: ScheduleEvent) {
    switch event {
    case .started(let job, _, let label): started(job, label: label)
    case .progressed(let job, let progress): progressed(job, progress)
    case .finished(let job, _, let outcome, let retryDelay): finished(job, outcome, retryDelay: retryDelay)
    case .reused(let job): reused(job)
    case .skipped(let job, let cause): skipped(job, because: cause)
    case .interrupted(let level): interrupted(level)
    case .stopped(let failure):
      print("error: \(failure)\nnothing new starts; running jobs \(failure.endsRunningJobs ? "are ended" : "may end")")
    }
  }

  /// Ends the line on a terminal and says how many timed attempts found no quiet machine.
  func finish() {
    state.withLock { state in
      Terminal.show(status: nil)
      guard state.busyAttempts.count > 1, let worst = state.busyAttempts.max(by: { $0.load ?? 0 < $1.load ?? 0 }) else {
        return
      }
      Terminal.writeError(
        "warning: \(state.busyAttempts.count) of \(state.timedAttempts) timed attempts on a busy machine; around the "
          + "worst, \(worst.loads)\n")
    }
  }

  private func started(_ job: Job, label: String) {
    state.withLock { state in
      state.running[job.index] = RunningJob(label: label)
      draw(&state)
    }
  }

  private func progressed(_ job: Job, _ progress: TaskProgress) {
    state.withLock { state in
      state.running[job.index]?.progress = progress
      if isTerminal {
        draw(&state)
      } else if let running = state.running[job.index], ContinuousClock.now - running.lastPrinted > .seconds(30) {
        state.running[job.index]?.lastPrinted = .now
        print("\(counter(state)) \(text(of: running))\(remaining(state))")
      }
    }
  }

  private func finished(_ job: Job, _ outcome: AttemptOutcome, retryDelay: Duration?) {
    state.withLock { state in
      let running = state.running.removeValue(forKey: job.index)
      let label = running?.label ?? plan.label(ofJob: job.index)
      if outcome.exitKind == .succeeded || retryDelay == nil { finish(job, &state) }
      if outcome.exitKind == .succeeded {
        if !isTerminal {
          let time = DurationText.text(seconds: outcome.period.seconds)
          print("\(counter(state)) \(label): \(time)\(remaining(state))")
        }
        for warning in news(of: outcome, &state) { print("warning: \(label): \(warning)") }
        let measured = outcome.measurements
        let names = measured.metrics.map(\.name) + measured.samples.lazy.filter { !$0.isWarmup }.map(\.metric)
        for mistake in state.metrics.mistakes(of: job.stage, reporting: names) { print("warning: \(mistake)") }
      } else {
        if retryDelay == nil { state.failures += 1 }
        let next = retryDelay.map { "; next attempt in \(DurationText.text($0))" } ?? ""
        print("\(outcome.exitKind.rawValue): \(outcome.message ?? label)\(next)")
      }
      draw(&state)
    }
  }

  private func reused(_ job: Job) {
    state.withLock { state in
      finish(job, &state)
      if !isTerminal {
        Terminal.writeError("\(counter(state)) \(plan.label(ofJob: job.index)): reused, what it needs is as before\n")
      }
      draw(&state)
    }
  }

  private func skipped(_ job: Job, because: Job) {
    state.withLock { state in
      finish(job, &state)
      let (label, cause) = (plan.label(ofJob: job.index), plan.label(ofJob: because.index))
      print("skipped: \(label), because \(cause) has no result")
    }
  }

  private func interrupted(_ level: Interruption.Level) {
    let text =
      switch level {
      case .drain: "interrupted: running jobs may end, nothing new starts; interrupt again to stop them"
      case .terminate: "interrupted: running jobs are told to stop; interrupt once more to kill them"
      case .kill: "killing all jobs"
      }
    print(text)
  }

  /// The warnings to print now: of all attempts on a busy machine only the first is told at once.
  private func news(of outcome: AttemptOutcome, _ state: inout State) -> [String] {
    guard let conditions = outcome.conditions, let isQuiet = conditions.isQuiet else { return outcome.warnings }
    state.timedAttempts += 1
    guard !isQuiet else { return outcome.warnings }
    state.busyAttempts.append(conditions)
    return state.busyAttempts.count == 1 ? outcome.warnings : outcome.warnings.filter { $0 != conditions.warning }
  }

  private func finish(_ job: Job, _ state: inout State) {
    if state.finished.insert(job.index).inserted { state.unfinishedSeconds -= expectedShare(of: job) }
  }

  /// Prints lines that stay, each cut where nobody reads on.
  private func print(_ text: String) {
    Terminal.writeError(text.abbreviatedLines(to: Self.lineLimit) + "\n")
  }

  private func draw(_ state: inout State) {
    guard isTerminal, ContinuousClock.now - state.lastDrawn > .milliseconds(100) else { return }
    state.lastDrawn = .now
    let jobs = state.running.sorted { $0.key < $1.key }.map { text(of: $0.value) }
    let shown = jobs.prefix(2).joined(separator: " | ") + (jobs.count > 2 ? " | +\(jobs.count - 2)" : "")
    let line = "\(counter(state)) \(shown)\(remaining(state))"
    Terminal.show(status: line.printableLine.cut(toColumns: Self.terminalWidth - 1))
  }

  private func counter(_ state: State) -> String {
    let total = String(plan.jobs.count)
    let done = String(state.finished.count)
    let failures = state.failures > 0 ? ", \(state.failures) failed" : ""
    return "[\(String(repeating: " ", count: total.count - done.count))\(done)/\(total)\(failures)]"
  }

  private func text(of job: RunningJob) -> String {
    guard let progress = job.progress else { return job.label }
    var parts = [job.label]
    if let total = progress.total, total > 0 { parts.append(Self.percent(progress.done, of: total)) }
    if let message = progress.message { parts.append(message.printableLine.abbreviated(to: Self.messageLimit)) }
    if let seconds = progress.remainingSeconds { parts.append("\(DurationText.text(seconds: seconds)) left in it") }
    return parts.joined(separator: ", ")
  }

  /// A share in whole percent, whatever a worker counts.
  private static func percent(_ done: Int, of total: Int) -> String {
    "\(Int(100 * min(1, max(0, Double(done) / Double(total))))) %"
  }

  private func remaining(_ state: State) -> String {
    guard let expected else { return "" }
    var seconds = state.unfinishedSeconds
    for (index, running) in state.running {
      let elapsed = (ContinuousClock.now - running.start) / .seconds(1)
      let own = running.progress?.remainingSeconds ?? max(0, expected[index] - elapsed)
      seconds += (own - expected[index]) * share(of: plan.jobs[index])
    }
    return seconds >= 1 ? ", about \(DurationText.text(seconds: seconds)) left" : ""
  }

  private func expectedShare(of job: Job) -> Double { (expected?[job.index] ?? 0) * share(of: job) }

  /// The part of the machine that a job occupies.
  private func share(of job: Job) -> Double {
    let cores = Double(max(1, plan.resources["cpu"] ?? 1))
    return job.lane == .timed ? 1 : min(1, Double(job.resources["cpu"] ?? 1) / cores)
  }

  private static var terminalWidth: Int {
    var size = winsize()
    let status = ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size)
    return status == 0 && size.ws_col > 10 ? Int(size.ws_col) : 100
  }
}
