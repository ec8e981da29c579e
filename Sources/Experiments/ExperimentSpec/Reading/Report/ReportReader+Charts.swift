import JSON

extension ReportReader {
  mutating func chart(_ node: LocatedJSON) -> ChartRequest? {
    guard var object = reader.object(node, as: .chart, "a chart") else { return nil }
    let head = head(&object, "chart")
    let filter = filter(object)
    let kind = object.word("kind", as: ChartRequest.Kind.self) ?? .line
    let across = horizontalAxis(object, of: kind)
    let second = chartAxis("y", of: object)
    if kind == .heat, object["y"] == nil, let place = object.keyRange("kind") {
      reader.report(
        .missingMember, at: place, "\(object.whole ?? "") has no member 'y'", hint: "a heat map needs a second axis")
    }
    let panels = (object.list("panels") ?? []).compactMap { panel($0, of: object.whole ?? "") }
    guard let head, let across else { return nil }
    var chart = ChartRequest(
      head: head, kind: kind, axis: across.axis, axisLabel: across.object.text("label") ?? across.axis)
    chart.betterAcross = across.better
    chart.across = across.source
    if kind == .heat, let second {
      chart.rowAxis = second.axis
      chart.rowLabel = second.object.text("label") ?? second.axis
    }
    chart.filter = filter
    chart.panels = panels
    chart.over = axes("over", of: object)
    checkPooling(of: chart, object)
    return chart
  }

  private typealias ChartAxis = (object: SpecMembers, axis: String, better: Preference?, source: MetricSource?)

  /// Reads what the panels are drawn over; a scatter chart needs a metric there.
  private func horizontalAxis(_ chart: SpecMembers, of kind: ChartRequest.Kind) -> ChartAxis? {
    guard let axis = chartAxis("x", of: chart) else { return nil }
    guard kind == .scatter else { return (axis.object, axis.axis, axis.better, nil) }
    for member in ["stage", "metric"] where axis.object[member] == nil {
      reader.report(
        .missingMember, at: axis.object.brace, "\(chart.phrase("x")) has no member '\(member)'",
        hint: "a scatter chart needs it")
    }
    return axis
  }

  private func chartAxis(_ name: String, of chart: SpecMembers) -> ChartAxis? {
    guard var object = reader.object(chart[name], as: .chartAxis, chart.phrase(name)) else { return nil }
    let axis = axis("axis", of: object)
    let better = object.word("better", as: Preference.self)
    let label = object.text("label")
    object.whole = "the metric \(label.map { "'\($0)' " } ?? "")of \(chart.phrase(name))"
    let source = source(object)
    return axis.map { (object, $0, better, source) }
  }

  private func panel(_ node: LocatedJSON, of chart: String) -> ChartRequest.Panel? {
    guard let object = reader.object(node, as: .chartPanel, "a panel of \(chart)") else { return nil }
    return ChartRequest.Panel(
      label: object.text("label") ?? "", unit: object.text("unit") ?? "",
      better: object.word("better", as: Preference.self),
      series: (object.list("series") ?? []).compactMap { series($0, of: chart) })
  }

  private func series(_ node: LocatedJSON, of chart: String) -> ChartRequest.Series? {
    guard var object = reader.object(node, as: .series, "a series of \(chart)") else { return nil }
    let label = object.text("label")
    object.whole = "series \(label.map { "'\($0)' " } ?? "")of \(chart)"
    let source = source(object)
    var points: [(x: Double, y: Double)] = []
    for element in object.list("paper") ?? [] {
      guard var point = reader.object(element, as: .paperPoint, "a point of \(object.phrase("paper"))") else {
        continue
      }
      point.whole = "a point of \(object.whole ?? "")"
      if let x = point.number("x"), let y = point.number("y") { points.append((x, y)) }
    }
    return source.map { ChartRequest.Series(label: label ?? $0.metric, source: $0, paper: points) }
  }
}
