import AttemptModel
import Dispatch
import Glibc
import Scheduling
import Synchronization

/// One of the compared commands.
final class ComparedCommand {
  let name: String
  private let words: [String]
  private let supervisor: ProcessSupervisor
  private let environment: [String: String]
  private let folder: String
  /// Greatest resident size of any process so far.
  private(set) var maximumResidentBytes: Int64 = 0

  /// Creates a command.
  ///
  /// - Parameters:
  ///   - name: The variant's name.
  ///   - words: Program and arguments.
  ///   - supervisor: Starts the processes. It is small: a process that this program forked itself would count this program's memory
  ///     as its own.
  ///   - environment: All variables of the processes.
  ///   - folder: Where they start.
  init(name: String, words: [String], supervisor: ProcessSupervisor, environment: [String: String], folder: String) {
    self.name = name
    self.words = words
    self.supervisor = supervisor
    self.environment = environment
    self.folder = folder
  }

  /// Runs the command to its end, without input; what it prints is dropped, as writing a log would be timed with it.
  ///
  /// - Returns: The time from the start of its process to its end.
  /// - Throws: `TimerError` if it cannot be started or does not end with code 0.
  func run() throws(TimerError) -> Duration {
    let end = self.end(
      of: ProcessRequest(
        arguments: words, environment: environment, workingDirectory: folder,
        standardError: .descriptor(fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3))))
    maximumResidentBytes = max(maximumResidentBytes, end.usage?.maximumResidentBytes ?? 0)
    switch end.kind {
    case .exited(0): break
    case .exited(let code): throw failure("ended with code \(code)")
    case .signalled(let number): throw failure("was ended by signal \(number)")
    case .notStarted(let reason): throw TimerError("variant '\(name)': \(reason)")
    case .lost(let reason): throw TimerError("variant '\(name)' was lost: \(reason)")
    }
    guard let start = end.startMonotonicNanoseconds, let finish = end.endMonotonicNanoseconds else {
      throw TimerError("variant '\(name)' was not timed")
    }
    return .nanoseconds(finish - start)
  }

  private func end(of request: ProcessRequest) -> ProcessEnd {
    let result = Mutex<ProcessEnd?>(nil)
    let done = DispatchSemaphore(value: 0)
    return withExtendedLifetime(result) {
      supervisor.start(request) { end in
        result.withLock { $0 = end }
        done.signal()
      }
      done.wait()
      return result.withLock { $0 } ?? ProcessEnd(.lost("its end was not told"))
    }
  }

  private func failure(_ what: String) -> TimerError {
    TimerError("variant '\(name)' \(what): \(words.joined(separator: " "))")
  }
}
