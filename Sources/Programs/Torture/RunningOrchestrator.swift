import Glibc

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
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, errorPath, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    sigemptyset(&none)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var environment: [String] = [mark]
    var variable = environ
    while let text = variable.pointee {
      environment.append(String(cString: text))
      variable += 1
    }
    let words: [UnsafeMutablePointer<CChar>?] = ([program] + arguments).map { strdup($0) } + [nil]
    let variables: [UnsafeMutablePointer<CChar>?] = environment.map { strdup($0) } + [nil]
    defer { for text in words + variables { free(text) } }
    var pid: pid_t = 0
    let status = posix_spawn(&pid, program, &actions, &attributes, words, variables)
    guard status == 0 else {
      throw TortureError(description: "'\(program)' cannot be started (\(String(cString: strerror(status))))")
    }
    self.pid = pid
  }

  /// Waits until it ends by itself or a time has passed; then it is killed with SIGKILL.
  func end(after seconds: Double) -> End {
    let deadline = Self.now + seconds
    while isRunning, Self.now < deadline { usleep(500) }
    if let status { return Self.end(status) }
    kill(pid, SIGKILL)
    var last: Int32 = 0
    while waitpid(pid, &last, 0) < 0, errno == EINTR {}
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
