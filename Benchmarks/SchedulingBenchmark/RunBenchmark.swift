import Foundation
import Glibc
import Scheduling

/// The whole product: `orchestrate run` from the spec to durable rows in the database.
enum RunBenchmark {
  static func run(commands: Int = 4000, tasks: Int = 10_000) async throws {
    let table = BenchmarkTable("orchestrate run, results durable in the database", ["jobs", "time", "rate"])
    let command = #""command": ["/bin/true"], "environment": {"N": "${n}"}"#
    try await row(table, "\(commands) commands, width 2", commands, #""stages": {"s": {\#(command)}}"#)
    let worker = ProgramLocation.executableDirectory + "/SchedulingBenchmark"
    let task = #""task": "echo/echo", "with": {"n": "${n}"}"#
    try await row(
      table, "\(tasks) warm tasks, 2 workers", tasks,
      #""workers": {"echo": {"command": ["\#(worker)", "echo-worker"], "count": 2}}, "stages": {"s": {\#(task)}}"#)
    table.end("Start, planning, every attempt's row and its commit, and the end are included.")
  }

  private static func row(_ table: BenchmarkTable, _ name: String, _ count: Int, _ members: String) async throws {
    let folder = try BenchmarkFolder()
    try spec(count, members).write(toFile: folder.path + "/spec.json", atomically: false, encoding: .utf8)
    let elapsed = await seconds { Peer.run(arguments(results: folder.path + "/results"), in: folder.path) }
    table.row(name, String(format: "%.2f s", elapsed), rate(Double(count) / elapsed))
  }

  /// An experiment of so many jobs of one stage.
  static func spec(_ count: Int, _ members: String) -> String {
    #"{"name": "benchmark", "resources": {"cpu": 2}, "axes": {"n": {"from": 1, "to": \#(count)}}, \#(members)}"#
  }

  /// Runs `spec.json` of the current folder.
  static func arguments(results: String) -> [String] {
    let program = ProgramLocation.executableDirectory + "/orchestrate"
    return ["sh", "-c", "exec \"$0\" run spec.json --results \"$1\" 2>/dev/null", program, results]
  }
}
