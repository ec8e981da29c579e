import Glibc
import Statistics

/// Who is measured next: rounds of all compared things, in pairs of opposite order, so that drift of the machine meets all alike.
///
/// A state machine without a clock: ask for a turn, measure, record, until there is none. A precision is looked at after every round, which
/// an anytime-valid interval allows.
public struct Interleaving: Sendable {
  /// One measurement to make.
  public struct Turn: Sendable, Hashable {
    /// Which of the compared things.
    public let variant: Int
    /// 0-based round, warm-up included.
    public let repetition: Int
    /// Whether the round is left out of statistics.
    public let isWarmup: Bool
    /// The pair of rounds.
    public let block: Int
    /// Place in the round.
    public let position: Int
  }

  /// Half-width of the 95 % interval of the logarithm of the second thing's time over the first's, valid whenever one stops; nil
  /// before it can be known, and without a precision in the plan.
  public private(set) var halfWidth: Double?

  private let plan: MeasurementPlan
  private let variants: Int
  private var generator: ResamplingGenerator
  private var order: [Int]
  private var repetition = 0
  private var position = 0
  private var round: [Double]
  private var logRatios: ConfidenceSequence?
  private var elapsed = 0.0
  private var isFinished = false

  /// Starts at the first warm-up round.
  ///
  /// - Parameters:
  ///   - variants: Compared things, at least 1; ratios are of the second to the first.
  ///   - plan: Repetitions, order and when to stop.
  ///   - seed: Seed of random orders.
  public init(variants: Int, plan: MeasurementPlan, seed: UInt64) {
    self.plan = plan
    self.variants = variants
    generator = ResamplingGenerator(seed: seed)
    order = Array(0..<variants)
    round = Array(repeating: 0, count: variants)
    if plan.precision != nil, variants > 1 {
      logRatios = try? ConfidenceSequence(level: 0.95, tightestAt: max(2, plan.repetitions))
    }
    if plan.order == .random { order.shuffle(using: &generator) }
  }

  /// The measurement to make now.
  ///
  /// - Returns: The turn, or nil when enough has been measured.
  public func next() -> Turn? {
    guard !isFinished else { return nil }
    return Turn(
      variant: order[position], repetition: repetition, isWarmup: repetition < plan.warmup, block: repetition / 2,
      position: position)
  }

  /// Takes the result of the turn and moves on.
  ///
  /// - Parameters:
  ///   - value: What was measured, above 0; seconds a call.
  ///   - spent: Seconds that the turn took in all.
  public mutating func record(_ value: Double, spent: Double) {
    round[order[position]] = value
    elapsed += spent
    position += 1
    guard position == variants else { return }
    position = 0
    if repetition >= plan.warmup { logRatios?.append(log(round[1] / round[0])) }
    repetition += 1
    let closesPair = repetition % 2 == 0
    switch plan.order {
    case .fixed: break
    case .abba: order.reverse()
    case .random: if closesPair { order.shuffle(using: &generator) } else { order.reverse() }
    }
    isFinished = isEnough(closesPair: closesPair)
  }

  private mutating func isEnough(closesPair: Bool) -> Bool {
    let counted = repetition - plan.warmup
    guard counted >= 1 else { return false }
    if let budget = plan.timeBudget, elapsed >= budget, closesPair { return true }
    guard counted >= plan.repetitions else { return false }
    guard let precision = plan.precision, let logRatios else { return true }
    halfWidth = logRatios.interval.map { ($0.upper - $0.lower) / 2 }
    return counted >= precision.maximumRepetitions || halfWidth.map { $0 <= precision.halfWidth } ?? false
  }
}
