public import AttemptModel
import Files
public import InputTracing
import Printing

/// What is known of an attempt when it is over.
public struct AttemptReport: Sendable, Equatable {
  /// Characters of a stored message: a few lines of a log, and what is said of them.
  private static let messageLimit = 4800

  /// How it ended.
  public var exitKind: ExitKind
  /// Why it failed, and where the log is; without control characters and cut where nobody reads on.
  public let message: String?
  /// Measured values in the order reported.
  public var samples: [SampleResult]
  /// Files and folders to be stored.
  public var files: [ProducedFile]
  /// Start of the execution; nil for the moment of `beginAttempt`.
  public var start: TimePoint?
  /// End of the execution.
  public var end: TimePoint
  /// The machine's state at the end.
  public var loadAtEnd: LoadReading
  /// Processor time, memory and page faults, if they could be measured.
  public var usage: ResourceUsage?
  /// How warm the long-lived worker was that executed it; nil for a command.
  public var worker: WorkerWarmth?
  /// The machine around a timed attempt; nil for others.
  public var conditions: TimingConditions?

  /// What it depended on besides its fingerprint; nil if that was not followed.
  public var trace: InputTrace?
  /// The code with which its process ended by itself.
  public var exitCode: Int?
  /// The signal that ended its process.
  public var signal: Int?
  /// What it did oddly without failing.
  public var warnings: [String] = []

  /// Makes a report; end and load default to the present.
  public init(
    exitKind: ExitKind, message: String? = nil, samples: [SampleResult] = [], files: [ProducedFile] = [],
    start: TimePoint? = nil, end: TimePoint = .now(), loadAtEnd: LoadReading = .current(), usage: ResourceUsage? = nil,
    worker: WorkerWarmth? = nil
  ) {
    self.exitKind = exitKind
    self.message = message?.printable.abbreviated(to: Self.messageLimit)
    self.samples = samples
    self.files = files
    self.start = start
    self.end = end
    self.loadAtEnd = loadAtEnd
    self.usage = usage
    self.worker = worker
  }
}

extension AttemptReport {
  /// Which of the database's rules it breaks; `nil` if none.
  var flaw: String? {
    func hasZero(_ text: String) -> Bool { text.utf8.contains(0) }
    for sample in samples {
      if let expected = FreeName.expectation(for: sample.metric) {
        return "the name of metric '\(sample.metric)' should be \(expected)"
      }
      if hasZero(sample.unit) { return "the unit of metric '\(sample.metric)' has a zero byte" }
      let numbers: [(String, Int?)] = [
        ("repetition", sample.repetition), ("block", sample.block), ("position", sample.position),
      ]
      for (name, number) in numbers {
        guard let number, let expected = Ordinal.expectation(for: number) else { continue }
        return "the \(name) of a sample of metric '\(sample.metric)' should be \(expected)"
      }
    }
    for file in files {
      if let expected = FreeName.expectation(for: file.name) {
        return "the name of artifact '\(file.name)' should be \(expected)"
      }
      if hasZero(file.mediaType) || hasZero(file.path) {
        return "the path or media type of artifact '\(file.name)' has a zero byte"
      }
    }
    return nil
  }
}

extension ExitKind {
  /// The state of an attempt that ended so, as the database names it.
  var attemptState: String {
    switch self {
    case .succeeded, .cancelled, .lost: rawValue
    case .failed, .timedOut, .signalled, .memory: "failed"
    }
  }

  /// The state of the job.
  var jobState: JobState {
    switch self {
    case .succeeded: .done
    case .cancelled, .lost: .planned
    case .failed, .timedOut, .signalled, .memory: .failed
    }
  }
}
