import ExperimentSpec
import Glibc
import Statistics

/// What the measurements say about one test of a claim.
struct TestOutcome: Sendable {
  let test: ClaimTest
  let values: UnitValues
  /// The test holds if the mean of each is above zero, and fails if that of any is below.
  let criteria: [OneSidedTest]
  /// The printed estimate with its interval, in the unit of the quantity; `nil` without values.
  let estimate: Estimate?
  /// Set if the rule is not a question of chance: whether the values obey it.
  let isCertain: Bool?
  /// What the units that have no value leave open; `nil` if there are none, or if the spec says how they count.
  let incompleteness: Verdict.Reason?

  /// A printed number.
  struct Estimate: Sendable {
    var value: Double
    /// The one of the one-sided tests: each of its ends is a bound at 5 %.
    var interval: ConfidenceInterval?
    /// The two-sided one at 95 %.
    var wideInterval: ConfidenceInterval?

    /// Describes values by their mean.
    init(of values: [Double]) {
      value = Statistics.mean(of: values)
      interval = try? meanInterval(of: values, level: 0.9)
      wideInterval = try? meanInterval(of: values)
    }

    /// A number without a spread.
    init(value: Double) { self.value = value }

    /// Takes the number and its intervals back from the logarithmic scale.
    var exponential: Estimate {
      func back(_ interval: ConfidenceInterval?) -> ConfidenceInterval? {
        interval.map { ConfidenceInterval(lower: exp($0.lower), upper: exp($0.upper), level: $0.level) }
      }
      var result = Estimate(value: exp(value))
      (result.interval, result.wideInterval) = (back(interval), back(wideInterval))
      return result
    }
  }

  /// Risk of calling the test fulfilled if it is not.
  var holdP: Double {
    if let isCertain { return isCertain ? 0 : 1 }
    return criteria.isEmpty ? 1 : criteria.map(\.abovePValue).max() ?? 1
  }

  /// Risk of calling the test violated if it is not.
  var failP: Double {
    if let isCertain { return isCertain ? 1 : 0 }
    guard let least = criteria.map(\.belowPValue).min() else { return 1 }
    // Any of several criteria may refute, so each gets its share of the risk.
    return min(1, least * Double(criteria.count))
  }

  /// Number of values that the test rests on; 0 if the rule finds nothing to compare.
  var decidingCount: Int { criteria.isEmpty && isCertain == nil && !isIdentity ? 0 : values.units.count }

  private var isIdentity: Bool {
    if case .identical = test.rule { return true }
    return false
  }

  /// Computes the outcome.
  init(_ test: ClaimTest, index: ResultsIndex) {
    let values = UnitValues(test, index: index)
    let judgement = Judgement(of: test, values)
    let lost = values.shortfall.unforeseen
    let whole = values.units.count + values.incompleteCount
    self.test = test
    self.values = values
    estimate = judgement.estimate
    switch test.incomplete {
    case .undecided where !lost.isEmpty:
      (criteria, isCertain) = ([], nil)
      incompleteness = Verdict.Reason(lost, of: whole)
    case .worst where !lost.isEmpty: (criteria, isCertain, incompleteness) = ([], false, nil)
    case .undecided, .worst, .leaveOut:
      (criteria, isCertain, incompleteness) = (judgement.criteria, judgement.isCertain, nil)
    }
  }
}

/// What a rule makes of units that all have their values.
private struct Judgement {
  var criteria: [OneSidedTest] = []
  var estimate: TestOutcome.Estimate?
  var isCertain: Bool?

  init(of test: ClaimTest, _ values: UnitValues) {
    let columns = values.positions.indices.map { position in values.units.map { $0.values[position] } }
    guard !values.units.isEmpty, !columns.isEmpty else { return }
    switch test.rule {
    case .identical(let width):
      let (low, high) = (columns[0].min() ?? 0, columns[0].max() ?? 0)
      isCertain = columns[0].count > 1 ? high - low <= 2 * width : nil
      estimate = TestOutcome.Estimate(value: high - low)
    case .increasing, .decreasing:
      let slopes = values.units.compactMap { try? LinearTrend.slope(x: values.positions, y: $0.values) }
      let sign = test.rule == .increasing ? 1.0 : -1
      criteria = slopes.isEmpty ? [] : [OneSidedTest(of: slopes.map { sign * $0 })]
      estimate = Self.estimate(slopes)
    case .constant(let margin):
      let pairs = Self.pairDifferences(columns)
      criteria = pairs.flatMap { differences in
        [OneSidedTest(of: differences, bound: -margin), OneSidedTest(of: differences.map { -$0 }, bound: -margin)]
      }
      let widest = pairs.max { abs(Statistics.mean(of: $0)) < abs(Statistics.mean(of: $1)) }
      estimate = widest.flatMap(Self.estimate)
    case .saturates(let at, let from, let share, let lessIsBetter):
      guard let reached = values.positions.firstIndex(of: at), let start = values.positions.firstIndex(of: from),
        let last = values.positions.last, last > at
      else { return }
      let sign = lessIsBetter ? -1.0 : 1
      let gains = zip(columns[reached], columns[start]).map { sign * ($0 - $1) }
      let further = zip(columns[columns.count - 1], columns[reached]).map { sign * ($0 - $1) }
      criteria = [OneSidedTest(of: gains), OneSidedTest(of: zip(gains, further).map { share * $0 - $1 })]
      estimate = Self.estimate(gains)
    case .equal, .between, .greater, .less:
      let isRatio = test.form == .ratio
      criteria = Self.bounds(test.rule, isRatio: isRatio).map { bound in
        bound.isLower
          ? OneSidedTest(of: columns[0], bound: bound.value)
          : OneSidedTest(of: columns[0].map { -$0 }, bound: -bound.value)
      }
      let plain = Self.estimate(columns[0])
      estimate = isRatio ? plain?.exponential : plain
    }
  }

  private static func bounds(_ rule: ClaimRule, isRatio: Bool) -> [(value: Double, isLower: Bool)] {
    let plain: [(value: Double, isLower: Bool)] =
      switch rule {
      case .equal(let value, let margin): [(value - margin, true), (value + margin, false)]
      case .between(let low, let high): [(low, true), (high, false)]
      case .greater(let bound): [(bound, true)]
      case .less(let bound): [(bound, false)]
      default: []
      }
    // A bound at or below zero is met by every ratio.
    return isRatio ? plain.map { ($0.value > 0 ? log($0.value) : -.infinity, $0.isLower) } : plain
  }

  private static func estimate(_ values: [Double]) -> TestOutcome.Estimate? {
    values.isEmpty ? nil : TestOutcome.Estimate(of: values)
  }

  private static func pairDifferences(_ columns: [[Double]]) -> [[Double]] {
    columns.indices.flatMap { first in
      columns.indices.filter { $0 > first }.map { second in zip(columns[second], columns[first]).map { $0 - $1 } }
    }
  }
}
