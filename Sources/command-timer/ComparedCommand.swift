import Glibc

/// One of the compared commands.
final class ComparedCommand {
  let name: String
  private let words: [String]
  /// Greatest resident size of any process so far.
  private(set) var maximumResidentKiB = 0

  init(name: String, words: [String]) {
    self.name = name
    self.words = words
  }

  /// Runs the command to its end, without input; what it prints is dropped, as writing a log would be timed with it.
  ///
  /// - Throws: `TimerError` if it cannot be started or does not end with code 0.
  func run() throws(TimerError) {
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    let arguments = words.map { strdup($0) } + [nil]
    defer { for argument in arguments { free(argument) } }
    var process: pid_t = 0
    let code = posix_spawnp(&process, words[0], &actions, nil, arguments, environ)
    guard code == 0 else {
      throw TimerError("variant '\(name)' cannot be started: \(words[0]): \(String(cString: strerror(code)))")
    }
    var status: Int32 = 0
    var usage = rusage()
    while wait4(process, &status, 0, &usage) < 0 {
      guard errno == EINTR else {
        throw TimerError("variant '\(name)' was lost: \(String(cString: strerror(errno)))")
      }
    }
    maximumResidentKiB = max(maximumResidentKiB, usage.ru_maxrss)
    guard status == 0 else {
      let signal = status & 0x7f
      let end = signal == 0 ? "ended with code \(status >> 8 & 0xff)" : "was ended by signal \(signal)"
      throw TimerError("variant '\(name)' \(end): \(words.joined(separator: " "))")
    }
  }
}
