import AttemptModel
import JobGraph
import Scheduling

/// A clock that moves only when told.
struct ManualClock {
  private(set) var now = Duration.zero
  mutating func advance(to time: Duration) { now = max(now, time) }
}

/// Drives a core to the end without a process: attempts end in random order, and every broken promise is written down.
struct CoreSimulation {
  let jobs: [Job]
  let pools: [String: Int]
  private(set) var core: SchedulerCore
  private(set) var clock = ManualClock()
  private(set) var running: [Int] = []
  /// Running jobs that have handed on their tokens.
  private(set) var ended: Set<Int> = []
  private(set) var starts: [Int] = []
  private(set) var violations: [String] = []
  private(set) var skipped: Set<Int> = []
  /// How often an empty machine changed between the lanes.
  private(set) var laneChanges = 0
  private var lastLane: Lane?

  init(_ jobs: [Job], configuration: SchedulerCore.Configuration, satisfied: Set<Int> = []) throws {
    self.jobs = jobs
    pools = configuration.pools
    core = try SchedulerCore(jobs: jobs, configuration: configuration, satisfied: satisfied)
    take(core.begin(at: clock.now))
  }

  /// Ends one running attempt.
  mutating func finish(_ job: Int, _ verdict: AttemptVerdict) {
    running.removeAll { $0 == job }
    ended.remove(job)
    take(core.handle(.finished(job: job, verdict), at: clock.now))
  }

  /// Hands on the tokens of a running throughput job.
  mutating func end(_ job: Int) {
    ended.insert(job)
    take(core.handle(.ended(job: job), at: clock.now))
  }

  /// Lends out what a pool has more than `amount`.
  mutating func hold(_ amount: Int, of pool: String) { core.hold(amount, of: pool) }

  mutating func drain() { take(core.handle(.drain, at: clock.now)) }

  /// Ends attempts in random order until nothing runs and nothing can start.
  mutating func runToEnd(
    using generator: inout some RandomNumberGenerator, holding: () -> (pool: String, amount: Int)? = { nil },
    verdict: (Int) -> AttemptVerdict
  ) {
    var steps = 0
    while !core.hasFinished {
      steps += 1
      if steps > 100_000 { return violations.append("no end after \(steps) steps") }
      if let (pool, amount) = holding() { core.hold(amount, of: pool) }
      if let job = running.randomElement(using: &generator) {
        if jobs[job].lane == .throughput, !ended.contains(job), Bool.random(using: &generator) {
          end(job)
          continue
        }
        finish(job, verdict(job))
      } else if let wake = core.nextWake {
        clock.advance(to: wake)
        take(core.handle(.tick, at: clock.now))
      } else {
        return violations.append("nothing runs, nothing is due, but the run has not finished")
      }
    }
    if !running.isEmpty { violations.append("finished while \(running) run") }
  }

  private mutating func take(_ decisions: [SchedulerCore.Decision]) {
    for decision in decisions {
      switch decision {
      case .start(let job, _): start(job)
      case .skip(let job, _):
        if !skipped.insert(job).inserted { violations.append("job \(job) skipped twice") }
      case .delay, .fail: break
      }
    }
  }

  private mutating func start(_ job: Int) {
    for need in jobs[job].needs where core.states[need] != .succeeded && core.states[need] != .reused {
      violations.append("job \(job) started before its need \(need)")
    }
    if running.contains(job) { violations.append("job \(job) started while it runs") }
    if jobs[job].lane == .timed && !running.isEmpty { violations.append("timed job \(job) started beside \(running)") }
    for other in running where jobs[other].lane == .timed {
      violations.append("job \(job) started beside timed job \(other)")
    }
    if jobs[job].lane != lastLane { laneChanges += 1 }
    lastLane = jobs[job].lane
    running.append(job)
    starts.append(job)
    for (pool, size) in pools {
      let taken = running.reduce(0) { $0 + (ended.contains($1) ? 0 : jobs[$1].resources[pool] ?? 0) }
      if taken > size { violations.append("\(taken) of \(size) \(pool) taken by \(running)") }
    }
  }
}
