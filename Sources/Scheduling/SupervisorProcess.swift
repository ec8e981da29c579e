internal import CProcess
import Foundation
import Glibc

/// The running `job-supervisor` and the pipe on which it reports.
struct SupervisorProcess: Sendable {
  let pid: Int32
  /// The socket for requests.
  let control: Int32
  private let reports: Int32

  /// Starts the program.
  static func launch(_ executable: String) throws(SchedulingError) -> SupervisorProcess {
    var sockets: [Int32] = [-1, -1]
    var pipe: [Int32] = [-1, -1]
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    defer { for descriptor in [null, sockets[1], pipe[1]] where descriptor >= 0 { close(descriptor) } }
    guard null >= 0, cprocess_socketpair(&sockets) == 0, cprocess_pipe(&pipe) == 0 else {
      let reason = String(cString: strerror(errno))
      for descriptor in [sockets[0], pipe[0]] where descriptor >= 0 { close(descriptor) }
      throw SchedulingError(
        .system, "cannot open pipes to the job supervisor: \(reason); raise the limit on open files")
    }
    let pid = CStrings.withPointers([executable]) { arguments in
      CStrings.withPointers(ProgramLocation.environment(adding: [:]).map { "\($0.key)=\($0.value)" }) { environment in
        cprocess_spawn(executable, arguments, environment, [null, null, STDERR_FILENO, sockets[1], pipe[1]], 5)
      }
    }
    guard pid > 0 else {
      let reason = String(cString: strerror(errno))
      close(sockets[0])
      close(pipe[0])
      throw SchedulingError(
        .supervisorMissing, "cannot start the job supervisor '\(executable)': \(reason); install it beside orchestrate")
    }
    return SupervisorProcess(pid: pid, control: sockets[0], reports: pipe[0])
  }

  /// Waits for the next report; `nil` when the supervisor and all shepherds are gone.
  func nextReport() -> cprocess_report? {
    var report = cprocess_report()
    return cprocess_read_all(reports, &report, MemoryLayout<cprocess_report>.size) == 1 ? report : nil
  }

  /// Closes the pipe and reaps the process.
  func awaitEnd() {
    close(reports)
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 && errno == EINTR {}
  }
}

/// Arrays of C strings that end in a null pointer.
enum CStrings {
  static func withPointers<Result>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Result
  ) -> Result {
    let copies = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return copies.withUnsafeBufferPointer { buffer in
      guard let base = buffer.baseAddress else { preconditionFailure("an array with an element has an address") }
      return body(base)
    }
  }
}
