/// A statement of the paper, and what would decide it.
struct ClaimRequest: Sendable {
  /// Short name, unique among the ids of a report section.
  var id: String
  /// The statement in the paper's words, shortened.
  var text: String
  /// Where the paper makes it: "Abstract", "Figure 2".
  var place = ""
  /// Claims of one family share the risk of a wrong verdict.
  var family = "claims"
  /// All of them must hold.
  var tests: [ClaimTest] = []
  /// What would make the claim testable; a claim with this text has no tests.
  var missing: String?
  /// What a reader must know to judge the verdict.
  var remark = ""
}

/// One comparison that a claim rests on.
struct ClaimTest: Sendable {
  /// A metric at some of the trials.
  struct Quantity: Sendable {
    var source: MetricSource
    var filter = TrialFilter()
  }

  /// What is computed for each independent unit.
  enum Form: String, Sendable, CaseIterable {
    /// The quantity itself.
    case value
    /// The quantity minus the one it is compared with.
    case difference
    /// The quantity divided by the one it is compared with; tested on the logarithmic scale.
    case ratio
  }

  var label: String
  var filter = TrialFilter()
  var quantity: Quantity
  var against: Quantity?
  var form = Form.value
  /// The axis that a rule about a course runs over.
  var over: String?
  /// The axes whose values are independent repetitions; `nil` for all that no other member mentions.
  var units: [String]?
  var rule: ClaimRule
  /// How units count that have no finite value.
  var incomplete = IncompleteUnits.undecided
  var unit = ""
  /// Decimals of printed values; `nil` for four significant digits.
  var digits: Int?
  /// What the paper prints for it, as text.
  var paper = ""
}

/// When a test holds.
enum ClaimRule: Sendable, Equatable {
  /// Within a margin of a value, by two one-sided tests.
  case equal(Double, margin: Double)
  /// Between two bounds, by two one-sided tests.
  case between(Double, Double)
  case greater(Double)
  case less(Double)
  /// The least-squares slope over the axis, within each unit, is positive or negative.
  case increasing
  case decreasing
  /// All values of the axis agree within a margin, each pair by two one-sided tests.
  case constant(margin: Double)
  /// The step from one value of the axis to another improves, and what the last value adds is a small share of that.
  case saturates(at: Double, from: Double, share: Double, lessIsBetter: Bool)
  /// All units give the same value up to rounding; a single other value refutes.
  case identical(within: Double)

  /// Whether the rule speaks of a course over an axis.
  var needsAxis: Bool {
    switch self {
    case .increasing, .decreasing, .constant, .saturates: true
    case .equal, .between, .greater, .less, .identical: false
    }
  }

  /// What the rule expects, as a part of a sentence.
  ///
  /// - Parameter unit: Of the quantity; empty if dimensionless.
  /// - Returns: A clause without a full stop.
  func words(unit: String) -> String {
    func number(_ value: Double) -> String { NumberFormat.trimmed(value, 6) }
    let unit = unit.isEmpty ? "" : " \(unit)"
    switch self {
    case .equal(let value, let margin): return "expected \(number(value)) ± \(number(margin))\(unit)"
    case .between(let low, let high): return "expected between \(number(low)) and \(number(high))\(unit)"
    case .greater(let bound): return "expected above \(number(bound))\(bound == 0 ? "" : unit)"
    case .less(let bound): return "expected below \(number(bound))\(bound == 0 ? "" : unit)"
    case .increasing: return "expected to rise"
    case .decreasing: return "expected to fall"
    case .constant(let margin): return "expected within ± \(number(margin))\(unit)"
    case .saturates(let at, let from, let share, _):
      return
        "expected an improvement from \(number(from)) to \(number(at)) and then less than \(number(share * 100)) % of it"
    case .identical(let width): return "expected within ± \(number(width))\(unit)"
    }
  }

  /// The rule as a table shows it.
  var text: String {
    func number(_ value: Double) -> String { NumberFormat.trimmed(value, 6) }
    switch self {
    case .equal(let value, let margin): return "= \(number(value)) ± \(number(margin))"
    case .between(let low, let high): return "in [\(number(low)), \(number(high))]"
    case .greater(let bound): return "> \(number(bound))"
    case .less(let bound): return "< \(number(bound))"
    case .increasing: return "increasing"
    case .decreasing: return "decreasing"
    case .constant(let margin): return "constant ± \(number(margin))"
    case .saturates(let at, let from, let share, _):
      return "improves from \(number(from)) to \(number(at)), then gains < \(number(share * 100)) % of that"
    case .identical(let width): return "identical ± \(number(width))"
    }
  }
}
