import Digest
import ExperimentSpec
import Foundation
import Glibc
import InputTracing
import JSON
import JobGraph

/// Plans large experiments, each in a process of its own, and prints time and memory beside those of `ninja -n` on an equal graph, if there
/// is a ninja.
///
///     .build/release/PlanBenchmark                  # 10,000, 100,000 and 1,000,000 jobs
///     .build/release/PlanBenchmark 50000
@main
enum PlanBenchmark {
  static func main() throws {
    let arguments = CommandLine.arguments.dropFirst()
    if arguments.first == "--one", let jobs = arguments.dropFirst().first.flatMap({ Int($0) }) {
      return try PlannedGraph(jobs: jobs).measure()
    }
    let sizes = arguments.isEmpty ? [10_000, 100_000, 1_000_000] : arguments.compactMap { Int($0) }
    print("| jobs | plan and freeze | peak memory | a job | ninja -n | its peak memory |")
    print("|--:|--:|--:|--:|--:|--:|")
    let ninja = MeasuredProcess.find("ninja")
    for size in sizes {
      guard let own = MeasuredProcess(CommandLine.arguments[0], ["--one", String(size)]) else {
        print("the benchmark cannot start itself")
        continue
      }
      var cells = [
        String(size), seconds(own.seconds), mebibytes(own.peakKiB),
        String(format: "%.2f kB", Double(own.peakKiB) * 1.024 / Double(size)),
      ]
      if let ninja, let peer = try measureNinja(ninja, size) {
        cells += [seconds(peer.seconds), mebibytes(peer.peakKiB)]
      } else {
        cells += ["not installed", ""]
      }
      print("| \(cells.joined(separator: " | ")) |")
    }
  }

  private static func measureNinja(_ program: String, _ size: Int) throws -> MeasuredProcess? {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("plan-benchmark-\(getpid())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(PlannedGraph(jobs: size).ninjaFile.utf8).write(to: folder.appendingPathComponent("build.ninja"))
    return MeasuredProcess(program, ["-n", "--quiet", "-C", folder.path])
  }

  private static func seconds(_ value: Double) -> String { String(format: "%.2f s", value) }
  private static func mebibytes(_ kibibytes: Int) -> String {
    String(format: "%.0f MB", Double(kibibytes) * 1.024 / 1000)
  }
}

/// Four stages for each of many trials: one job that all others of the trial come after, two in a chain, and a timed one.
struct PlannedGraph {
  let trials: Int

  init(jobs: Int) {
    trials = max(1, jobs / 4)
  }

  private var spec: String {
    let width = max(1, Int(Double(trials).squareRoot()))
    return """
      {"name": "big", "axes": {"a": {"from": 1, "to": \(trials / width)}, "b": {"from": 1, "to": \(width)}},
      "maxJobs": 10000000, "workers": {"w": {"command": ["w"]}}, "stages": {
        "p": {"task": "w/make", "with": {"a": "${a}", "b": "${b}", "text": "${a} of ${b}"}},
        "q": {"task": "w/change", "with": {"k": 1}, "inputs": {"i": {"stage": "p", "artifact": "o"}}},
        "r": {"task": "w/change", "with": {"k": 2}, "inputs": {"i": {"stage": "q", "artifact": "o"}}},
        "s": {"task": "w/time", "lane": "timed",
          "inputs": {"i": {"stage": "r", "artifact": "o"}, "j": {"stage": "p", "artifact": "o"}}}}}
      """
  }

  /// Reads the spec, makes the plan and its hash.
  func measure() throws {
    let reading = SpecReading(SourceText(name: "big.json", text: spec))
    guard let experiment = reading.experiment else {
      print(DiagnosticRenderer().text(of: reading.diagnostics))
      exit(1)
    }
    let versions = ToolVersions(tasks: ["w": ["make": "1", "change": "1", "time": "1"]])
    let project = ProjectFolder(root: FileManager.default.currentDirectoryPath)
    let search = ProgramSearch(searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "")
    let watch = InputWatch(inputs: StaticInputs(project: project, programs: search), variables: [])
    let planning = Planning(
      of: experiment, versions: versions, files: project, watch: watch, projectRoot: "/", cores: 2)
    guard let plan = planning.plan else {
      print(DiagnosticRenderer().text(of: planning.diagnostics))
      exit(1)
    }
    print("\(plan.jobs.count) jobs, plan \(plan.hash.hex)")
    // The process ends at once, as `orchestrate plan` does, instead of freeing millions of small objects.
    exit(0)
  }

  /// The same jobs and needs for ninja.
  var ninjaFile: String {
    var text = "rule run\n  command = run $out\n"
    for trial in 0..<trials {
      text += "build p\(trial): run\nbuild q\(trial): run p\(trial)\nbuild r\(trial): run q\(trial)\n"
      text += "build s\(trial): run r\(trial) p\(trial)\n"
    }
    return text
  }
}

/// A process that has run to its end with its output thrown away.
struct MeasuredProcess {
  /// Wall-clock time.
  let seconds: Double
  /// Greatest resident set.
  let peakKiB: Int

  /// Runs a program; `nil` if it does not start or fails.
  init?(_ program: String, _ arguments: [String]) {
    var pid: pid_t = 0
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    let words = ([program] + arguments).map { strdup($0) } + [nil]
    defer { for word in words { free(word) } }
    let clock = ContinuousClock()
    let start = clock.now
    guard posix_spawnp(&pid, program, &actions, nil, words, [nil]) == 0 else { return nil }
    var status: Int32 = 0
    var usage = rusage()
    guard wait4(pid, &status, 0, &usage) == pid, status == 0 else { return nil }
    seconds = (clock.now - start) / .seconds(1)
    peakKiB = usage.ru_maxrss
  }

  /// Returns the path of a program in PATH.
  static func find(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
      .first { access($0, X_OK) == 0 }
  }
}
