import Foundation

/// What a running training reports.
public struct TrainingProgress: Sendable {
  /// Finished steps.
  public var step: Int
  /// Steps in all.
  public var steps: Int
  /// Mean loss of the last reporting interval; what it means depends on the training.
  public var loss: Double
  /// Images trained on per second of the last reporting interval.
  public var imagesPerSecond: Double

  /// Estimated seconds to the end at the present speed.
  ///
  /// - Parameter batch: Images a step.
  /// - Returns: Seconds, infinite while nothing has been measured.
  public func remainingSeconds(batch: Int) -> Double {
    Double((steps - step) * batch) / imagesPerSecond
  }
}

/// Something that is trained step by step and can be stopped and resumed between any two steps.
public protocol Trainable: AnyObject {
  /// Finished steps.
  var step: Int { get }
  /// Steps in all.
  var steps: Int { get }
  /// Images a step.
  var batch: Int { get }
  /// Does one step.
  ///
  /// - Returns: The loss.
  /// - Throws: `PriorBrushError` if the numbers stop being finite.
  func advance() throws -> Double
  /// Writes everything needed to go on from here, atomically.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be written.
  func save(to path: String) throws
  /// Continues from a checkpoint, to the same numbers as if there had been no interruption.
  ///
  /// - Parameter path: The checkpoint file.
  /// - Throws: If the file cannot be read or belongs to another training.
  func restore(from path: String) throws
}

extension Trainable {
  /// Parts of a batch that are trained side by side: the same on every machine, because a part's draws depend on its number.
  static var shards: Int { 2 }
}

/// A training that was asked to end before its last step.
public struct TrainingInterrupted: Error, Sendable, Hashable, CustomStringConvertible {
  /// Finished steps, which its checkpoint holds.
  public let step: Int
  /// Steps in all.
  public let steps: Int

  /// One sentence.
  public var description: String {
    "the training was ended after step \(step) of \(steps); its checkpoint holds all of them, and the next attempt goes on from there"
  }
}

/// Runs a training to its end with checkpoints, a log and progress reports.
public struct TrainingLoop {
  /// Folder of checkpoint and log; a checkpoint found in it is continued.
  public var folder: String
  /// Seconds between checkpoints.
  public var checkpointSeconds: Double = 120
  /// Seconds between progress reports and log lines.
  public var reportSeconds: Double = 5

  /// Creates a loop.
  ///
  /// - Parameter folder: An existing folder of its own for checkpoint and log.
  public init(folder: String) { self.folder = folder }

  /// The log of a training: one line of comma-separated step, loss and images per second for each report.
  public var logPath: String { "\(folder)/training.csv" }

  /// Trains to the end.
  ///
  /// - Parameters:
  ///   - training: What to train; it is restored first if there is a checkpoint.
  ///   - afterStep: Called after each step, before its checkpoint, so that what it writes is never older than the checkpoint.
  ///   - isCancelled: Asked before each step; once it says so, the training is saved and ends.
  ///   - report: Called every few seconds.
  /// - Throws: `TrainingInterrupted`, whatever the training or `afterStep` throws, and file errors.
  public func run(
    _ training: some Trainable, afterStep: () throws -> Void = {}, isCancelled: () -> Bool = { false },
    report: (TrainingProgress) -> Void
  ) throws {
    let checkpoint = "\(folder)/checkpoint.safetensors"
    if FileManager.default.fileExists(atPath: checkpoint) {
      try training.restore(from: checkpoint)
    }
    var log = try TrainingLog(path: logPath, keepingStepsUpTo: training.step)
    let clock = ContinuousClock()
    var lastReport = clock.now
    var lastCheckpoint = clock.now
    var losses = 0.0
    var count = 0
    while training.step < training.steps {
      if isCancelled() {
        try training.save(to: checkpoint)
        throw TrainingInterrupted(step: training.step, steps: training.steps)
      }
      losses += try training.advance()
      try afterStep()
      count += 1
      let elapsed = (clock.now - lastReport) / .seconds(1)
      if elapsed >= reportSeconds || training.step == training.steps {
        let progress = TrainingProgress(
          step: training.step, steps: training.steps, loss: losses / Double(count),
          imagesPerSecond: Double(count * training.batch) / elapsed)
        try log.append(progress)
        report(progress)
        (losses, count, lastReport) = (0, 0, clock.now)
      }
      if (clock.now - lastCheckpoint) / .seconds(1) >= checkpointSeconds {
        try training.save(to: checkpoint)
        lastCheckpoint = clock.now
      }
    }
    try training.save(to: checkpoint)
  }
}
