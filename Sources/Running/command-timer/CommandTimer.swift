import Dispatch
import Foundation
import Glibc
import JSON
import Scheduling
import InterleavedTiming
import Printing
import WorkerProtocol

/// Times the commands of a `compare` stage in turns and writes their times to the stage's result file.
///
/// Called as `command-timer NAME COUNT WORD... NAME COUNT WORD...`: every variant is a name, the number of its words, and the words.
/// The measurement block and the seed of random orders come from `ORCHESTRATE_MEASUREMENT` and `ORCHESTRATE_SEED`. Every variant gives
/// samples `time.NAME`, from the start of its process to its end, and the metric `memory.NAME`, the greatest resident size of
/// any of its processes.
@main
enum CommandTimer {
  static func main() {
    do {
      try run(try ProgramArguments.checked())
    } catch {
      _ = DescriptorWriting.write(Array("command-timer: \(error)\n".printable.utf8), to: STDERR_FILENO)
      exit(1)
    }
  }

  private static func run(_ words: [String]) throws {
    guard let path = variable("ORCHESTRATE_RESULT") else {
      throw TimerError("ORCHESTRATE_RESULT is not set; declare the commands in a stage's 'compare' and run the spec")
    }
    let block = try JSONValue(parsing: Array((variable("ORCHESTRATE_MEASUREMENT") ?? "null").utf8))
    let seed = variable("ORCHESTRATE_SEED").flatMap { UInt64($0) } ?? 0
    // The result file is the timer's; a command that finds the variable would write over it.
    unsetenv("ORCHESTRATE_RESULT")
    let supervisor = ProcessSupervisor()
    let commands = try variants(words, supervisor)
    try supervisor.begin()
    defer { shutDown(supervisor) }
    let timing = try InterleavedTiming(try MeasurementPlan(block), seed: seed).measure(
      commands.map { command in InterleavedTiming.Variant.selfTimed("time.\(command.name)", call: command.run) })
    var measurements = TaskMeasurements(timing)
    measurements.metrics += commands.filter { $0.maximumResidentBytes > 0 }.map { command in
      TaskMeasurements.Metric(
        name: "memory.\(command.name)", value: Double(command.maximumResidentBytes) / 0x1p20, unit: "MiB")
    }
    let bytes = CanonicalJSON.bytes(of: measurements.json)
    guard let file = fopen(path, "w"), fwrite(bytes, 1, bytes.count, file) == bytes.count, fclose(file) == 0 else {
      throw TimerError("cannot write the result to '\(path)': \(String(cString: strerror(errno)))")
    }
  }

  private static func shutDown(_ supervisor: ProcessSupervisor) {
    let done = DispatchSemaphore(value: 0)
    Task {
      await supervisor.shutDown()
      done.signal()
    }
    done.wait()
  }

  private static func variants(
    _ words: [String], _ supervisor: ProcessSupervisor
  ) throws(TimerError) -> [ComparedCommand] {
    let environment = ProgramLocation.environment(adding: [:])
    let folder = FileManager.default.currentDirectoryPath
    var rest = words[...]
    var commands: [ComparedCommand] = []
    while let name = rest.popFirst() {
      guard let count = rest.popFirst().flatMap({ Int($0) }), count > 0, rest.count >= count else {
        throw TimerError("expected NAME COUNT WORD... for each variant, found '\(name)' without its words")
      }
      commands.append(
        ComparedCommand(
          name: name, words: Array(rest.prefix(count)), supervisor: supervisor, environment: environment, folder: folder
        ))
      rest = rest.dropFirst(count)
    }
    guard commands.count > 1 else { throw TimerError("expected two variants or more, found \(commands.count)") }
    return commands
  }

  private static func variable(_ name: String) -> String? {
    getenv(name).map { String(cString: $0) }
  }
}

/// Why nothing was measured.
struct TimerError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) {
    self.description = description
  }
}
