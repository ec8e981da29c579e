import ArgumentParser
import Dispatch
import Glibc
import Printing

/// The entry of the program: looks for room before anything waits for it.
@main
enum Program {
  static func main() {
    do throws(CommandFailure) {
      try ThreadRoom.require()
    } catch {
      Terminal.writeError(error.description + "\n")
      exit(error.status)
    }
    Task.detached {
      await Orchestrate.main()
      exit(0)
    }
    dispatchMain()
  }
}
