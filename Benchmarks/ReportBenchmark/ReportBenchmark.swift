import Digest
import Foundation
import JSON
import Reporting
import ResultsStore

/// Measures reports over 10,000 attempts with a million samples: 8 tables, 20 charts, 12 claims.
///
///     swift run -c release ReportBenchmark
///
/// The database is made through the store; each report is made by a process of its own, so that its peak memory is its own.
@main
enum ReportBenchmark {
  static func main() async throws {
    let arguments = CommandLine.arguments
    if arguments.count == 4, arguments[1] == "measure" {
      try measure(database: arguments[2], formats: arguments[3])
      return
    }
    let folder = NSTemporaryDirectory() + "report-benchmark-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let database = folder + "/results.sqlite"
    let clock = ContinuousClock()
    let duration = try await clock.measure { try await SampleDatabase.make(at: database) }
    print("\(SampleDatabase.attemptCount) attempts and \(SampleDatabase.sampleCount) samples made in \(duration)")
    for formats in ["md", "html", "md,html,latex,csv"] {
      let process = Process()
      process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
      process.arguments = ["measure", database, formats]
      try process.run()
      process.waitUntilExit()
    }
  }

  /// Builds the report once and prints seconds and the peak of resident memory.
  private static func measure(database: String, formats: String) throws {
    let clock = ContinuousClock()
    let start = clock.now
    let store = try ResultsStore(path: database, mode: .readOnly)
    let results = try store.experimentNames().map { try store.experimentResults(name: $0) }
    let runs = try store.runs()
    let read = clock.now
    let output = (database as NSString).deletingLastPathComponent + "/reports-\(formats)"
    let list = formats.split(separator: ",").compactMap { ReportFormat(rawValue: String($0)) }
    try ReportBuilder(output: output, formats: list).build(results, runs: runs)
    let end = clock.now
    print(
      "\(formats): \(start.duration(to: end)) in all, \(start.duration(to: read)) of it reading; "
        + "\(processorSeconds()) s of CPU; peak \(peak())")
  }

  /// CPU time of this process, which other programs on the machine hardly change.
  private static func processorSeconds() -> String {
    var usage = rusage()
    getrusage(RUSAGE_SELF.rawValue, &usage)
    let seconds =
      Double(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec)
      + Double(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6
    return String(format: "%.2f", seconds)
  }

  private static func peak() -> String {
    let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
    let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
    return line.dropFirst("VmHWM:".count).split(separator: " ").joined(separator: " ")
  }
}
