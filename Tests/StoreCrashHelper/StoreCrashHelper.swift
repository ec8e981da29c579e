import Glibc
import ResultsStore
import StoreCrashPlan

/// Runs a small plan against a store and, if told so, kills itself at a chosen moment of a chosen publication.
///
/// Arguments: database file, number of jobs, and optionally a step of a publication and the job at which to die there.
/// Prints the position of each job after its result was reported as stored.
@main enum StoreCrashHelper {
  static func main() async throws {
    let arguments = CommandLine.arguments
    guard arguments.count >= 3, let jobs = Int(arguments[2]) else { exit(64) }
    let fatalStep = arguments.count > 4 ? PublicationStep.allCases.first { "\($0)" == arguments[3] } : nil
    let fatalPublication = arguments.count > 4 ? Int(arguments[4]) ?? 0 : 0
    let countdown = Countdown(fatalPublication)
    let store = try ResultsStore(
      path: arguments[1], mode: .readWrite, schema: .current,
      onPublication: { step in
        if step == .begun { countdown.advance() }
        if step == fatalStep, countdown.isOver { kill(getpid(), SIGKILL) }
      })
    try await CrashPlan(jobs: jobs).execute(in: store) { job in
      let line = Array("\(job)\n".utf8)
      write(1, line, line.count)
    }
  }
}
