import Files
import JSON

/// Reads the report section of a stored spec.
///
/// The spec was checked with positions when it was planned; here the first mistake ends the reading and is named by its path.
struct ReportSectionReader {
  let experiment: String

  /// Reads the section; an experiment without one has an empty section.
  static func read(_ spec: JSONValue, experiment: String) throws(ReportError) -> ReportSection {
    guard let section = spec["report"] else { return ReportSection() }
    return try ReportSectionReader(experiment: experiment).section(Node(value: section, path: "report"))
  }

  /// A value and its path in the spec.
  struct Node {
    var value: JSONValue
    var path: String
  }

  private func section(_ node: Node) throws(ReportError) -> ReportSection {
    var section = ReportSection()
    section.introduction = try text("introduction", of: node) ?? ""
    for child in try list("tables", of: node) { section.tables.append(try table(child)) }
    for child in try list("charts", of: node) { section.charts.append(try chart(child)) }
    for child in try list("figures", of: node) { section.figures.append(try figure(child)) }
    for child in try list("claims", of: node) { section.claims.append(try claim(child)) }
    for child in try list("audit", of: node) { section.audit.append(try finding(child)) }
    return section
  }

  private func table(_ node: Node) throws(ReportError) -> TableRequest {
    var table = TableRequest(id: try identifier(of: node))
    table.title = try text("title", of: node) ?? table.id
    table.caption = try text("caption", of: node) ?? ""
    table.place = try text("place", of: node) ?? ""
    table.rowAxis = try text("rows", of: node)
    table.rowLabel = try text("rowLabel", of: node) ?? table.rowAxis ?? ""
    table.namesRowsByIndex = try choice("rowNames", of: node, ["value", "index"]) == "index"
    table.filter = try filter(node)
    for child in try list("columns", of: node) { table.columns.append(try column(child)) }
    nameColumns(of: &table)
    for child in try list("summary", of: node) {
      guard let row = child.value.stringValue.flatMap(TableRequest.SummaryRow.init(rawValue:)) else {
        throw mistake(child, "expected one of mean, std, median, min, max")
      }
      table.summary.append(row)
    }
    return table
  }

  private func column(_ node: Node) throws(ReportError) -> TableRequest.Column {
    let missing = try text("missing", of: node)
    let source =
      try missing == nil
      ? source(node) : MetricSource(stage: text("stage", of: node) ?? "", metric: text("metric", of: node) ?? "")
    var column = TableRequest.Column(
      id: try text("id", of: node) ?? "", label: try text("label", of: node) ?? source.metric, source: source)
    column.missing = missing
    column.place = try text("place", of: node) ?? ""
    column.margin = try number("margin", of: node)
    column.incomplete = try incomplete(node)
    column.precision = try number("precision", of: node)
    column.unit = try text("unit", of: node) ?? ""
    column.digits = try digits(node)
    if let format = try choice("format", of: node, TableRequest.Column.Format.allCases.map(\.rawValue)) {
      column.format = TableRequest.Column.Format(rawValue: format) ?? .number
    }
    for child in try list("paper", of: node) {
      guard child.value.isNull || child.value.doubleValue != nil else {
        throw mistake(child, "expected a number or null")
      }
      column.paper.append(child.value.doubleValue)
    }
    if let summary = member("paperSummary", of: node) {
      column.paperMean = try number("mean", of: summary)
      column.paperDeviation = try number("std", of: summary)
    }
    return column
  }

  /// Columns without an id are called by their metric, or by their label if several show the same one.
  private func nameColumns(of table: inout TableRequest) {
    let metrics = table.columns.map(\.source.metric)
    let names = table.columns.map { column in
      let isAlone = !column.source.metric.isEmpty && metrics.count { $0 == column.source.metric } == 1
      return column.id.isEmpty ? (isAlone ? column.source.metric : column.label) : column.id
    }
    for (position, name) in CellAddress.distinctSlugs(names).enumerated() { table.columns[position].id = name }
  }

  private func chart(_ node: Node) throws(ReportError) -> ChartRequest {
    guard let x = member("x", of: node), let axis = try text("axis", of: x) else {
      throw mistake(node, "expected a member x with the name of an axis")
    }
    var chart = ChartRequest(id: try identifier(of: node), axis: axis)
    chart.title = try text("title", of: node) ?? chart.id
    chart.caption = try text("caption", of: node) ?? ""
    chart.axisLabel = try text("label", of: x) ?? axis
    if let kind = try choice("kind", of: node, ChartModel.Kind.allCases.map(\.rawValue)) {
      chart.kind = ChartModel.Kind(rawValue: kind) ?? .line
    }
    chart.lessIsBetterAcross = try better(x)
    if chart.kind == .scatter { chart.across = try source(x) }
    if chart.kind == .heat, let y = member("y", of: node) {
      chart.rowAxis = try required("axis", of: y)
      chart.rowLabel = try text("label", of: y) ?? chart.rowAxis ?? ""
    }
    guard chart.kind != .heat || chart.rowAxis != nil else {
      throw mistake(node, "expected a member y with the name of an axis")
    }
    chart.filter = try filter(node)
    for child in try list("panels", of: node) { chart.panels.append(try panel(child)) }
    return chart
  }

