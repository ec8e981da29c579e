import JSON

extension ReportReader {
  mutating func chart(_ node: LocatedJSON) -> ChartRequest? {
    guard var object = reader.object(node, as: .chart, "a chart") else { return nil }
    let head = head(&object, "chart")
    let filter = filter(object)
    let kind = object.word("kind", as: ChartRequest.Kind.self) ?? .line
    let across = horizontalAxis(object, of: kind)
    let values = reader.object(object["y"], as: .valueAxis, object.phrase("y"))
    let panels = (object.list("panels") ?? []).compactMap { panel($0, of: object.whole ?? "") }
    let multiples = axis("by", of: object)
    let options = ChartOptions(object, of: kind, isCourse: across.map(isCourse) ?? nil)
    let (rows, label, valueExtent) = (
      rowAxis(values, of: object, kind), values?.text("label"), extent(values, object.phrase("y"))
    )
    guard let head, let across else { return nil }
    var chart = ChartRequest(head: head, kind: kind, axis: across.axis, axisLabel: across.label)
    chart.betterAcross = across.better
    chart.across = across.source
    chart.acrossExtent = across.extent
    chart.rowAxis = rows
    chart.rowLabel = rows.map { label ?? $0 } ?? ""
    chart.valueExtent = valueExtent
    chart.valueLabel = rows == nil ? label ?? "" : ""
    chart.multiplesAxis = multiples
    options.apply(to: &chart)
    chart.filter = filter
    chart.panels = panels
    chart.over = axes("over", of: object)
    checkPooling(of: chart, object)
    return chart
  }

  private struct ChartAxis {
    var axis: String
    var label: String
    var better: Preference?
    var source: MetricSource?
    var extent = ChartRequest.Extent()
  }

  /// Whether an axis is the steps of each attempt's values; unknown for a stored spec, which was looked at when it was planned.
  private func isCourse(_ axis: ChartAxis) -> Bool? {
    context.map { $0.axes[axis.axis] == nil && ChartRequest.stepNames.contains(axis.axis) }
  }

  /// Reads what the panels are drawn over; a scatter chart needs a metric there.
  private func horizontalAxis(_ chart: SpecMembers, of kind: ChartRequest.Kind) -> ChartAxis? {
    guard let node = chart["x"] else { return nil }
    if node.stringValue != nil, kind != .scatter {
      return axis(node, chart.phrase("x"), among: ChartRequest.stepNames).map { ChartAxis(axis: $0, label: $0) }
    }
    guard var object = reader.object(node, as: .chartAxis, chart.phrase("x")) else { return nil }
    let name = object["axis"].flatMap {
      axis($0, object.phrase("axis"), among: kind == .scatter ? [] : ChartRequest.stepNames)
    }
    let (better, label) = (object.word("better", as: Preference.self), object.text("label"))
    let extent = extent(object, chart.phrase("x"))
    if kind == .scatter {
      for member in ["stage", "metric"] where object[member] == nil {
        reader.report(
          .missingMember, at: object.brace, "\(chart.phrase("x")) has no member '\(member)'",
          hint: "a scatter chart needs it")
      }
    }
    object.whole = "the metric \(label.map { "'\($0)' " } ?? "")of \(chart.phrase("x"))"
    let source = source(object)
    return name.map {
      ChartAxis(axis: $0, label: label ?? $0, better: better, source: kind == .scatter ? source : nil, extent: extent)
    }
  }

  /// Reads the second axis of a heat map, which no other chart has.
  private func rowAxis(_ values: SpecMembers?, of chart: SpecMembers, _ kind: ChartRequest.Kind) -> String? {
    guard kind == .heat else {
      if let place = values?.keyRange("axis") {
        reader.report(
          .misplacedMember, at: place, "'axis' of \(chart.phrase("y")) is for heat maps only",
          hint: "the values of the series stand on this axis", severity: .warning)
      }
      return nil
    }
    if chart["y"] == nil, let place = chart.keyRange("kind") {
      reader.report(
        .missingMember, at: place, "\(chart.whole ?? "") has no member 'y'", hint: "a heat map needs a second axis")
    }
    guard let values else { return nil }
    if values["axis"] == nil {
      reader.report(
        .missingMember, at: values.brace, "\(chart.phrase("y")) has no member 'axis'",
        hint: "a heat map needs a second axis")
    }
    return axis("axis", of: values)
  }

  /// Reads what an axis spans.
  private func extent(_ object: SpecMembers?, _ what: String) -> ChartRequest.Extent {
    guard let object else { return .init() }
    var extent = ChartRequest.Extent()
    extent.from = object.number("from")
    extent.to = object.number("to")
    extent.isLogarithmic = object.boolean("log") ?? false
    if let from = extent.from, let to = extent.to, from >= to, let place = object["to"]?.range {
      reader.report(
        .outOfRange, at: place, "\(what) ends at \(to), but begins at \(from)", hint: "'to' must be above 'from'")
      extent.to = nil
    }
    for (name, bound) in [("from", extent.from), ("to", extent.to)] {
      guard extent.isLogarithmic, let bound, bound <= 0, let place = object[name]?.range else { continue }
      reader.report(
        .outOfRange, at: place, "'\(name)' of \(what) is \(bound) on a logarithmic axis",
        hint: "expected a value above 0")
    }
    return extent
  }

  private func panel(_ node: LocatedJSON, of chart: String) -> ChartRequest.Panel? {
    guard let object = reader.object(node, as: .chartPanel, "a panel of \(chart)") else { return nil }
    return ChartRequest.Panel(
      label: object.text("label") ?? "", unit: object.text("unit") ?? "",
      better: object.word("better", as: Preference.self), filter: filter(object),
      references: (object.list("references") ?? []).compactMap { reference($0, of: chart) },
      series: (object.list("series") ?? []).compactMap { series($0, of: chart) })
  }

  private func reference(_ node: LocatedJSON, of chart: String) -> ChartRequest.Reference? {
    guard let object = reader.object(node, as: .referenceLine, "a reference line of \(chart)") else { return nil }
    let (y, x, label) = (object.number("y"), object.number("x"), object.text("label") ?? "")
    guard (object["y"] == nil) != (object["x"] == nil) else {
      reader.report(
        .missingMember, at: object.brace, "\(object.whole ?? "") needs exactly one of 'y' and 'x'",
        hint: "'y' is a value, 'x' a position on the axis")
      return nil
    }
    return (y ?? x).map { ChartRequest.Reference(value: $0, isUpright: x != nil, label: label) }
  }

  private func series(_ node: LocatedJSON, of chart: String) -> ChartRequest.Series? {
    guard var object = reader.object(node, as: .series, "a series of \(chart)") else { return nil }
    let label = object.text("label")
    object.whole = "series \(label.map { "'\($0)' " } ?? "")of \(chart)"
    let source = source(object)
    let (filter, splitAxis) = (filter(object), axis("by", of: object))
    var points: [(x: Double, y: Double)] = []
    for element in object.list("paper") ?? [] {
      guard var point = reader.object(element, as: .paperPoint, "a point of \(object.phrase("paper"))") else {
        continue
      }
      point.whole = "a point of \(object.whole ?? "")"
      if let x = point.number("x"), let y = point.number("y") { points.append((x, y)) }
    }
    return source.map {
      ChartRequest.Series(
        label: label ?? (splitAxis == nil ? $0.metric : ""), source: $0, filter: filter, splitAxis: splitAxis,
        paper: points)
    }
  }
}
