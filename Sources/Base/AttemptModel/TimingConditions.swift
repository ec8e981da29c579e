/// The machine around one timed attempt; what the system does not tell is nil.
public struct TimingConditions: Sendable, Hashable {
  /// A reading just before and just after the attempt.
  public struct Span: Sendable, Hashable {
    /// Before.
    public var start: Double?
    /// After.
    public var end: Double?

    /// Makes a pair of readings.
    public init(start: Double? = nil, end: Double? = nil) {
      self.start = start
      self.end = end
    }
  }

  /// When the machine was quiet enough.
  public var rule: QuietRule
  /// How long the attempt waited, seconds.
  public var waitedSeconds: Double
  /// Processors that other work kept busy just before the attempt.
  public var loadBefore: Double?
  /// Processors that other work kept busy while it ran.
  public var loadDuring: Double?
  /// Mean frequency of the processors, MHz.
  public var frequency: Span
  /// Hottest sensor, °C.
  public var temperature: Span

  /// Makes a record.
  public init(
    rule: QuietRule, waitedSeconds: Double, loadBefore: Double? = nil, loadDuring: Double? = nil,
    frequency: Span = Span(), temperature: Span = Span()
  ) {
    self.rule = rule
    self.waitedSeconds = waitedSeconds
    self.loadBefore = loadBefore
    self.loadDuring = loadDuring
    self.frequency = frequency
    self.temperature = temperature
  }

  private var loads: [Double] { [loadBefore, loadDuring].compactMap(\.self) }

  /// Whether the limit was kept before and during the attempt; nil if neither load is known.
  public var isQuiet: Bool? { loads.isEmpty ? nil : loads.allSatisfy { $0 <= rule.load } }

  /// Processors that other work kept busy, the greater of before and during the attempt; nil if neither is known.
  public var load: Double? { loads.max() }
}
