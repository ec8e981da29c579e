import Foundation
import Glibc
public import JobGraph

/// Finds programs and completes paths.
public enum ProgramLocation {
  /// The folder of the running executable.
  public static let executableDirectory: String = {
    var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = readlink("/proc/self/exe", &buffer, buffer.count)
    guard count > 0 else { return "." }
    let path = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return String(path[..<(path.lastIndex(of: "/") ?? path.endIndex)])
  }()

  /// The programs of this product that commands and workers call by name.
  public static let ownPrograms: Set<String> = [
    "orchestrate", "report", "priorbrush-worker", "command-timer", "job-supervisor",
  ]

  /// The library that notes what processes read.
  public static var readObserver: String { executableDirectory + "/libReadObserver.so" }

  /// Returns the program to start for the first word of a command.
  ///
  /// - Parameter name: The name of a program of this product is looked for beside the running executable; anything else stays as it is.
  /// - Returns: A path, or the bare name, which the system looks for in `PATH`.
  public static func program(_ name: String) -> String {
    guard ownPrograms.contains(name) else { return name }
    let beside = executableDirectory + "/" + name
    return access(beside, X_OK) == 0 ? beside : name
  }

  /// The programs that belong to this one and that plans name.
  private static let companions = ["command-timer"]

  /// Makes sure that the programs of ours that jobs are made of can be run.
  ///
  /// - Parameter jobs: The jobs that will run.
  /// - Throws: `SchedulingError` with code `.supervisorMissing` if one is missing.
  public static func requireCompanions(of jobs: [Job]) throws(SchedulingError) {
    for companion in companions {
      let isNeeded = jobs.contains { job in
        if case .command(let arguments, _) = job.action { return arguments.first == companion }
        return false
      }
      let path = "\(executableDirectory)/\(companion)"
      guard isNeeded, access(path, X_OK) != 0 else { continue }
      let reason = String(cString: strerror(errno))
      let searchPath = ProcessInfo.processInfo.environment["PATH"]
      guard ProgramFile(name: companion, directory: "/", searchPath: searchPath).place == nil else { continue }
      throw SchedulingError(.supervisorMissing, "cannot run '\(path)': \(reason); install it beside orchestrate")
    }
  }

  /// Returns an absolute path.
  ///
  /// - Parameters:
  ///   - path: Any path.
  ///   - directory: An absolute folder.
  /// - Returns: `path` if it is absolute, otherwise `directory/path`.
  public static func absolute(_ path: String, relativeTo directory: String) -> String {
    path.hasPrefix("/") ? path : directory + "/" + path
  }

  /// The environment of this process with some variables set otherwise.
  ///
  /// - Parameter changes: Variables to set.
  /// - Returns: All variables.
  package static func environment(adding changes: [String: String]) -> [String: String] {
    ProcessInfo.processInfo.environment.merging(changes) { $1 }
  }
}
