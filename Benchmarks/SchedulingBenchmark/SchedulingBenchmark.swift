import Foundation
import Glibc
import Scheduling
import WorkerProtocol

/// Times the scheduler, its processes and its workers, beside `xargs`, `ninja` and a bare spawn loop on the same commands.
///
///     swift run -c release SchedulingBenchmark [core] [cold] [warm] [run]
///
/// Without an argument everything is measured. A peer that is not installed is left out; `Benchmarks/peers.sh` installs them.
@main
struct SchedulingBenchmark {
  static func main() async throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    if arguments.first == "echo-worker" { return serve() }
    func wants(_ name: String) -> Bool { arguments.isEmpty || arguments.contains(name) }
    say("# Scheduling, \(ProcessInfo.processInfo.activeProcessorCount) processors, load \(load())\n")
    if wants("core") { try CoreBenchmark.run() }
    if wants("cold") { try await ColdBenchmark.run() }
    if wants("warm") { try await WarmBenchmark.run() }
    if wants("run") { try await RunBenchmark.run() }
  }

  /// A worker that answers every task at once.
  private static func serve() {
    let hello = WorkerHello(name: "echo", version: "1", tasks: [.init(name: "echo", version: "1")])
    WorkerServer(hello: hello).run { _, _ in TaskMeasurements(metrics: [.init(name: "value", value: 1)]) }
  }

  private static func load() -> String {
    var averages = [0.0, 0, 0]
    getloadavg(&averages, 3)
    return String(format: "%.1f", averages[0])
  }
}

/// A Markdown table on standard output.
struct BenchmarkTable {
  let columns: Int

  init(_ title: String, _ columns: [String]) {
    self.columns = columns.count
    say("## \(title)\n\n| \(columns.joined(separator: " | ")) |\n|" + String(repeating: "---|", count: columns.count))
  }

  func row(_ cells: String...) { say("| \(cells.joined(separator: " | ")) |") }

  func end(_ note: String = "") { say(note.isEmpty ? "" : "\n\(note)\n") }
}

/// A folder that is removed with its last reference.
final class BenchmarkFolder: Sendable {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "scheduling-benchmark-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

func seconds(_ body: () async throws -> Void) async rethrows -> Double {
  let start = ContinuousClock.now
  try await body()
  return (ContinuousClock.now - start) / .seconds(1)
}

func median(_ values: [Double]) -> Double {
  let sorted = values.sorted()
  return sorted.isEmpty ? .nan : sorted[sorted.count / 2]
}

func rate(_ value: Double) -> String { String(format: "%.0f/s", value) }

/// Writes a line at once, so that a table can be followed while it is made.
func say(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }
