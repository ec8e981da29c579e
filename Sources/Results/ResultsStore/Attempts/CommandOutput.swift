import Glibc

/// Runs a short command and collects what it prints.
package enum CommandOutput {
  /// Returns the standard output of a command that exits with 0; nil if it cannot be started, ends otherwise or takes too long.
  ///
  /// Signals are unblocked and reset for the child; its standard input and error are /dev/null.
  ///
  /// - Parameters:
  ///   - arguments: The program, which is looked for in `PATH`, and its arguments.
  ///   - environment: All its variables, as `NAME=value`.
  ///   - seconds: How long it may take before it is killed.
  /// - Returns: What it printed.
  package static func bytes(of arguments: [String], environment: [String], within seconds: Int = 60) -> [UInt8]? {
    var ends: [Int32] = [-1, -1]
    guard let program = arguments.first, pipe(&ends) == 0 else { return nil }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[0]) }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)

    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    var all = sigset_t()
    sigemptyset(&none)
    sigfillset(&all)
    posix_spawnattr_setsigmask(&attributes, &none)
    posix_spawnattr_setsigdefault(&attributes, &all)
    posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

    var pid: pid_t = 0
    let status = withStrings(arguments) { argv in
      withStrings(environment) { envp in posix_spawnp(&pid, program, &actions, &attributes, argv, envp) }
    }
    close(ends[1])
    guard status == 0 else { return nil }
    let output = contents(of: ends[0], within: seconds)
    if output == nil { kill(pid, SIGKILL) }
    var exit: Int32 = 0
    while waitpid(pid, &exit, 0) < 0 {
      guard errno == EINTR else { return nil }
    }
    return exit == 0 ? output : nil
  }

  /// Reads a pipe to its end; nil if that fails or does not come in time.
  private static func contents(of pipe: Int32, within seconds: Int) -> [UInt8]? {
    let deadline = ContinuousClock.now + .seconds(seconds)
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let left = (deadline - .now) / .milliseconds(1)
      guard left > 0 else { return nil }
      var wait = pollfd(fd: pipe, events: Int16(POLLIN), revents: 0)
      guard poll(&wait, 1, Int32(left.rounded(.up))) > 0 else { continue }
      let count = read(pipe, &buffer, buffer.count)
      if count == 0 { return bytes }
      if count > 0 { bytes += buffer[..<count] } else if errno != EINTR { return nil }
    }
  }

  private static func withStrings<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return body(copies)
  }
}
