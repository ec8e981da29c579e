import AttemptModel
import JobGraph
import Scheduling
import Testing
import TestSupport

@Suite struct SchedulerCoreTests {
  private func randomJobs(_ generator: inout SeededGenerator) -> [Job] {
    let count = Int.random(in: 1...60, using: &generator)
    return (0..<count).map { index in
      let needs = Set(
        (0..<Int.random(in: 0...3, using: &generator)).compactMap { _ in
          index == 0 ? nil : Int.random(in: 0..<index, using: &generator)
        })
      var resources = ["cpu": Int.random(in: 0...3, using: &generator)]
      if Bool.random(using: &generator) { resources["gpu"] = 1 }
      return job(
        index, needs: needs.sorted(), lane: Int.random(in: 0..<4, using: &generator) == 0 ? .timed : .throughput,
        resources: resources, priority: Int.random(in: -1...1, using: &generator),
        retries: Int.random(in: 0...2, using: &generator))
    }
  }

  @Test(arguments: 0..<200)
  func `random graphs keep every promise`(seed: UInt64) throws {
    var generator = SeededGenerator(seed)
    let jobs = randomJobs(&generator)
    let failureRate = [0, 0, 10, 40][Int(seed % 4)]
    let satisfied = Set(jobs.indices.filter { _ in Int.random(in: 0..<10, using: &generator) == 0 })
    var simulation = try CoreSimulation(
      jobs, configuration: .init(pools: ["cpu": 3, "gpu": 1]), satisfied: satisfied)
    var verdicts = SeededGenerator(seed &+ 1)
    simulation.runToEnd(using: &generator) { _ in
      guard Int.random(in: 0..<100, using: &verdicts) < failureRate else { return .succeeded }
      return [.failed, .invalid, .infrastructureFailed].randomElement(using: &verdicts) ?? .failed
    }
    #expect(simulation.violations == [])
    for job in jobs {
      let starts = simulation.starts.count { $0 == job.index }
      let needStates = Set(job.needs.map { simulation.core.states[$0] })
      switch simulation.core.states[job.index] {
      case .reused: #expect(satisfied.contains(job.index) && starts == 0)
      case .succeeded, .failed: #expect(starts >= 1 && starts <= job.retries + 5)
      case .skipped:
        #expect(starts == 0 && simulation.skipped.contains(job.index))
        #expect(!needStates.isDisjoint(with: [.failed, .skipped]))
      default: Issue.record("job \(job.index) ended \(simulation.core.states[job.index])")
      }
      if failureRate == 0 { #expect(starts == (satisfied.contains(job.index) ? 0 : 1)) }
    }
  }

  @Test func `ready jobs start by priority, then critical path, then document order`() throws {
    // 0 and 1 are equal; 2 has a longer way to the end because 4 needs it; 3 has the highest priority.
    let jobs = [job(0), job(1), job(2), job(3, priority: 5), job(4, needs: [2])]
    var simulation = try CoreSimulation(jobs, configuration: .init(pools: ["cpu": 1]))
    while let running = simulation.running.first { simulation.finish(running, .succeeded) }
    #expect(simulation.starts == [3, 2, 0, 1, 4])
  }

  @Test func `timed jobs batch behind throughput work`() throws {
    // Four chains of throughput → timed: one change of lanes is enough.
    var jobs: [Job] = []
    for chain in 0..<4 {
      jobs.append(job(2 * chain))
      jobs.append(job(2 * chain + 1, needs: [2 * chain], lane: .timed))
    }
    var simulation = try CoreSimulation(jobs, configuration: .init(pools: ["cpu": 2]))
    var generator = SeededGenerator(1)
    simulation.runToEnd(using: &generator) { _ in .succeeded }
    #expect(simulation.violations == [])
    #expect(simulation.laneChanges == 2)
  }

  @Test func `a timed job of higher priority drains the machine`() throws {
    let jobs = [job(0), job(1), job(2), job(3, lane: .timed, priority: 1)]
    var simulation = try CoreSimulation(jobs, configuration: .init(pools: ["cpu": 1]))
    #expect(simulation.starts == [3])
    simulation.finish(3, .succeeded)
    #expect(simulation.running == [0])
  }

  @Test func `a large job is not overtaken for ever`() throws {
    // One small job always runs, so the large one never fits by chance.
    let jobs =
      [job(0, resources: ["cpu": 1])] + [job(1, resources: ["cpu": 2], priority: 1)]
      + (2..<200).map { job($0, resources: ["cpu": 1]) }
    var simulation = try CoreSimulation(jobs, configuration: .init(pools: ["cpu": 2]), satisfied: [])
    #expect(simulation.running == [1])
    simulation.finish(1, .failed)
    #expect(simulation.core.states[1] == .failed)
    let late =
      [job(0), job(1)] + (2..<200).map { job($0) } + [job(200, needs: [0], resources: ["cpu": 2], priority: 1)]
    var second = try CoreSimulation(late, configuration: .init(pools: ["cpu": 2]))
    second.finish(0, .succeeded)
    while !second.starts.contains(200), let first = second.running.first { second.finish(first, .succeeded) }
    #expect(second.starts.count < 50)
    #expect(second.violations == [])
  }

  @Test func `dependents of a failure are skipped and the rest goes on`() throws {
    let jobs = [job(0), job(1, needs: [0]), job(2, needs: [1]), job(3)]
    var simulation = try CoreSimulation(jobs, configuration: .init(pools: ["cpu": 1]))
    simulation.finish(0, .failed)
    #expect(simulation.core.states == [.failed, .skipped, .skipped, .running])
    simulation.finish(3, .succeeded)
    #expect(simulation.core.hasFinished)
  }

  @Test(arguments: [(FailurePolicy.failFast, 1), (.maximumFailures(2), 2), (.keepGoing, 6)])
  func `a failure policy bounds the failures`(policy: FailurePolicy, failures: Int) throws {
    var simulation = try CoreSimulation(
      (0..<6).map { job($0) }, configuration: .init(pools: ["cpu": 1], failurePolicy: policy))
    while let running = simulation.running.first { simulation.finish(running, .failed) }
    #expect(simulation.core.states.count { $0 == .failed } == failures)
    #expect(simulation.core.hasFinished)
  }

  @Test func `retries wait twice as long each time`() throws {
    var simulation = try CoreSimulation([job(0, retries: 2)], configuration: .init(pools: ["cpu": 1]))
    simulation.finish(0, .failed)
    #expect(simulation.core.nextWake == .seconds(1))
    var generator = SeededGenerator(0)
    simulation.runToEnd(using: &generator) { _ in .failed }
    #expect(simulation.starts == [0, 0, 0])
    #expect(simulation.clock.now == .seconds(3))
  }

  @Test func `a job's own backoff counts, up to its longest pause`() throws {
    let backoff = RetryBackoff(firstSeconds: 10, factor: 3, longestSeconds: 40)
    var simulation = try CoreSimulation(
      [job(0, retries: 3, limits: .init(backoff: backoff))], configuration: .init(pools: ["cpu": 1]))
    var generator = SeededGenerator(0)
    simulation.runToEnd(using: &generator) { _ in .failed }
    #expect(simulation.starts.count == 4)
    #expect(simulation.clock.now == .seconds(10 + 30 + 40))
  }

  @Test(arguments: 0..<50)
  func `whatever is lent, the run goes on and keeps its promises`(seed: UInt64) throws {
    var generator = SeededGenerator(seed)
    let jobs = randomJobs(&generator)
    var simulation = try CoreSimulation(jobs, configuration: .init(pools: ["cpu": 3, "gpu": 1]))
    var lending = SeededGenerator(seed &+ 2)
    simulation.runToEnd(using: &generator, holding: { ("cpu", Int.random(in: 0...3, using: &lending)) }) { _ in
      .succeeded
    }
    #expect(simulation.violations == [])
    #expect(simulation.core.states.allSatisfy { $0 == .succeeded })
  }

  @Test func `tokens are handed on before the record is there, but dependents and timed jobs wait for it`() throws {
    let jobs = [job(0), job(1, needs: [0]), job(2, priority: -1), job(3, lane: .timed, priority: -2)]
    var simulation = try CoreSimulation(jobs, configuration: .init(pools: ["cpu": 1]))
    #expect(simulation.running == [0])
    simulation.end(0)
    #expect(simulation.running == [0, 2])
    simulation.end(2)
    simulation.finish(2, .succeeded)
    #expect(simulation.running == [0])
    simulation.finish(0, .succeeded)
    #expect(simulation.running == [1])
    simulation.finish(1, .succeeded)
    #expect(simulation.running == [3])
    #expect(simulation.violations == [])
  }

  @Test func `a job waits for what is lent, unless nothing runs`() throws {
    var simulation = try CoreSimulation(
      [job(0), job(1, needs: [0], resources: ["cpu": 2]), job(2)], configuration: .init(pools: ["cpu": 3]))
    #expect(simulation.running == [0, 2])
    simulation.hold(2, of: "cpu")
    simulation.finish(0, .succeeded)
    #expect(simulation.running == [2])
    #expect(simulation.core.waitsForLentTokens)
    simulation.finish(2, .succeeded)
    #expect(simulation.running == [1])
    #expect(simulation.core.used(of: "cpu") == 2)
  }

  @Test func `wrong inputs are not tried again`() throws {
    var simulation = try CoreSimulation([job(0, retries: 5)], configuration: .init(pools: ["cpu": 1]))
    simulation.finish(0, .invalid)
    #expect(simulation.core.states == [.failed])
  }

  @Test func `draining starts nothing more and gives up delayed jobs`() throws {
    let jobs = [job(0, retries: 1), job(1), job(2), job(3, needs: [0])]
    var simulation = try CoreSimulation(jobs, configuration: .init(pools: ["cpu": 2]))
    simulation.finish(0, .failed)
    simulation.drain()
    #expect(!simulation.core.hasFinished)
    for running in simulation.running { simulation.finish(running, .succeeded) }
    #expect(simulation.core.hasFinished)
    #expect(simulation.core.states[0] == .failed && simulation.core.states[3] == .skipped)
  }

  @Test func `a demand beyond the pool names stage, amount and cure`() {
    let error = #expect(throws: SchedulingError.self) {
      try SchedulerCore(jobs: [job(0, stage: "train", resources: ["gpu": 2])], configuration: .init(pools: ["gpu": 1]))
    }
    #expect(
      error?.message == "stage 'train' asks for 2 of 'gpu', but the pool holds 1; "
        + "change the stage's 'resources' or the experiment's")
  }

  @Test func `a need that does not come earlier is refused`() {
    let error = #expect(throws: SchedulingError.self) {
      try SchedulerCore(jobs: [job(0, needs: [1]), job(1, needs: [0])], configuration: .init(pools: ["cpu": 1]))
    }
    #expect(error?.code == .malformedPlan)
  }

  @Test func `what an end releases is told once, with the last need`() throws {
    let jobs = [job(0), job(1, needs: [0]), job(2, needs: [0, 1]), job(3, needs: [0])]
    var core = try SchedulerCore(jobs: jobs, configuration: .init(pools: ["cpu": 1]), satisfied: [3])
    #expect(core.released == [] && core.states == [.ready, .waiting, .waiting, .reused])
    _ = core.begin(at: .zero)
    _ = core.handle(.finished(job: 0, .succeeded), at: .zero)
    #expect(core.released == [1])
    _ = core.handle(.tick, at: .zero)
    #expect(core.released == [])
    _ = core.handle(.finished(job: 1, .reused), at: .zero)
    #expect(core.released == [2])
  }

  @Test func `a pool of the spec may be called like the processes of a worker`() throws {
    let jobs = [task(0, "w", "t", resources: ["worker w": 2]), task(1, "w", "t", resources: [:])]
    var core = try SchedulerCore(jobs: jobs, configuration: .init(pools: ["worker w": 2], workers: ["w": 2]))
    #expect(core.begin(at: .zero) == [.start(job: 0, attempt: 1), .start(job: 1, attempt: 1)])
  }
}
