import JSON

/// What a report section may refer to.
struct ReportContext {
  /// The axes by name.
  var axes: [String: KnownAxis]
  /// The stages by name.
  var stages: [String: Stage]
  /// Their names in document order.
  var stageNames: [String]

  init(axes: [String: KnownAxis], stages: [Stage]) {
    self.axes = axes
    self.stages = Dictionary(stages.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    stageNames = stages.map(\.name)
  }
}

extension SpecReader {
  /// Checks the report section; its content is read by the reporter, from the stored spec.
  func checkReport(_ node: LocatedJSON?, _ context: ReportContext) {
    guard let report = object(node, as: .report, "'report'") else { return }
    _ = string(report["introduction"], "'introduction' of the report", allowsEmpty: true)
    var names: [String: Range<Int>] = [:]
    func parts(_ name: String) -> [LocatedJSON] {
      guard let node = report[name], let elements = elements(node, "'\(name)'") else { return [] }
      return limited(elements, node, "'\(name)'", to: SpecLimit.reportParts)
    }
    for table in parts("tables") { checkTable(table, context, &names) }
    for chart in parts("charts") { checkChart(chart, context, &names) }
    for figure in parts("figures") { checkFigure(figure, context, &names) }
    for claim in parts("claims") { checkClaim(claim, context, &names) }
    for finding in parts("audit") { checkFinding(finding) }
  }

  private func checkTable(_ node: LocatedJSON, _ context: ReportContext, _ names: inout [String: Range<Int>]) {
    guard let table = object(node, as: .table, "a table") else { return }
    let what = checkHead(table, "table", &names)
    _ = string(table["place"], "'place' of \(what)")
    _ = string(table["rowLabel"], "'rowLabel' of \(what)", allowsEmpty: true)
    _ = word(table["rowNames"], "'rowNames' of \(what)", of: ["index", "value"])
    _ = pattern(table["where"], "'where' of \(what)", axes: context.axes)
    for element in elements(table["summary"], "'summary' of \(what)") ?? [] {
      _ = word(element, "an element of 'summary' of \(what)", of: ["mean", "std", "median", "min", "max"])
    }
    let rows = axis(table["rows"], "'rows' of \(what)", context)
    for element in elements(table["columns"], "'columns' of \(what)", allowsEmpty: false) ?? [] {
      guard let column = object(element, as: .column, "a column of \(what)") else { continue }
      let columnName = checkMetric(column, "column", of: what, context)
      checkPaperColumn(column, columnName)
      _ = string(column["unit"], "'unit' of \(columnName)", allowsEmpty: true)
      _ = integer(column["digits"], "'digits' of \(columnName)", in: 0...12)
      _ = word(column["format"], "'format' of \(columnName)", of: ["number", "yes-no"])
      let paper = elements(column["paper"], "'paper' of \(columnName)")
      for value in paper ?? [] where value.value != .null { _ = number(value, "a value of 'paper' of \(columnName)") }
      if let paper, let rows, ![rows.count, rows.listedCount].contains(paper.count),
        let place = column["paper"]?.range
      {
        report(
          .unequalLengths, at: place,
          "'paper' of \(columnName) has \(paper.count) values, but axis '\(rows.name)' has \(rows.count)",
          hint: "expected one value or null for each row", severity: .warning)
      }
      if let summary = object(column["paperSummary"], as: .paperSummary, "'paperSummary' of \(columnName)") {
        _ = number(summary["mean"], "'mean' of 'paperSummary' of \(columnName)")
        _ = number(summary["std"], "'std' of 'paperSummary' of \(columnName)")
      }
    }
  }

  private func checkChart(_ node: LocatedJSON, _ context: ReportContext, _ names: inout [String: Range<Int>]) {
    guard let chart = object(node, as: .chart, "a chart") else { return }
    let what = checkHead(chart, "chart", &names)
    _ = pattern(chart["where"], "'where' of \(what)", axes: context.axes)
    let kinds = ["line", "bar", "strip", "box", "scatter", "ecdf", "trend", "heat"]
    let kind = word(chart["kind"], "'kind' of \(what)", of: kinds) ?? "line"
    for name in ["x", "y"] { checkChartAxis(chart[name], name, of: what, context, kind: kind) }
    if kind == "heat", chart["y"] == nil, let place = chart.keyRange("kind") {
      report(.missingMember, at: place, "\(what) has no member 'y'", hint: "a heat map needs a second axis")
    }
    for element in elements(chart["panels"], "'panels' of \(what)", allowsEmpty: false) ?? [] {
      guard let panel = object(element, as: .chartPanel, "a panel of \(what)") else { continue }
      _ = string(panel["label"], "'label' of a panel of \(what)", allowsEmpty: true)
      _ = string(panel["unit"], "'unit' of a panel of \(what)", allowsEmpty: true)
      _ = word(panel["better"], "'better' of a panel of \(what)", of: ["less", "greater"])
      for element in elements(panel["series"], "'series' of a panel of \(what)", allowsEmpty: false) ?? [] {
        guard let series = object(element, as: .series, "a series of \(what)") else { continue }
        let seriesName = checkMetric(series, "series", of: what, context)
        for element in elements(series["paper"], "'paper' of \(seriesName)") ?? [] {
          guard let point = object(element, as: .paperPoint, "a point of 'paper' of \(seriesName)") else { continue }
          _ = number(point["x"], "'x' of a point of \(seriesName)")
          _ = number(point["y"], "'y' of a point of \(seriesName)")
        }
      }
    }
  }

