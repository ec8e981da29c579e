import Foundation
import Glibc
import Synchronization

/// Shares processors with builds that run below or above this process, by the protocol of GNU make.
///
/// A jobserver is a pipe with a byte for every processor that is free for whoever reads it. An *offered* one holds the free tokens of the
/// pool `cpu`, so that a `make -j`, `ninja` or `cargo` inside a command uses what the run leaves idle, and the run starts nothing on what
/// they use. An *inherited* one belongs to a parent, such as a `make` whose recipe calls this program: one token is given, every further
/// one must be taken from it.
///
/// Source: GNU make 4.4 manual, chapter 13, "Integrating GNU make".
public final class Jobserver: Sendable {
  private struct State {
    /// Tokens that this process holds, used or not; they must go back as they came.
    var held: [UInt8]
  }

  /// Whether the tokens are this run's own.
  package let isOffered: Bool
  /// What commands need to take part.
  package let variables: [String: String]
  /// How many tokens there are in all, as far as known.
  package let capacity: Int
  private let folder: String?
  /// Both may be the same descriptor; reads never wait.
  private let readEnd: Int32
  private let writeEnd: Int32
  private let state: Mutex<State>

  private init(
    isOffered: Bool, variables: [String: String], capacity: Int, folder: String?, readEnd: Int32, writeEnd: Int32
  ) {
    self.isOffered = isOffered
    self.variables = variables
    self.capacity = capacity
    self.folder = folder
    self.readEnd = readEnd
    self.writeEnd = writeEnd
    state = Mutex(State(held: isOffered ? [UInt8](repeating: UInt8(ascii: "+"), count: capacity) : []))
  }

  deinit {
    close()
    Glibc.close(readEnd)
    if writeEnd != readEnd { Glibc.close(writeEnd) }
  }

  /// Gives a parent its tokens back, which would be lost to it for ever otherwise, and removes an own named pipe.
  ///
  /// Nothing of the run is alive any more.
  package func close() {
    if !isOffered { release(keeping: 0) }
    guard let folder else { return }
    unlink(folder + "/jobserver")
    rmdir(folder)
  }

  /// Makes a jobserver for the commands of a run.
  ///
  /// - Parameter tokens: The size of the pool `cpu`.
  /// - Returns: The jobserver; its named pipe is removed with it.
  /// - Throws: `SchedulingError` with code `.system` if no named pipe can be made.
  public static func offering(tokens: Int) throws(SchedulingError) -> Jobserver {
    // A pipe holds 64 KiB; no machine has as many processors.
    let tokens = min(max(tokens, 1), 1 << 15)
    let template = NSTemporaryDirectory() + "orchestrate-XXXXXX"
    var name = template.utf8CString.map { $0 }
    guard mkdtemp(&name) != nil else { throw unusable(template) }
    let folder = String(decoding: name.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let path = folder + "/jobserver"
    guard mkfifo(path, 0o600) == 0, let descriptor = opened(path, O_RDWR) else { throw unusable(path) }
    return Jobserver(
      isOffered: true, variables: ["MAKEFLAGS": " -j\(tokens) --jobserver-auth=fifo:\(path)"], capacity: tokens,
      folder: folder, readEnd: descriptor, writeEnd: descriptor)
  }

  /// Finds the jobserver of a parent.
  ///
  /// - Parameter environment: The environment; that of this process if absent.
  /// - Returns: `nil` if `MAKEFLAGS` names none, or one that cannot be reached (a recipe of make needs a `+` before the command).
  public static func inherited(environment: [String: String]? = nil) -> Jobserver? {
    let environment = environment ?? ProcessInfo.processInfo.environment
    guard let flags = environment["MAKEFLAGS"] else { return nil }
    let words = flags.split(separator: " ")
    // The last one counts, as in make.
    guard let word = words.last(where: { $0.hasPrefix("--jobserver-auth=") || $0.hasPrefix("--jobserver-fds=") })
    else { return nil }
    let value = word[(word.firstIndex(of: "=") ?? word.startIndex)...].dropFirst()
    let jobs = words.last { $0.hasPrefix("-j") }.flatMap { Int($0.dropFirst(2)) } ?? Int.max
    if value.hasPrefix("fifo:") {
      guard let descriptor = opened(String(value.dropFirst(5)), O_RDWR) else { return nil }
      return Jobserver(
        isOffered: false, variables: ["MAKEFLAGS": flags], capacity: jobs, folder: nil, readEnd: descriptor,
        writeEnd: descriptor)
    }
    let numbers = value.split(separator: ",").compactMap { Int32($0) }
    // Opened anew, because "never wait" set on the inherited descriptors would hold for the parent as well.
    guard numbers.count == 2, numbers.allSatisfy({ $0 >= 0 && fcntl($0, F_GETFD) >= 0 }),
      let readEnd = opened("/proc/self/fd/\(numbers[0])", O_RDONLY)
    else { return nil }
    guard let writeEnd = opened("/proc/self/fd/\(numbers[1])", O_WRONLY) else {
      Glibc.close(readEnd)
      return nil
    }
    // Descriptors do not reach the commands, so they are offered nothing.
    return Jobserver(
      isOffered: false, variables: [:], capacity: jobs, folder: nil, readEnd: readEnd, writeEnd: writeEnd)
  }

  /// Takes every token that can be had at once.
  ///
  /// - Returns: How many processors this run may use now, those in use included.
  package func withdraw(atMost limit: Int) -> Int {
    state.withLock { state in
      var block = [UInt8](repeating: 0, count: max(limit - own - state.held.count, 0))
      if !block.isEmpty {
        let count = read(readEnd, &block, block.count)
        if count > 0 { state.held += block[..<count] }
      }
      return own + state.held.count
    }
  }

  /// Puts tokens back, for others to take.
  ///
  /// - Parameter count: How many processors this run goes on using.
  /// - Returns: How many tokens were put back.
  @discardableResult
  package func release(keeping count: Int) -> Int {
    state.withLock { state in
      let surplus = state.held.count - max(count - own, 0)
      guard surplus > 0 else { return 0 }
      let written = write(writeEnd, Array(state.held.suffix(surplus)), surplus)
      if written > 0 { state.held.removeLast(written) }
      return max(written, 0)
    }
  }

  /// Restores all tokens of an offered jobserver: nothing of the run is alive, so whoever took one can no longer give it back.
  package func reclaim() {
    guard isOffered else { return }
    state.withLock { state in
      var block = [UInt8](repeating: 0, count: capacity)
      while read(readEnd, &block, block.count) > 0 {}
      state.held = [UInt8](repeating: UInt8(ascii: "+"), count: capacity)
    }
  }

  /// The token that every participant has without taking it.
  private var own: Int { isOffered ? 0 : 1 }

  private static func opened(_ path: String, _ mode: Int32) -> Int32? {
    let descriptor = open(path, mode | O_NONBLOCK | O_CLOEXEC)
    return descriptor < 0 ? nil : descriptor
  }

  private static func unusable(_ path: String) -> SchedulingError {
    SchedulingError(
      .system, "cannot make the jobserver '\(path)': \(String(cString: strerror(errno))); use --jobserver off")
  }
}
