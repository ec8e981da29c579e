/// One measured value.
public struct SampleResult: Sendable, Hashable {
  /// Metric name.
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
  /// The value; NaN and infinities survive storage.
  public var value: Double

  /// Makes one sample; a plain metric has repetition 0 and neither block nor position.
  public init(
    metric: String, unit: String = "", repetition: Int = 0, isWarmup: Bool = false, block: Int? = nil,
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
