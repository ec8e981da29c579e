import ArgumentParser
import CommandEntry
import Dispatch
import Glibc
import Printing
import SystemLimits

/// The entry of the program: looks for room before anything waits for it.
@main
enum Program {
  /// What the command line, the database and a run of one job were seen to take, with as much again.
  ///
  /// Threads are those of queues, timers and the reader of the supervisor's reports, the processes themselves, and what works in
  /// parallel.
  private static let room = SystemRoom(
    memoryBytes: 256 << 20, stackBytes: 512 << 10, fileCount: 32,
    threadCount: 12 + 2 * min(max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1), 8))

  static func main() {
    Terminal.prepare()
    room.requireOrExit()
    Task.detached {
      do {
        try await run(Orchestrate.commandOfArguments())
      } catch {
        Orchestrate.end(because: error)
      }
      exit(0)
    }
    dispatchMain()
  }

  private static func run(_ command: any ParsableCommand) async throws {
    var command = command
    if var asynchronous = command as? any AsyncParsableCommand {
      try await asynchronous.run()
    } else {
      try command.run()
    }
  }
}
