import ArgumentParser
import CommandEntry
import Dispatch
import Glibc
import Printing

/// The entry of the program: looks for room before anything waits for it.
@main
enum Program {
  static func main() {
    Terminal.prepare()
    do throws(CommandFailure) {
      try ThreadRoom.require()
    } catch {
      // Messages are written by a thread, for which there is no room.
      _ = DescriptorWriting.write(Array((error.description + "\n").utf8), to: STDERR_FILENO)
      _exit(error.status)
    }
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
