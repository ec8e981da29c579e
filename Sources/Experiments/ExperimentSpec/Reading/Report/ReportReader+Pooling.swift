// The cells and points that would average over an axis although nobody said that its values are repetitions.
extension ReportReader {
  /// Refuses cells that would average over an axis that is no replicate axis, unless the table says so.
  func checkPooling(of table: TableRequest, _ object: SpecMembers) {
    for column in table.columns where !column.source.stage.isEmpty {
      let question = PooledAxes.Question(
        stage: column.source.stage, filters: [table.filter, column.filter], fixed: Set(table.rowAxes + column.by),
        over: Set(table.over))
      guard let axis = context?.pooling.axis(of: question) else { continue }
      reader.report(
        .pooledAxis, at: object.keyRange("rows") ?? object.keyRange("columns") ?? object.brace,
        "the cells of column '\(column.label)' of \(object.whole ?? "") would average over '\(axis)'",
        hint: "name it in 'rows', 'by' or 'where', or say \"over\": [\"\(axis)\"]")
      return
    }
  }

  /// Refuses points that would average over an axis that is no replicate axis, unless the chart says so.
  func checkPooling(of chart: ChartRequest, _ object: SpecMembers) {
    guard chart.kind.averages else { return }
    for (panel, series) in chart.panels.flatMap({ panel in panel.series.map { (panel, $0) } }) {
      let fixed = Set([chart.axis, chart.rowAxis, chart.multiplesAxis, series.splitAxis].compactMap(\.self))
      for source in [series.source, chart.across].compactMap(\.self) {
        let question = PooledAxes.Question(
          stage: source.stage, filters: [chart.filter, panel.filter, series.filter], fixed: fixed,
          over: Set(chart.over))
        guard let axis = context?.pooling.axis(of: question) else { continue }
        reader.report(
          .pooledAxis, at: object.keyRange("x") ?? object.brace,
          "the points of series '\(series.label.isEmpty ? source.metric : series.label)' of \(object.whole ?? "") would average over '\(axis)'",
          hint: "name it in 'by' or 'where', or say \"over\": [\"\(axis)\"]")
        return
      }
    }
  }

  /// Refuses values of an axis that is no replicate axis as repetitions, unless the test says what becomes of them.
  func checkPooling(of test: ClaimTest, _ object: SpecMembers) {
    let fixed = Set((test.units ?? []) + [test.over].compactMap(\.self))
    for quantity in [test.quantity, test.against].compactMap(\.self) {
      let question = PooledAxes.Question(
        stage: quantity.source.stage, filters: [test.filter, quantity.filter], fixed: fixed, over: Set(test.averaged))
      guard let axis = context?.pooling.axis(of: question) else { continue }
      reader.report(
        .pooledAxis, at: object.keyRange("quantity") ?? object.brace,
        "\(object.whole ?? "") would take the values of '\(axis)' for repetitions",
        hint: "name it in 'where', or in 'units' if they are, or average over it with \"over\": [\"\(axis)\"]")
      return
    }
  }
}

extension ChartRequest.Kind {
  /// Whether a point is a mean of attempts; other charts show each of them.
  fileprivate var averages: Bool {
    switch self {
    case .line, .points, .bar, .stacked, .scatter, .trend, .heat: true
    case .strip, .box, .histogram, .ecdf: false
    }
  }
}
