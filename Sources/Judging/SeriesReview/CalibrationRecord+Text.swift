public import AttemptModel
public import ResultsStore

extension CalibrationRecord {
  /// What a gate quotes: the share of false alarms and the smallest slow-down that is found, on one line.
  public var summary: String {
    var text = "\(cell): \(falseAlarms) false alarm\(falseAlarms == 1 ? "" : "s") in \(comparisons) comparison"
    text +=
      "\(comparisons == 1 ? "" : "s") with itself (\(Self.percent(falseAlarmRange)); stated \(Self.percent(significance)))"
    if let detectable {
      let range = detectableRange.map { " (\(Self.percent($0)))" } ?? ""
      text +=
        "; finds a slow-down of \(Self.percent(detectable))\(range) \(Self.percent(power)) of the time with \(pairs) pairs"
    } else {
      text += "; \(pairs) pairs are too few to find any slow-down"
    }
    if let planted { text += "; found \(plantedFound) of \(plantedComparisons) slow-downs of \(Self.percent(planted))" }
    return text
  }

  static func percent(_ share: Double) -> String {
    let value = share * 100
    // Two digits say enough about a share that is itself uncertain.
    let rounded = abs(value) >= 10 ? value.rounded() : (value * 100).rounded() / 100
    return rounded == rounded.rounded() ? "\(Int(rounded)) %" : "\(rounded) %"
  }

  static func percent(_ range: ClosedRange<Double>) -> String {
    "\(percent(range.lowerBound)) to \(percent(range.upperBound))"
  }
}

extension TimingConditions {
  /// How busy the machine was around an attempt, on one line.
  public var summary: String {
    func text(_ load: Double?) -> String { load.map { "\(($0 * 100).rounded() / 100)" } ?? "unknown" }
    let state = isQuiet.map { $0 ? "quiet machine" : "busy machine" } ?? "machine of unknown load"
    var text =
      "\(state): other work kept \(text(loadBefore)) processors busy before and \(text(loadDuring)) during it, "
    text += "\(rule.load) are allowed; waited \((waitedSeconds * 10).rounded() / 10) s"
    if let first = frequency.start, let last = frequency.end { text += "; \(Int(first)) to \(Int(last)) MHz" }
    if let first = temperature.start, let last = temperature.end { text += "; \(Int(first)) to \(Int(last)) °C" }
    return text
  }
}
