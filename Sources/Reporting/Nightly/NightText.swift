import Nightly
import Statistics

/// Numbers of nightly pages as text.
enum NightText {
  /// A value with its unit, four digits.
  static func number(_ value: Double, _ unit: String) -> String {
    let text = NumberFormat.significant(value, 4)
    return unit.isEmpty ? text : "\(text) \(unit)"
  }

  /// A relative change with its sign, in percent.
  static func signedPercent(_ share: Double) -> String {
    (share > 0 ? "+" : "") + NumberFormat.fixed(share * 100, 1) + " %"
  }

  /// A share in percent.
  static func percent(_ share: Double) -> String { NumberFormat.trimmed(share * 100, 2) + " %" }

  /// An interval in brackets, four digits.
  static func range(_ interval: ConfidenceInterval?) -> String {
    guard let interval else { return NumberFormat.missing }
    return "[\(NumberFormat.significant(interval.lower, 4)), \(NumberFormat.significant(interval.upper, 4))]"
  }

  /// The verdict on a quantity with what explains it, without Markdown.
  static func explanation(of cell: NightCell, in review: NightReview) -> String {
    let change = cell.relativeChange.map { "\(signedPercent($0)) " } ?? ""
    let reference = cell.reference.map { number($0, cell.unit) } ?? NumberFormat.missing
    let accepted = cell.baseline == nil ? "" : " accepted"
    switch cell.verdict {
    case .steady, .failed: return cell.verdictText
    case .reused: return "\(cell.verdictText): what it depends on has not changed"
    case .unusual:
      return "\(cell.verdictText): \(change)against\(accepted) \(reference), expected \(range(cell.expected))"
    case .shifted(_, let since):
      return "\(cell.verdictText): \(change)against\(accepted) \(reference) since \(night(since, in: review))"
    case .undecided(let reason): return "\(cell.verdictText): \(reason)"
    case .stale(let reason): return "\(cell.verdictText): \(reason)"
    }
  }

  /// A night by its number, run and day.
  static func night(_ position: Int, in review: NightReview) -> String {
    let night = review.nights[position]
    return "night \(position + 1) (run \(night.run), \(night.startedAt.prefix(10)), commit \(night.commit.prefix(12)))"
  }
}
