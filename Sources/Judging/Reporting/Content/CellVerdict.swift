import ExperimentSpec
import Statistics

/// The verdict on a number that the paper prints: whether ours equals it within the declared margin.
package struct CellVerdict: Sendable {
  /// The cell's address without the experiment.
  package var address: String
  /// What the number is, in words.
  package var title: String
  /// The paper's number.
  var reference: Double
  /// The declared margin, at least what the paper's rounding hides.
  var margin: Double
  /// Our mean with the 90 % interval that decides, `nil` without values.
  var estimate: TestOutcome.Estimate?
  /// Independent values.
  var count: Int
  /// As many as there should be.
  var expectedCount: Int
  /// Decimals of the column.
  var digits: Int
  /// What an independent value is one of, such as "seed"; empty if it has no name.
  var unit: String
  /// The verdict after the correction for the table.
  package var verdict: Verdict

  /// Our mean divided by the paper's number, `nil` without either.
  var ratio: Double? {
    guard let estimate, reference != 0 else { return nil }
    return estimate.value / reference
  }

  /// Judges the published cells of a table whose columns declare a margin; the table is one family.
  static func all(_ content: TableContent) -> [CellVerdict] {
    var cells: [CellVerdict] = []
    var bases: [Basis?] = []
    for (position, column) in content.request.columns.enumerated() {
      guard column.hasPaper, column.missing != nil || column.margin != nil else { continue }
      for (row, reference) in references(content, position) {
        let measurement = row.map { content.cells[$0][position] } ?? content.pooled(position)
        let margin = max(column.margin ?? 0, column.roundingError)
        let values = measurement.values
        let isUnknown = column.missing != nil
        bases.append(isUnknown ? nil : Basis(measurement, column, reference: reference, margin: margin))
        let name = row.map { content.rows[$0].title } ?? "mean"
        cells.append(
          CellVerdict(
            address: content.address(row: row, summary: row == nil ? .mean : nil, column: position),
            title: "\(content.request.title), \(name), \(column.label)", reference: reference, margin: margin,
            estimate: values.isEmpty || isUnknown
              ? nil
              : TestOutcome.Estimate(of: values),
            count: isUnknown ? 0 : values.count, expectedCount: measurement.expectedCount, digits: column.digits,
            unit: content.unitName,
            verdict: .notTestable(column.missing ?? "")))
      }
    }
    let tested = cells.indices.compactMap { position in bases[position].map { (position, $0) } }
    let shares = ClaimFamily.shares(tested.map { $0.1.risk.least })
    for ((position, basis), share) in zip(tested, shares) {
      cells[position].verdict = Verdict(
        basis.risk, share: share, criteria: basis.criteria, counts: [cells[position].count],
        incompleteness: basis.incompleteness)
    }
    return cells
  }

  /// What the verdict on a cell rests on.
  private struct Basis {
    var criteria: [OneSidedTest] = []
    var risk = Risk([OneSidedTest]())
    var incompleteness: Verdict.Reason?

    init(_ measurement: Measurement, _ column: TableRequest.Column, reference: Double, margin: Double) {
      let values = measurement.values
      let lost = measurement.shortfall.unforeseen
      switch column.incomplete {
      case .undecided where !lost.isEmpty:
        incompleteness = Verdict.Reason(lost, of: measurement.expectedCount)
      case .worst where !lost.isEmpty: risk.fail = 0
      case .undecided, .worst, .leaveOut:
        criteria = [
          OneSidedTest(of: values, bound: reference - margin),
          OneSidedTest(of: values.map { -$0 }, bound: -reference - margin),
        ]
        risk = Risk(criteria)
      }
    }
  }

  /// Rows that repeat one another are judged together, by their mean.
  private static func references(_ content: TableContent, _ position: Int) -> [(row: Int?, value: Double)] {
    let column = content.request.columns[position]
    guard !content.hasReplicateRows else {
      return ComparisonTable.reference(column).map { [(nil, $0)] } ?? []
    }
    return content.rows.indices.compactMap { row in
      guard row < column.paper.count, let value = column.paper[row] else { return nil }
      return (row, value)
    }
  }
}

extension Risk {
  /// The risks of a test with several criteria.
  init(_ criteria: [OneSidedTest]) {
    hold = criteria.map(\.abovePValue).max() ?? 1
    fail = criteria.map(\.belowPValue).min().map { min(1, $0 * Double(criteria.count)) } ?? 1
  }
}
