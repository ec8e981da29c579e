internal import CProcess
import Glibc

/// Programs that this process starts itself; those of jobs are the job supervisor's.
package enum ChildProcess {
  /// Why a program could not be started.
  package struct Failure: Error, Sendable {
    /// The number of the system's error.
    package var number: Int32

    /// The system's words for it.
    package var reason: String { String(cString: strerror(number)) }
  }

  /// Starts a program with a clean signal mask and default signal actions.
  ///
  /// - Parameters:
  ///   - arguments: The program, a path or a name that is looked for in `PATH`, and its arguments.
  ///   - environment: Its variables, `NAME=value`.
  ///   - descriptors: What become its descriptors 0, 1, 2 and so on, 16 at most; it has no others.
  ///   - hasOwnSession: Whether what its terminal's keys send does not reach it.
  /// - Returns: Its process id.
  /// - Throws: `Failure` if there is no such program, or no room for one.
  package static func start(
    _ arguments: [String], environment: [String], descriptors: [Int32], hasOwnSession: Bool
  ) throws(Failure) -> Int32 {
    let (pid, error) = withPointers(arguments) { words in
      withPointers(environment) { variables in
        let count = Int32(descriptors.count)
        return (cprocess_spawn(words[0], words, variables, descriptors, count, hasOwnSession ? 1 : 0), errno)
      }
    }
    guard pid > 0 else { throw Failure(number: error) }
    return pid
  }

  /// Waits for the end of a child.
  ///
  /// - Parameter pid: Its process id.
  /// - Returns: Its status as `waitpid` gives it; nil if there is no such child.
  @discardableResult package static func end(of pid: Int32) -> Int32? {
    var status: Int32 = 0
    while waitpid(pid, &status, 0) < 0 {
      guard errno == EINTR else { return nil }
    }
    return status
  }

  /// Runs a short command; its standard input and error are /dev/null.
  ///
  /// - Parameters:
  ///   - arguments: The program and its arguments.
  ///   - environment: Its variables, `NAME=value`.
  ///   - seconds: How long it may take before it is killed.
  /// - Returns: What it printed, if it ended with exit code 0; nil otherwise, if it takes too long or cannot be started.
  package static func output(of arguments: [String], environment: [String], within seconds: Int = 60) -> [UInt8]? {
    var ends: [Int32] = [-1, -1]
    guard cprocess_pipe(&ends) == 0 else { return nil }
    defer { close(ends[0]) }
    let null = open("/dev/null", O_RDWR | O_CLOEXEC)
    let pid = try? start(
      arguments, environment: environment, descriptors: [null, ends[1], null], hasOwnSession: false)
    close(ends[1])
    close(null)
    guard let pid else { return nil }
    let output = contents(of: ends[0], within: seconds)
    if output == nil { kill(pid, SIGKILL) }
    return end(of: pid) == 0 ? output : nil
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
      if count > 0 {
        bytes += buffer[..<count]
      } else if errno != EINTR {
        return nil
      }
    }
  }

  private static func withPointers<Result>(
    _ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result
  ) -> Result {
    let copies: [UnsafeMutablePointer<CChar>?] = strings.map { strdup($0) } + [nil]
    defer { for copy in copies { free(copy) } }
    return body(copies)
  }
}
