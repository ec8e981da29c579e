import JSON

/// What a report section may refer to.
struct ReportContext {
  /// The axes by name.
  var axes: [String: KnownAxis]
  /// The stages by name.
  var stages: [String: Stage]
  /// Their names in document order.
  var stageNames: [String]
  /// What numbers would average over.
  var pooling: PooledAxes

  init(axes: [String: KnownAxis], stages: [Stage], pooling: PooledAxes) {
    self.axes = axes
    self.pooling = pooling
    self.stages = Dictionary(stages.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
    stageNames = stages.map(\.name)
  }
}

/// Reads a report section; its parts are in files of their own.
struct ReportReader {
  let reader: SpecReader
  /// `nil` for the section of a stored spec, whose names were looked up when it was planned.
  let context: ReportContext?
  /// What the spec says of metrics, by their names.
  let metrics: [String: MetricDescription]
  /// The ids that are taken, with their places.
  private var ids: [String: Range<Int>] = [:]

  init(reader: SpecReader, context: ReportContext?, metrics: [String: MetricDescription]) {
    self.reader = reader
    self.context = context
    self.metrics = metrics
  }

  /// Reads the section; parts that cannot be read are left out, after reporting why.
  mutating func section(_ node: LocatedJSON?) -> ReportSection {
    var section = ReportSection()
    section.metrics = metrics
    guard let report = reader.object(node, as: .report, "'report'") else { return section }
    section.introduction =
      reader.string(report["introduction"], "'introduction' of the report", allowsEmpty: true) ?? ""
    for node in parts("tables", of: report) { if let table = table(node) { section.tables.append(table) } }
    for node in parts("charts", of: report) { if let chart = chart(node) { section.charts.append(chart) } }
    for node in parts("figures", of: report) { if let figure = figure(node) { section.figures.append(figure) } }
    for node in parts("claims", of: report) { if let claim = claim(node) { section.claims.append(claim) } }
    for node in parts("audit", of: report) { if let finding = finding(node) { section.audit.append(finding) } }
    return section
  }

  private func parts(_ name: String, of report: SpecMembers) -> [LocatedJSON] {
    guard let node = report[name], let elements = reader.elements(node, "'\(name)'") else { return [] }
    return reader.limited(elements, node, "'\(name)'", to: SpecLimit.reportParts)
  }

  // MARK: What parts have in common

  /// Reads id, title and caption of an element, and lets messages call the element by its id from then on.
  mutating func head(_ object: inout SpecMembers, _ kind: String) -> ReportHead? {
    let id = object.text("id")
    if let id { object.whole = "\(kind) '\(id)'" }
    let (title, caption) = (object.text("title"), object.text("caption"))
    guard let id, reserve(id, of: object, kind) else { return nil }
    return ReportHead(id: id, title: title ?? id, caption: caption ?? "")
  }

  /// Checks an id and keeps it from being used again.
  mutating func reserve(_ id: String, of object: SpecMembers, _ kind: String) -> Bool {
    guard let place = object["id"]?.range else { return false }
    // Pictures are files of their own.
    let isFile = kind == "chart" || kind == "figure"
    guard isFile ? reader.checkFileName(id, at: place, "a \(kind)") : reader.checkName(id, at: place, "a \(kind)")
    else {
      return false
    }
    if let first = ids[id] {
      reader.report(
        .duplicateName, at: place, "the id '\(id)' is used twice in the report", hint: "expected an id of its own",
        notes: [("the first one is here", first)])
    } else {
      ids[id] = place
    }
    return true
  }

  /// Reads what columns, series and metrics have in common; stage and metric may be allowed to be missing.
  func source(_ object: SpecMembers, allowsMissing: Bool = false) -> MetricSource? {
    let (stage, metric) = (stage(of: object), object.text("metric"))
    if let metric, let place = object["metric"]?.range {
      reader.checkFreeName(metric, at: place, "the metric of \(object.whole ?? "")")
    }
    let (statistic, scale) = (object.word("statistic", as: MetricSource.Statistic.self), object.number("scale"))
    if scale == 0, let place = object["scale"]?.range {
      reader.report(.outOfRange, at: place, "\(object.phrase("scale")) must not be 0")
    }
    guard allowsMissing || stage != nil && metric != nil else { return nil }
    var source = MetricSource(stage: stage ?? "", metric: metric ?? "")
    source.statistic = statistic ?? .mean
    source.scale = scale ?? 1
    return source
  }

  /// Reads the name of a stage.
  func stage(of object: SpecMembers) -> String? {
    let name = object.text("stage")
    if let name, let context, context.stages[name] == nil, let place = object["stage"]?.range {
      reader.reportUnknown(
        .unknownStage, "stage", name, at: place, known: context.stageNames, of: " in \(object.phrase("stage"))")
    }
    return name
  }

  /// Reads the name of an axis.
  func axis(_ member: String, of object: SpecMembers) -> String? {
    object[member].flatMap { axis($0, object.phrase(member)) }
  }

  /// Reads the name of an axis, or one of some other names.
  func axis(_ node: LocatedJSON, _ what: String, among others: [String] = []) -> String? {
    guard let name = reader.string(node, what) else { return nil }
    if let context, context.axes[name] == nil, !others.contains(name) {
      reader.reportUnknown(
        .unknownAxis, "axis", name, at: node.range, known: context.axes.keys.sorted(), of: " in \(what)")
    }
    return name
  }

  /// Reads the names of different axes: a list, or a single name.
  func axes(_ member: String, of object: SpecMembers) -> [String] {
    guard let node = object[member] else { return [] }
    guard let elements = node.elements else { return [axis(node, object.phrase(member))].compactMap(\.self) }
    if elements.isEmpty { reader.report(.empty, at: node.range, "\(object.phrase(member)) must not be empty") }
    var names: [String] = []
    for element in elements {
      guard let name = axis(element, "an element of \(object.phrase(member))") else { continue }
      if names.contains(name) {
        reader.report(
          .duplicateValue, at: element.range, "\(object.phrase(member)) has '\(name)' twice", hint: "remove one of them"
        )
      } else {
        names.append(name)
      }
    }
    return names
  }

  /// Reads the condition that says which trials count.
  func filter(_ object: SpecMembers) -> AssignmentPattern {
    reader.pattern(object["where"], object.phrase("where"), axes: context?.axes) ?? .everything
  }
}
