import ExperimentSpec

extension ChartModel {
  /// All panels and points in words.
  var summaryText: String {
    panels.map { panel in
      panel.label + " over " + axisLabel + ". " + panel.series.map(text).joined(separator: " ")
        + panel.references.map { reference in
          let name = reference.label.isEmpty ? "A line" : "A line, \(reference.label),"
          return " \(name) stands at \(NumberFormat.trimmed(reference.value, 6))."
        }.joined()
    }.joined(separator: " ")
  }

  private func text(_ series: Series) -> String {
    if let curve = series.curve { return "\(series.label): \(curve.summaryText)." }
    let points = series.points.map { point in
      let value = point.mean.map { NumberFormat.significant($0, 4) } ?? (point.note ?? "no value")
      let range = point.bar.map {
        " (\(spread.shortLabel) \(NumberFormat.significant($0.lower, 4)) to \(NumberFormat.significant($0.upper, 4)))"
      }
      let row = rowNames.indices.contains(point.row) ? ", \(rowNames[point.row])" : ""
      let across = point.across.map { " over \(NumberFormat.significant($0.mean, 4))" } ?? ""
      return "at \(name(of: point.x))\(row): \(value)\(range ?? "")\(across)"
    }
    let paper = series.paper.map { "at \(name(of: $0.x)): \(NumberFormat.significant($0.y, 4))" }
    let paperText = paper.isEmpty ? "" : " In the paper " + paper.joined(separator: ", ") + "."
    return "\(series.label): \(points.joined(separator: ", ")).\(paperText)"
  }
}
