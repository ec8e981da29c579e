import ArgumentParser
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
      await Orchestrate.main()
      exit(0)
    }
    dispatchMain()
  }
}
