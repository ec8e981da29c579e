import Glibc
import Spawning

/// A started `orchestrate`, and the means to kill it at an instant.
final class RunningOrchestrator {
  /// How it ended.
  enum End: Equatable {
    case exited(Int32)
    case killed
  }

  private let pid: pid_t
  private var status: Int32?
  private let errorPath: String

  /// Starts a program with an additional environment variable; its standard error goes to a file.
  init(program: String, arguments: [String], mark: String, errorPath: String) throws(TortureError) {
    self.errorPath = errorPath
    var environment: [String] = [mark]
    var variable = environ
    while let text = variable.pointee {
      environment.append(String(cString: text))
      variable += 1
    }
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    let errors = open(errorPath, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
    defer { for descriptor in [null, errors] { close(descriptor) } }
    do throws(ChildProcess.Failure) {
      pid = try ChildProcess.start(
        [program] + arguments, environment: environment, descriptors: [null, null, errors], hasOwnSession: false)
    } catch {
      throw TortureError(description: "'\(program)' cannot be started (\(error.reason))")
    }
  }

  /// Waits until it ends by itself or a time has passed; then it is killed with SIGKILL.
  func end(after seconds: Double) -> End {
    let deadline = Self.now + seconds
    while isRunning, Self.now < deadline { usleep(500) }
    if let status { return Self.end(status) }
    kill(pid, SIGKILL)
    let last = ChildProcess.end(of: pid) ?? 0
    status = last
    return Self.end(last)
  }

  /// Whether it has not ended by itself yet.
  var isRunning: Bool {
    guard status == nil else { return false }
    var ended: Int32 = 0
    if waitpid(pid, &ended, WNOHANG) == pid { status = ended }
    return status == nil
  }

  /// What it has printed on standard error.
  var errors: String { Self.text(of: errorPath) }

  /// Seconds of the monotonic clock.
  static var now: Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  /// A whole file; empty if it cannot be read.
  static func text(of path: String) -> String {
    guard let file = fopen(path, "r") else { return "" }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = fread(&buffer, 1, buffer.count, file), count > 0 { bytes += buffer[..<count] }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func end(_ status: Int32) -> End {
    status & 0x7F == 0 ? .exited(status >> 8 & 0xFF) : .killed
  }
}
