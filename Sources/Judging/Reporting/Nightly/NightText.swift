import SeriesReview
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
    case .waiting(let nights, let needed): return "\(cell.verdictText): \(nights) of \(needed) nights of history"
    case .undecided(let reason): return "\(cell.verdictText): \(reason)"
    case .stale(let reason): return "\(cell.verdictText): \(reason)"
    }
  }

  /// One sentence for all quantities that have too short a history; nil if none has.
  static func waiting(_ cells: [NightCell]) -> String? {
    let found = cells.compactMap { cell in
      if case .waiting(let nights, let needed) = cell.verdict { return (nights: nights, needed: needed) }
      return nil
    }
    guard let least = found.map(\.nights).min(), let most = found.map(\.nights).max(), let needed = found.first?.needed
    else { return nil }
    let nights = least == most ? "\(most)" : "\(least) to \(most)"
    let subject = found.count == 1 ? "1 quantity waits" : "\(found.count) quantities wait"
    return "\(subject) for history: there are \(nights) of \(needed) nights before this one."
  }

  /// That there are nights on other machines, which say nothing about this one; nil if there are none.
  static func otherMachines(_ review: NightReview) -> String? {
    guard !review.otherMachines.isEmpty else { return nil }
    let nights = review.otherMachines.values.reduce(0, +)
    let machines = review.otherMachines.keys.sorted().map { "`\($0.prefix(12))`" }.joined(separator: ", ")
    let which = review.otherMachines.count == 1 ? "Other machine" : "Other machines"
    return "\(which), not compared: \(nights) night\(nights == 1 ? "" : "s") on \(machines)"
  }

  /// How many timed attempts ran on a busy machine, and how busy the worst found it; nil if nothing was timed.
  static func busy(_ night: Night) -> String? {
    guard night.timedAttempts > 0 else { return nil }
    let worst =
      night.busyAttempts == 0
      ? nil
      : night.greatestLoad.map {
        "; at worst, other work kept \(NumberFormat.trimmed($0, 1)) processors busy"
      }
    return "\(night.busyAttempts) of \(night.timedAttempts) timed attempts on a busy machine\(worst ?? "")"
  }

  /// A night by its number, run and day.
  static func night(_ position: Int, in review: NightReview) -> String {
    let night = review.nights[position]
    return "night \(position + 1) (run \(night.run), \(night.startedAt.prefix(10)), commit \(night.commit.prefix(12)))"
  }
}
