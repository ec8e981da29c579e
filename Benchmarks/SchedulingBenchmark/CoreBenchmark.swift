import Foundation
import JobGraph
import Scheduling

/// What one completion costs the scheduler's core: every job is ready, the pools are always full.
enum CoreBenchmark {
  static func run() throws {
    let table = BenchmarkTable(
      "Scheduler: one completion, 20 resource signatures, all jobs ready",
      ["ready jobs", "median", "99 %", "first decision"])
    for count in [1_000, 10_000, 100_000] {
      let (times, first) = try completions(of: jobs(count), steps: min(count - 100, 20_000))
      let sorted = times.sorted()
      table.row(
        "\(count)", text(sorted[sorted.count / 2]), text(sorted[sorted.count * 99 / 100]),
        String(format: "%.1f ms", first * 1e3))
    }
    table.end("Target: at most 50 µs median, flat. A completion frees tokens, picks the next job and books it.")
  }

  private static func jobs(_ count: Int) -> [Job] {
    (0..<count).map { index in
      let signature = index % 20
      return Job(
        index: index, stage: "s", action: .command(arguments: ["true"], outputs: [:]),
        resources: ["cpu": 1 + signature % 4, "memory": 1 + signature / 4], priority: index % 3,
        fingerprint: Fingerprint(parts: []), seed: 1)
    }
  }

  private static func completions(of jobs: [Job], steps: Int) throws -> (times: [Double], first: Double) {
    var core = try SchedulerCore(
      jobs: jobs, configuration: .init(pools: ["cpu": 16, "memory": 24], maximumRunning: 256))
    let clock = ContinuousClock()
    let begin = clock.now
    var running: [Int] = []
    func note(_ decisions: [SchedulerCore.Decision]) {
      for case .start(let job, _) in decisions { running.append(job) }
    }
    note(core.begin(at: .zero))
    let first = (clock.now - begin) / .seconds(1)
    var times: [Double] = []
    times.reserveCapacity(steps)
    for step in 0..<steps where !running.isEmpty {
      let job = running.remove(at: step * 7 % running.count)
      let start = clock.now
      let decisions = core.handle(.finished(job: job, .succeeded), at: .zero)
      times.append((clock.now - start) / .seconds(1))
      note(decisions)
    }
    return (times, first)
  }

  private static func text(_ seconds: Double) -> String { String(format: "%.1f µs", seconds * 1e6) }
}
