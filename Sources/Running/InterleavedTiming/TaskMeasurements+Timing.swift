import AttemptModel
public import WorkerProtocol

extension TaskMeasurements {
  /// The samples of an interleaved timing, with the calls that each spans and the precision that was reached.
  ///
  /// - Parameter timing: The timing; its samples become those of their metrics, in seconds.
  public init(_ timing: InterleavedTiming.Result) {
    self.init(
      metrics: [Metric(name: "calls", value: Double(timing.calls))]
        + (timing.halfWidth.map { [Metric(name: "precision", value: $0)] } ?? []),
      samples: timing.samples.map { sample in
        Sample(
          metric: sample.metric, unit: "s", repetition: sample.turn.repetition, isWarmup: sample.turn.isWarmup,
          block: sample.turn.block, position: sample.turn.position, value: sample.seconds)
      })
  }
}