  private func checkChartAxis(
    _ node: LocatedJSON?, _ name: String, of whole: String, _ context: ReportContext, kind: String
  ) {
    let what = "'\(name)' of \(whole)"
    guard let members = object(node, as: .chartAxis, what) else { return }
    _ = axis(members["axis"], "'axis' of \(what)", context)
    _ = word(members["better"], "'better' of \(what)", of: ["less", "greater"])
    _ = checkMetric(members, "the metric", of: what, context)
    guard kind == "scatter", name == "x" else { return }
    for member in ["stage", "metric"] where members[member] == nil {
      let brace = members.node.range.lowerBound..<members.node.range.lowerBound + 1
      report(.missingMember, at: brace, "\(what) has no member '\(member)'", hint: "a scatter chart needs it")
    }
  }

  private func checkFigure(_ node: LocatedJSON, _ context: ReportContext, _ names: inout [String: Range<Int>]) {
    guard let figure = object(node, as: .figure, "a figure") else { return }
    let what = checkHead(figure, "figure", &names)
    _ = pattern(figure["where"], "'where' of \(what)", axes: context.axes)
    _ = integer(figure["magnify"], "'magnify' of \(what)", in: 1...64)
    for element in elements(figure["panels"], "'panels' of \(what)", allowsEmpty: false) ?? [] {
      guard let panel = object(element, as: .figurePanel, "a panel of \(what)") else { continue }
      _ = string(panel["label"], "'label' of a panel of \(what)", allowsEmpty: true)
      _ = integer(panel["magnify"], "'magnify' of a panel of \(what)", in: 1...64)
      let stage = stage(panel["stage"], "a panel of \(what)", context)
      if let node = panel["artifact"], let artifact = string(node, "'artifact' of a panel of \(what)") {
        checkFreeName(artifact, at: node.range, "the artifact of a panel of \(what)")
        if let stage { checkArtifact(artifact, of: stage, at: node.range) }
      }
    }
    for element in elements(figure["metrics"], "'metrics' of \(what)") ?? [] {
      guard let metric = object(element, as: .figureMetric, "a metric of \(what)") else { continue }
      let metricName = checkMetric(metric, "metric", of: what, context)
      _ = integer(metric["digits"], "'digits' of \(metricName)", in: 0...12)
    }
  }

  /// Checks what tables, charts and figures have in common; returns how messages call the thing.
  func checkHead(_ object: SpecMembers, _ kind: String, _ names: inout [String: Range<Int>]) -> String {
    let id = string(object["id"], "'id' of a \(kind)")
    let what = id.map { "\(kind) '\($0)'" } ?? "a \(kind)"
    _ = string(object["title"], "'title' of \(what)", allowsEmpty: true)
    _ = string(object["caption"], "'caption' of \(what)", allowsEmpty: true)
    guard let id, let place = object["id"]?.range else { return what }
    checkName(id, at: place, "a \(kind)")
    if let first = names[id] {
      report(
        .duplicateName, at: place, "the id '\(id)' is used twice in the report", hint: "expected an id of its own",
        notes: [("the first one is here", first)])
    } else {
      names[id] = place
    }
    return what
  }

  /// Checks what columns, series and metrics have in common.
  func checkMetric(_ object: SpecMembers, _ kind: String, of whole: String, _ context: ReportContext) -> String {
    let label = string(object["label"], "'label' of a \(kind) of \(whole)", allowsEmpty: true)
    let what = "\(kind) \(label.map { "'\($0)' " } ?? "")of \(whole)"
    _ = stage(object["stage"], what, context)
    if let node = object["metric"], let metric = string(node, "'metric' of \(what)") {
      checkFreeName(metric, at: node.range, "the metric of \(what)")
    }
    _ = word(object["statistic"], "'statistic' of \(what)", of: ["median", "mean"])
    if let node = object["scale"], let scale = number(node, "'scale' of \(what)"), scale == 0 {
      report(.outOfRange, at: node.range, "'scale' of \(what) must not be 0")
    }
    return what
  }

  func stage(_ node: LocatedJSON?, _ what: String, _ context: ReportContext) -> Stage? {
    guard let node, let name = string(node, "'stage' of \(what)") else { return nil }
    if let stage = context.stages[name] { return stage }
    reportUnknown(
      .unknownStage, "stage", name, at: node.range, known: context.stageNames, of: " in 'stage' of \(what)")
    return nil
  }

  func axis(_ node: LocatedJSON?, _ what: String, _ context: ReportContext) -> KnownAxis? {
    guard let node, let name = string(node, what) else { return nil }
    if let axis = context.axes[name] { return axis }
    reportUnknown(.unknownAxis, "axis", name, at: node.range, known: context.axes.keys.sorted(), of: " in \(what)")
    return nil
  }

  /// Checks that a command declares an artifact; workers announce theirs only when they run.
  func checkArtifact(_ name: String, of stage: Stage, at range: Range<Int>) {
    guard case .command = stage.action, stage.outputs[name] == nil else { return }
    reportUnknown(
      .unknownArtifact, "artifact", name, at: sources.range(of: "\"\(name)\"", in: range),
      known: stage.outputs.keys.sorted(), of: " of stage '\(stage.name)'")
  }
}