  private func panel(_ node: Node) throws(ReportError) -> ChartRequest.Panel {
    var panel = ChartRequest.Panel(label: try text("label", of: node) ?? "")
    panel.unit = try text("unit", of: node) ?? ""
    panel.lessIsBetter = try better(node)
    for child in try list("series", of: node) {
      let source = try source(child)
      var series = ChartRequest.Series(label: try text("label", of: child) ?? source.metric, source: source)
      for point in try list("paper", of: child) {
        guard let x = point.value["x"]?.doubleValue, let y = point.value["y"]?.doubleValue else {
          throw mistake(point, "expected an object with the numbers x and y")
        }
        series.paper.append((x, y))
      }
      panel.series.append(series)
    }
    return panel
  }

  private func better(_ node: Node) throws(ReportError) -> Bool? {
    try choice("better", of: node, ["less", "greater"]).map { $0 == "less" }
  }

  private func figure(_ node: Node) throws(ReportError) -> FigureRequest {
    var figure = FigureRequest(id: try identifier(of: node))
    figure.title = try text("title", of: node) ?? figure.id
    figure.caption = try text("caption", of: node) ?? ""
    figure.filter = try filter(node)
    figure.magnify = try magnification(node) ?? figure.magnify
    for child in try list("panels", of: node) {
      let artifact = try required("artifact", of: child)
      figure.panels.append(
        FigureRequest.Panel(
          stage: try required("stage", of: child), artifact: artifact,
          label: try text("label", of: child) ?? artifact, magnify: try magnification(child)))
    }
    for child in try list("metrics", of: node) {
      let source = try source(child)
      figure.metrics.append(
        FigureRequest.Metric(
          label: try text("label", of: child) ?? source.metric, source: source, digits: try digits(child)))
    }
    return figure
  }

  private func magnification(_ node: Node) throws(ReportError) -> Int? {
    guard let magnify = member("magnify", of: node) else { return nil }
    guard let factor = magnify.value.intValue, (1...64).contains(factor) else {
      throw mistake(magnify, "expected an integer from 1 to 64")
    }
    return factor
  }

  func source(_ node: Node) throws(ReportError) -> MetricSource {
    var source = MetricSource(stage: try required("stage", of: node), metric: try required("metric", of: node))
    source.scale = try number("scale", of: node) ?? 1
    source.statistic = try choice("statistic", of: node, ["mean", "median"]) == "median" ? .median : .mean
    return source
  }

  func filter(_ node: Node) throws(ReportError) -> TrialFilter {
    guard let condition = member("where", of: node) else { return TrialFilter() }
    guard let members = condition.value.objectValue else { throw mistake(condition, "expected an object") }
    return TrialFilter(conditions: members.map { ($0.key, $0.value.arrayValue ?? [$0.value]) })
  }

  /// The id names files, so it may hold nothing that a path could misuse.
  func identifier(of node: Node) throws(ReportError) -> String {
    let id = try required("id", of: node)
    guard let name = FileName(id) else {
      throw mistake(node, "expected an id of letters, digits, _ and -, not \"\(id)\"")
    }
    return name.text
  }

  func digits(_ node: Node) throws(ReportError) -> Int {
    guard let member = member("digits", of: node) else { return 4 }
    guard let digits = member.value.intValue, (0...12).contains(digits) else {
      throw mistake(member, "expected an integer from 0 to 12")
    }
    return digits
  }

  func member(_ key: String, of node: Node) -> Node? {
    guard let value = node.value[key], !value.isNull else { return nil }
    return Node(value: value, path: "\(node.path).\(key)")
  }

  func list(_ key: String, of node: Node) throws(ReportError) -> [Node] {
    guard let member = member(key, of: node) else { return [] }
    guard let elements = member.value.arrayValue else { throw mistake(member, "expected an array") }
    return elements.enumerated().map { Node(value: $0.element, path: "\(member.path)[\($0.offset)]") }
  }

  func text(_ key: String, of node: Node) throws(ReportError) -> String? {
    guard let member = member(key, of: node) else { return nil }
    guard let text = member.value.stringValue else { throw mistake(member, "expected a string") }
    return text
  }

  func required(_ key: String, of node: Node) throws(ReportError) -> String {
    guard let text = try text(key, of: node) else { throw mistake(node, "expected a member \(key)") }
    return text
  }

  func number(_ key: String, of node: Node) throws(ReportError) -> Double? {
    guard let member = member(key, of: node) else { return nil }
    guard let number = member.value.doubleValue else { throw mistake(member, "expected a number") }
    return number
  }

  func choice(_ key: String, of node: Node, _ choices: [String]) throws(ReportError) -> String? {
    guard let text = try text(key, of: node) else { return nil }
    guard choices.contains(text) else {
      throw mistake(node, "expected \(key) to be \(choices.joined(separator: " or ")), not \"\(text)\"")
    }
    return text
  }

  func mistake(_ node: Node, _ expectation: String) -> ReportError {
    ReportError(
      .badSection,
      "experiment \(experiment): \(node.path): \(expectation); correct the spec and run `orchestrate run` again")
  }
}
