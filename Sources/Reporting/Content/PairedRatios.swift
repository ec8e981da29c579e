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
      guard !base.unit.isEmpty, base.unit == other.unit else { continue }
      let name = "**\(other.label) / \(base.label)**"
      if content.hasReplicateRows {
        let pairs = pairs(base, other, content.rows.flatMap(\.trials), index)
        guard let text = text(pairs) else { continue }
        sentences.append(name + ": " + text + printed(base, other))
      } else {
        for row in content.rows {
          guard let text = text(pairs(base, other, row.trials, index)) else { continue }
          sentences.append("\(name), \(content.request.rowLabel) \(row.name): \(text)")
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
      guard let first = a.summary, let second = b.summary, seen.insert(attempts).inserted else { continue }
      result.base.append(first.mean)
      result.other.append(second.mean)
    }
    return result
  }

  private static func text(_ pairs: (base: [Double], other: [Double])) -> String? {
    guard
      let comparison = try? PairedComparison(
        numerators: pairs.other, denominators: pairs.base, bootstrap: ComparisonTable.bootstrap)
    else { return nil }
    var text = "median of paired ratios \(NumberFormat.significant(comparison.medianRatio, 3))"
    if comparison.count >= ComparisonTable.leastForBootstrap, let interval = comparison.interval {
      let bounds = [interval.lower, interval.upper].map { NumberFormat.significant($0, 3) }
      text += ", 95 % interval [\(bounds[0]), \(bounds[1])]"
    }
    let pairCount = comparison.count == 1 ? "1 pair" : "\(comparison.count) pairs"
    return text + " (\(pairCount)); ratio of means \(NumberFormat.significant(comparison.ratioOfMeans, 3))."
  }

  private static func printed(_ base: TableRequest.Column, _ other: TableRequest.Column) -> String {
    let (a, b) = (base.paper.compactMap { $0 }, other.paper.compactMap { $0 })
    guard a.count == base.paper.count, b.count == other.paper.count,
      let comparison = try? PairedComparison(numerators: b, denominators: a)
    else { return "" }
    return
      " From the paper's printed rows: median \(NumberFormat.significant(comparison.medianRatio, 3)), ratio of means "
      + "\(NumberFormat.significant(comparison.ratioOfMeans, 3))."
  }
}
