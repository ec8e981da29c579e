public import AttemptModel
/// What an attempt measured and made: the members that a worker's result and a command's result file share.
public struct TaskMeasurements: Sendable, Hashable {
  /// One value of one metric.
  public struct Metric: Sendable, Hashable {
    /// Free name, such as "ssim".
    public var name: String
    /// Any double.
    public var value: Double
    /// Unit, empty if dimensionless.
    public var unit: String

    /// Creates a metric.
    ///
    /// - Parameters:
    ///   - name: Free name.
    ///   - value: Any double, in `unit`.
    ///   - unit: Unit, empty if dimensionless.
    public init(name: String, value: Double, unit: String = "") {
      self.name = name
      self.value = value
      self.unit = unit
    }

    /// The same as the only sample of the metric.
    public var sample: SampleResult { SampleResult(metric: name, unit: unit, value: value) }
  }

  /// One of several values of one metric.
  public typealias Sample = SampleResult

  /// One file or folder that was made; its path is absolute, or relative to the output directory.
  public typealias Artifact = ProducedFile

  /// Single values.
  public var metrics: [Metric]
  /// Repeated values.
  public var samples: [Sample]
  /// Files.
  public var artifacts: [Artifact]

  /// Creates measurements.
  ///
  /// - Parameters:
  ///   - metrics: Single values.
  ///   - samples: Repeated values.
  ///   - artifacts: Files.
  public init(metrics: [Metric] = [], samples: [Sample] = [], artifacts: [Artifact] = []) {
    self.metrics = metrics
    self.samples = samples
    self.artifacts = artifacts
  }
}
