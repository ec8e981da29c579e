internal import CProcess
import Foundation
import Glibc
import Spawning

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
    let pid: Int32
    do throws(ChildProcess.Failure) {
      pid = try ChildProcess.start(
        [executable], environment: ProgramLocation.environment(adding: [:]).map { "\($0.key)=\($0.value)" },
        descriptors: [null, null, STDERR_FILENO, sockets[1], pipe[1]], hasOwnSession: true)
    } catch {
      close(sockets[0])
      close(pipe[0])
      if [EAGAIN, ENOMEM, EMFILE, ENFILE].contains(error.number) {
        throw SchedulingError(
          .system,
          "the system has no room for the job supervisor: \(error.reason); raise the limits on processes and open files "
            + "(ulimit -u, ulimit -n)")
      }
      throw SchedulingError(
        .supervisorMissing,
        "cannot start the job supervisor '\(executable)': \(error.reason); install it beside orchestrate")
    }
    // The parent's copy would keep the pipe from ending with the supervisor.
    close(pipe[1])
    pipe[1] = -1
    let process = SupervisorProcess(pid: pid, control: sockets[0], reports: pipe[0])
    guard process.isReady() else {
      close(sockets[0])
      process.end()
      throw SchedulingError(
        .supervisorMissing,
        "'\(executable)' does not work as job supervisor; install the one that belongs to orchestrate")
    }
    return process
  }

  /// How long the program may take to say that it is ready, milliseconds.
  private static let startLimit: Int32 = 30_000
  /// How often a supervisor that says nothing is looked at, milliseconds.
  private static let watchInterval: Int32 = 500

  private func isReady() -> Bool {
    var wait = pollfd(fd: reports, events: Int16(POLLIN), revents: 0)
    while true {
      let count = poll(&wait, 1, Self.startLimit)
      if count < 0, errno == EINTR { continue }
      guard count > 0, let report = readReport() else { return false }
      return report.kind == CPROCESS_READY.rawValue
    }
  }

  /// Waits for the next report; `nil` when the supervisor and all shepherds are gone.
  func nextReport() -> cprocess_report? {
    var wait = pollfd(fd: reports, events: Int16(POLLIN), revents: 0)
    while poll(&wait, 1, Self.watchInterval) <= 0 { resumeIfStopped() }
    return readReport()
  }

  private func readReport() -> cprocess_report? {
    var report = cprocess_report()
    return cprocess_read_all(reports, &report, MemoryLayout<cprocess_report>.size) == 1 ? report : nil
  }

  /// A job may have stopped the supervisor; nothing could be started any more.
  private func resumeIfStopped() {
    var news = siginfo_t()
    guard waitid(P_PID, id_t(pid), &news, WSTOPPED | WNOHANG) == 0, news.si_signo == SIGCHLD else { return }
    kill(pid, SIGCONT)
  }

  /// Kills a supervisor that has no jobs, and waits for its end.
  func end() {
    kill(pid, SIGKILL)
    awaitEnd()
  }

  /// Closes the pipe and reaps the process.
  func awaitEnd() {
    close(reports)
    ChildProcess.end(of: pid)
  }
}
