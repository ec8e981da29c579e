import ExperimentSpec

extension ClaimRule {
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
