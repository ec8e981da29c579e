import Glibc
import ResultsStore
import StoreCrashPlan

/// Runs a small plan against a store and, if told so, kills itself at a chosen moment of a chosen publication.
///
/// Arguments: database file, number of jobs, and optionally a step of a publication, the job at which to die there, and what the jobs
/// are to produce if it is not files; or database file and `migrate`, to bring a database from schema 1 to a slow schema 2, `gc`, to remove
/// what nothing needs, or `invalidate`, to mark every result as wrong.
/// Prints the position of each job after its result was reported as stored; a failure goes to standard error, with status 1.
@main enum StoreCrashHelper {
  static func main() async {
    let arguments = CommandLine.arguments
    do {
      if arguments.count == 3, arguments[2] == "migrate" {
        _ = try ResultsStore(path: arguments[1], mode: .readWrite, schema: .slowlyMigrating)
      } else if arguments.count == 3, arguments[2] == "gc" {
        let store = try ResultsStore(path: arguments[1], mode: .readWrite)
        try store.remove(try store.garbage())
      } else if arguments.count == 3, arguments[2] == "invalidate" {
        try ResultsStore(path: arguments[1], mode: .readWrite).invalidate(AttemptSelection(), reason: "wrong")
      } else if arguments.count >= 3, let jobs = Int(arguments[2]) {
        try await execute(arguments, jobs: jobs)
      } else {
        exit(64)
      }
    } catch {
      let line = Array("\(error)\n".utf8)
      write(2, line, line.count)
      exit(1)
    }
  }

  private static func execute(_ arguments: [String], jobs: Int) async throws {
    let fatalStep = arguments.count > 4 ? PublicationStep.allCases.first { "\($0)" == arguments[3] } : nil
    let fatalPublication = arguments.count > 4 ? Int(arguments[4]) ?? 0 : 0
    let countdown = Countdown(fatalPublication)
    let store = try ResultsStore(
      path: arguments[1], mode: .readWrite, schema: .current,
      onPublication: { step in
        if step == .begun { countdown.advance() }
        if step == fatalStep, countdown.isOver { kill(getpid(), SIGKILL) }
      })
    let product = arguments.last.flatMap { CrashPlan.Product(rawValue: $0) } ?? .file
    try await CrashPlan(jobs: jobs, product: product).execute(in: store) { job in
      let line = Array("\(job)\n".utf8)
      write(1, line, line.count)
    }
  }
}
