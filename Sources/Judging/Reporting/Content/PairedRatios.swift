import ExperimentSpec
import JSON
import ResultsStore
import Statistics

/// Ratios of neighbouring columns in the same unit, measured on the same trials.
enum PairedRatios {
  /// Returns one sentence per pair of columns, and per row if the rows are not replicates.
  static func sentences(_ content: TableContent, index: ResultsIndex) -> [String] {
    let columns = content.request.columns
    var sentences: [String] = []
    for later in columns.indices.dropFirst() {
      let (base, other) = (columns[later - 1], columns[later])
      // Columns of different trials have no pairs within a trial.
      guard !base.unit.isEmpty, base.unit == other.unit, base.filter == other.filter else { continue }
      let name = "**\(title(other)) / \(title(base))**"
      if content.hasReplicateRows {
        let pairs = pairs(base, other, content.rows.flatMap(\.trials), index)
        guard let text = text(pairs) else { continue }
        sentences.append(name + ": " + text + printed(base, other))
      } else {
        for row in content.rows {
          guard let text = text(pairs(base, other, base.trials(among: row.trials), index)) else { continue }
          sentences.append("\(name), \(row.title): \(text)")
        }
      }
    }
    return sentences
  }

  /// One pair per trial; trials served by the same two attempts give one pair.
  private static func pairs(
    _ base: TableRequest.Column, _ other: TableRequest.Column, _ trials: [TrialResults], _ index: ResultsIndex
  ) -> (base: [Double], other: [Double]) {
    var seen: Set<[Int64]> = []
    var result: (base: [Double], other: [Double]) = ([], [])
    for trial in trials {
      let (a, b) = (index.measurement(base.source, for: [trial]), index.measurement(other.source, for: [trial]))
      let attempts = a.observations.map(\.attempt) + [-1] + b.observations.map(\.attempt)
      guard let first = a.mean, let second = b.mean, seen.insert(attempts).inserted else { continue }
      result.base.append(first)
      result.other.append(second)
    }
    return result
  }

  private static func text(_ pairs: (base: [Double], other: [Double])) -> String? {
    guard
      let comparison = try? PairedComparison(numerators: pairs.other, denominators: pairs.base, bootstrap: nil),
      let ratio = comparison.geometricMeanRatio
    else { return nil }
    guard let interval = comparison.geometricMeanInterval else {
      return "\(NumberFormat.significant(ratio, 3)) (1 pair)."
    }
    let bounds = [interval.lower, interval.upper].map { NumberFormat.significant($0, 3) }
    return "\(NumberFormat.significant(ratio, 3)) [\(bounds[0]), \(bounds[1])], the geometric mean of "
      + "\(comparison.count) paired ratios; their median is \(NumberFormat.significant(comparison.medianRatio, 3)), the "
      + "ratio of the means \(NumberFormat.significant(comparison.ratioOfMeans, 3))."
  }

  /// A ratio has no unit, so that the label does without it.
  private static func title(_ column: TableRequest.Column) -> String {
    let unit = " (\(column.unit))"
    return column.label.hasSuffix(unit) ? String(column.label.dropLast(unit.count)) : column.label
  }

  private static func printed(_ base: TableRequest.Column, _ other: TableRequest.Column) -> String {
    let (a, b) = (base.paper.compactMap { $0 }, other.paper.compactMap { $0 })
    guard a.count == base.paper.count, b.count == other.paper.count,
      let comparison = try? PairedComparison(numerators: b, denominators: a, bootstrap: nil),
      let ratio = comparison.geometricMeanRatio
    else { return "" }
    return
      " The paper's printed rows give \(NumberFormat.significant(ratio, 3)), "
      + "\(NumberFormat.significant(comparison.medianRatio, 3)) and "
      + "\(NumberFormat.significant(comparison.ratioOfMeans, 3))."
  }
}
