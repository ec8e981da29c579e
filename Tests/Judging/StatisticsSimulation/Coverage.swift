public import Statistics

/// How often an interval covered the truth in simulated experiments.
public struct Coverage: Sendable {
  /// Number of experiments.
  public var trials = 0
  /// How many of them gave an interval.
  public var given = 0
  /// How many of the intervals held the true value.
  public var covered = 0

  /// Share of the given intervals that held the true value; 0 if none was given.
  public var share: Double { given > 0 ? Double(covered) / Double(given) : 0 }

  /// Repeats an experiment.
  ///
  /// - Parameters:
  ///   - trials: Number of experiments.
  ///   - truth: The true value.
  ///   - seed: Seed of the simulation.
  ///   - experiment: Draws a sample and returns its interval, or `nil` if none can be given.
  public init(
    trials: Int, truth: Double, seed: UInt64,
    experiment: (inout ResamplingGenerator) throws -> ConfidenceInterval?
  ) rethrows {
    var generator = ResamplingGenerator(seed: seed)
    for _ in 0..<trials {
      self.trials += 1
      guard let interval = try experiment(&generator) else { continue }
      given += 1
      if interval.contains(truth) { covered += 1 }
    }
  }
}
