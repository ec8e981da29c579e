import AttemptModel
internal import CProcess
import Glibc

extension ProcessEnd {
  /// Reads the supervisor's last report of a process.
  ///
  /// - Parameters:
  ///   - report: The report.
  ///   - program: The program, for messages.
  init(_ report: cprocess_report, program: ProgramFile) {
    switch UInt32(report.kind) {
    case CPROCESS_NOT_STARTED.rawValue:
      self.init(Self.startFailure(report, program: program))
    case CPROCESS_LOST.rawValue:
      let isStopped = report.cause == CPROCESS_STOPPED.rawValue
      self.init(
        isStopped ? .signalled(Int(SIGKILL)) : .lost("the process that watched it died"),
        cause: isStopped ? .stopping : .itself)
    default:
      if report.cause == CPROCESS_ORPHANED.rawValue {
        self.init(.lost("the job supervisor died"))
      } else {
        let signal = Int(report.signal_number)
        let kind = signal == 0 ? Kind.exited(Int(report.exit_code)) : .signalled(signal)
        self.init(kind, cause: Self.cause(report.cause))
      }
      usage = ResourceUsage(
        userSeconds: Double(report.user_us) / 1e6, systemSeconds: Double(report.system_us) / 1e6,
        maximumResidentBytes: Int64(report.max_rss_kib) << 10, minorPageFaults: Int64(report.minor_faults),
        majorPageFaults: Int64(report.major_faults))
      treePeakKiB = report.tree_peak_kib > 0 ? Int(report.tree_peak_kib) : nil
    }
    strays = Int(report.strays)
    wasOutOfMemory = report.out_of_memory != 0
    startMonotonicNanoseconds = report.start_monotonic_ns
    endMonotonicNanoseconds = report.end_monotonic_ns
    cutBytes = (report.stdout_cut, report.stderr_cut)
  }

  private static func cause(_ value: UInt32) -> Cause {
    switch value {
    case CPROCESS_OWN_END.rawValue: .itself
    case CPROCESS_TIME_LIMIT.rawValue: .timeLimit
    case CPROCESS_MEMORY_LIMIT.rawValue: .memoryLimit
    default: .cancelled
    }
  }

  private static func startFailure(_ report: cprocess_report, program: ProgramFile) -> Kind {
    let reason = String(cString: strerror(report.error_number))
    switch report.error_stage {
    case CPROCESS_STAGE_DIRECTORY.rawValue:
      return .notStarted("cannot enter the folder '\(program.directory)': \(reason)")
    case CPROCESS_STAGE_PROGRAM.rawValue where report.error_number == E2BIG:
      return .notStarted(
        "cannot start '\(program.name)': \(reason); hand large values over in files, not as arguments")
    case CPROCESS_STAGE_PROGRAM.rawValue:
      let flaw = program.interpreterFlaw ?? "\(reason); check that it exists and may be executed"
      return .notStarted("cannot start '\(program.name)': \(flaw)")
    case CPROCESS_STAGE_MEMORY_LIMIT.rawValue:
      return .notStarted(
        "'memoryLimit' cannot be kept on this machine, because the kernel does not tell what processes hold "
          + "(/proc/PID/task/TID/children: \(reason)); leave it out or run where CONFIG_PROC_CHILDREN is set")
    default:
      return .lost(
        "the system has no room for another process: \(reason); raise the limits on processes and open files "
          + "(ulimit -u, ulimit -n) or run fewer jobs at once")
    }
  }

  /// What a signal is called, such as "SIGSEGV (Segmentation fault)".
  package static func signalName(_ number: Int) -> String {
    let names = [
      SIGHUP: "SIGHUP", SIGINT: "SIGINT", SIGQUIT: "SIGQUIT", SIGILL: "SIGILL", SIGABRT: "SIGABRT", SIGBUS: "SIGBUS",
      SIGFPE: "SIGFPE", SIGKILL: "SIGKILL", SIGUSR1: "SIGUSR1", SIGSEGV: "SIGSEGV", SIGUSR2: "SIGUSR2",
      SIGPIPE: "SIGPIPE", SIGALRM: "SIGALRM", SIGTERM: "SIGTERM", SIGXCPU: "SIGXCPU", SIGXFSZ: "SIGXFSZ",
    ]
    guard let name = names[Int32(number)], let text = strsignal(Int32(number)) else { return "signal \(number)" }
    return "\(name) (\(String(cString: text)))"
  }
}
