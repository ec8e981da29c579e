package import AttemptModel

/// A process to be started by the supervisor.
package struct ProcessRequest: Sendable {
  /// Where a standard stream leads.
  package enum Stream: Sendable {
    /// Nothing to read, and what is written is dropped.
    case null
    /// A file that is made by the first byte, of at most about `limit` bytes: the middle of more is cut out.
    case file(String, limit: Int)
    /// A descriptor, which the supervisor's connection closes once it is sent.
    case descriptor(Int32)
  }

  /// Program and arguments; the program is looked for in `PATH` if it has no slash.
  package var arguments: [String]
  /// All variables.
  package var environment: [String: String]
  package var workingDirectory: String
  package var standardInput: Stream
  package var standardOutput: Stream
  package var standardError: Stream
  /// Wall-clock limit.
  package var timeLimitSeconds: Double?
  /// Between SIGTERM and SIGKILL.
  package var graceSeconds: Double
  /// Most memory that the process and its descendants may hold together, in bytes.
  package var memoryLimitBytes: Int?

  package init(
    arguments: [String], environment: [String: String], workingDirectory: String, standardInput: Stream = .null,
    standardOutput: Stream = .null, standardError: Stream = .null, timeLimitSeconds: Double? = nil,
    graceSeconds: Double = 5, memoryLimitBytes: Int? = nil
  ) {
    self.arguments = arguments
    self.environment = environment
    self.workingDirectory = workingDirectory
    self.standardInput = standardInput
    self.standardOutput = standardOutput
    self.standardError = standardError
    self.timeLimitSeconds = timeLimitSeconds
    self.graceSeconds = graceSeconds
    self.memoryLimitBytes = memoryLimitBytes
  }

  /// Standard input, output and error.
  var streams: [Stream] { [standardInput, standardOutput, standardError] }
}

/// How a supervised process ended; all its descendants are gone too.
package struct ProcessEnd: Sendable {
  package enum Kind: Sendable, Hashable {
    case exited(Int)
    case signalled(Int)
    /// It never ran, because its program or folder cannot be used; the text says why.
    case notStarted(String)
    /// The supervisor or the process's shepherd died, or the system refused a process; the text says so.
    case lost(String)
  }

  package enum Cause: Sendable, Hashable {
    case itself, timeLimit, memoryLimit, cancelled
    /// It kept stopping the process that watched it.
    case stopping
  }

  package var kind: Kind
  package var cause: Cause
  package var usage: ResourceUsage?
  /// Greatest amount seen of what the process and its descendants held together, in KiB; only known with a limit.
  package var treePeakKiB: Int?
  /// Descendants that outlived the process and were killed.
  package var strays: Int
  /// Whether the kernel killed for want of memory meanwhile.
  package var wasOutOfMemory: Bool
  /// On the monotonic clock, just before its program was started.
  package var startMonotonicNanoseconds: Int64?
  /// On the monotonic clock.
  package var endMonotonicNanoseconds: Int64?
  /// Bytes left out of the files for output and error.
  package var cutBytes: (output: UInt64, error: UInt64)

  package init(_ kind: Kind, cause: Cause = .itself) {
    self.kind = kind
    self.cause = cause
    strays = 0
    wasOutOfMemory = false
    cutBytes = (0, 0)
  }
}
