import AttemptModel
import Foundation
import Glibc
import JobGraph
import Scheduling
import Synchronization

/// Commands that do nothing, two at a time: what starting, watching and booking a process costs.
enum ColdBenchmark {
  private static let program = "/bin/true"
  private static let rounds = 15

  static func run(count: Int = 1000) async throws {
    let folder = try BenchmarkFolder()
    var build = "rule t\n  command = \(program)\n"
    for index in 0..<count { build += "build o\(index): t\n" }
    try build.write(toFile: folder.path + "/build.ninja", atomically: false, encoding: .utf8)
    let stages = #""stages": {"s": {"command": ["\#(program)"], "environment": {"N": "${n}"}}}"#
    try RunBenchmark.spec(count, stages).write(
      toFile: folder.path + "/spec.json", atomically: false, encoding: .utf8)
    var contenders: [(name: String, run: () async throws -> Void)] = [
      ("bare spawn loop", { SpawnLoop.run(program, count: count, width: 2) }),
      (
        "scheduler and supervisor",
        {
          _ = try await schedule(count, in: folder)
        }
      ),
      (
        "orchestrate run, results durable",
        {
          let results = try BenchmarkFolder()
          Peer.run(RunBenchmark.arguments(results: results.path), in: folder.path)
        }
      ),
    ]
    if Peer.isInstalled("xargs") {
      let line = "seq \(count) | xargs -P 2 -n 1 \(program)"
      contenders.append(("xargs -P 2 -n 1", { Peer.run(["sh", "-c", line], in: folder.path) }))
    }
    if Peer.isInstalled("ninja") {
      contenders.append(("ninja -j2", { Peer.run(["ninja", "-j2", "--quiet"], in: folder.path) }))
    }
    var rates = [[Double]](repeating: [], count: contenders.count)
    var costs = rates
    for round in 0..<rounds {
      // Forth and back, so that a drift of the machine hits all alike.
      let order = round % 2 == 0 ? Array(contenders.indices) : contenders.indices.reversed()
      for index in order {
        let before = processorSeconds()
        rates[index].append(Double(count) / (try await seconds(contenders[index].run)))
        costs[index].append((processorSeconds() - before) / Double(count))
      }
    }
    let isNinja = contenders.last?.name.hasPrefix("ninja") == true
    let table = BenchmarkTable(
      "Cold commands: \(count) × \(program), width 2, \(rounds) rounds, median of the rounds' ratios [quartiles]",
      [
        "who", "commands", "of the bare loop's rate", "of ninja's rate", "processor time of one",
        "the bare loop's part of it",
      ])
    for (index, contender) in contenders.enumerated() {
      table.row(
        contender.name, rate(median(rates[index])), share(of: rates[index], by: rates[0]),
        isNinja ? share(of: rates[index], by: rates[contenders.count - 1]) : "",
        String(format: "%.2f ms", median(costs[index]) * 1e3), share(of: costs[0], by: costs[index]))
    }
    table.end(
      "Ours keeps logs and resource usage of each command, and owns its process tree. `orchestrate run` plans as well, and commits a "
        + "row for each attempt. Target: at least ninja, and 70 % of the bare loop.")
  }

  /// The rounds' ratios: what was measured side by side is compared as pairs.
  private static func share(of values: [Double], by others: [Double]) -> String {
    let ratios = zip(values, others).map { 100 * $0 / $1 }.sorted()
    return String(
      format: "%.0f %% [%.0f, %.0f]", median(ratios), ratios[ratios.count / 4], ratios[ratios.count * 3 / 4])
  }

  /// What this process and all that it has waited for have used.
  private static func processorSeconds() -> Double {
    [RUSAGE_SELF.rawValue, RUSAGE_CHILDREN.rawValue].reduce(0) { sum, who in
      var usage = rusage()
      getrusage(who, &usage)
      let (user, system) = (usage.ru_utime, usage.ru_stime)
      return sum + Double(user.tv_sec + system.tv_sec) + Double(user.tv_usec + system.tv_usec) / 1e6
    }
  }

  private static func schedule(_ count: Int, in folder: BenchmarkFolder) async throws -> ScheduleResult {
    let jobs = (0..<count).map { index in
      Job(
        index: index, stage: "s", action: .command(arguments: [program], outputs: [:]), trials: [0],
        resources: ["cpu": 1], fingerprint: Fingerprint(parts: []), seed: 1)
    }
    let plan = Plan(
      experimentName: "benchmark", canonicalSpec: "{}", trials: [Trial(index: 0, assignment: [])], jobs: jobs,
      resources: ["cpu": 2])
    let executor = CommandExecutor(supervisor: ProcessSupervisor(), projectRoot: folder.path)
    let failures = FailureObserver()
    let scheduler = try Scheduler(
      plan: plan, executor: executor, recording: FolderRecording(folder), observer: failures,
      options: .init(projectRoot: folder.path))
    let result = await scheduler.run()
    guard result.isComplete else { throw BenchmarkFailure(description: failures.first ?? "a command did not run") }
    return result
  }
}

/// Gives every attempt a folder and forgets what comes of it.
struct FolderRecording: AttemptRecording {
  private let folder: BenchmarkFolder

  init(_ folder: BenchmarkFolder) { self.folder = folder }

  func began(_ job: Job, attemptNumber: Int) async throws -> AttemptPlace {
    let own = "\(folder.path)/\(job.index)"
    mkdir(own, 0o755)
    return AttemptPlace(
      id: Int64(job.index), outputDirectory: own, standardOutputPath: own + "/stdout.log",
      standardErrorPath: own + "/stderr.log",
      scratchDirectory: own)
  }

  func finished(_ job: Job, at place: AttemptPlace, outcome: AttemptOutcome) async throws -> [String: String] { [:] }
}

/// Why a figure cannot be given.
struct BenchmarkFailure: Error, CustomStringConvertible {
  var description: String
}

/// Keeps the first message of a failed attempt.
final class FailureObserver: RunObserver {
  private let message = Mutex<String?>(nil)
  var first: String? { message.withLock { $0 } }

  func observe(_ event: ScheduleEvent) {
    guard case .finished(_, _, let outcome, _) = event, outcome.exitKind != .succeeded else { return }
    message.withLock { $0 = $0 ?? outcome.message }
  }
}
