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
  }

  /// One of several values of one metric.
  public struct Sample: Sendable, Hashable {
    /// Free name, such as "time.swiftbrush".
    public var metric: String
    /// Unit, empty if dimensionless.
    public var unit: String
    /// 0-based repetition.
    public var repetition: Int
    /// Whether it is a warm-up, to be left out of statistics.
    public var isWarmup: Bool
    /// Block of the interleaving, if any.
    public var block: Int?
    /// Position inside the block, if any.
    public var position: Int?
    /// Any double, in `unit`.
    public var value: Double

    /// Creates a sample.
    ///
    /// - Parameters:
    ///   - metric: Free name.
    ///   - unit: Unit, empty if dimensionless.
    ///   - repetition: 0-based repetition.
    ///   - isWarmup: Whether it is left out of statistics.
    ///   - block: Block of the interleaving, if any.
    ///   - position: Position inside the block, if any.
    ///   - value: Any double, in `unit`.
    public init(
      metric: String, unit: String = "", repetition: Int, isWarmup: Bool = false, block: Int? = nil,
      position: Int? = nil, value: Double
    ) {
      self.metric = metric
      self.unit = unit
      self.repetition = repetition
      self.isWarmup = isWarmup
      self.block = block
      self.position = position
      self.value = value
    }
  }

  /// One file or folder that was made.
  public struct Artifact: Sendable, Hashable {
    /// The name by which other stages ask for it.
    public var name: String
    /// Absolute, or relative to the output directory.
    public var path: String
    /// Such as "image/png".
    public var mediaType: String

    /// Creates an artifact.
    ///
    /// - Parameters:
    ///   - name: The name by which other stages ask for it.
    ///   - path: Absolute, or relative to the output directory.
    ///   - mediaType: Such as "image/png".
    public init(name: String, path: String, mediaType: String) {
      self.name = name
      self.path = path
      self.mediaType = mediaType
    }
  }

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
