import JSON

extension ReportReader {
  mutating func table(_ node: LocatedJSON) -> TableRequest? {
    guard var object = reader.object(node, as: .table, "a table") else { return nil }
    let head = head(&object, "table")
    var table = TableRequest(head: head ?? ReportHead(id: "", title: "", caption: ""))
    table.place = object.text("place") ?? ""
    table.rowNames = object.word("rowNames", as: TableRequest.RowNames.self) ?? .value
    table.filter = filter(object)
    table.over = axes("over", of: object)
    table.cell = object.word("cell", as: TableRequest.CellStyle.self) ?? table.cell
    table.best = object.word("best", as: TableRequest.BestScope.self) ?? table.best
    table.summary = (object.list("summary") ?? []).compactMap { element in
      reader.word(
        element, "an element of \(object.phrase("summary"))", of: TableRequest.SummaryRow.allCases.map(\.rawValue))
    }.compactMap(TableRequest.SummaryRow.init(rawValue:))
    table.rowAxes = axes("rows", of: object)
    table.rowLabels = rowLabels(object, of: table.rowAxes)
    let rows = table.rowAxes.count == 1 ? context?.axes[table.rowAxes[0]] : nil
    for element in columnNodes(object) {
      if let column = column(element, of: object.whole ?? "", rows: rows) { table.columns.append(column) }
    }
    checkStyles(object, table)
    checkPooling(of: table, object)
    return head == nil ? nil : table
  }

  /// The columns of a table: a list, or a single one.
  private func columnNodes(_ table: SpecMembers) -> [LocatedJSON] {
    guard let node = table["columns"] else { return [] }
    if node.members != nil { return [node] }
    return reader.elements(node, table.phrase("columns"), allowsEmpty: false) ?? []
  }

  /// The headings of the columns that name the rows: the axes' own names unless given.
  private func rowLabels(_ table: SpecMembers, of axes: [String]) -> [String] {
    let standard = axes.isEmpty ? [""] : axes
    guard let node = table["rowLabel"] else { return standard }
    let what = table.phrase("rowLabel")
    guard let elements = node.elements else {
      let label = reader.string(node, what, allowsEmpty: true)
      return label.map { [$0] + standard.dropFirst() } ?? standard
    }
    let labels = elements.compactMap { reader.string($0, "an element of \(what)", allowsEmpty: true) }
    if elements.count != standard.count {
      reader.report(
        .unequalLengths, at: node.range,
        "\(what) has \(elements.count) text\(elements.count == 1 ? "" : "s"), but 'rows' has \(axes.count) "
          + "ax\(axes.count == 1 ? "is" : "es")", hint: "expected one heading for each axis")
    }
    return labels.count == standard.count ? labels : standard
  }

  private func column(_ node: LocatedJSON, of table: String, rows: KnownAxis?) -> TableRequest.Column? {
    guard var object = reader.object(node, as: .column, "a column of \(table)") else { return nil }
    let label = object.text("label")
    object.whole = "column \(label.map { "'\($0)' " } ?? "")of \(table)"
    let missing = object.text("missing")
    let source = source(object, allowsMissing: missing != nil)
    if object["missing"] == nil { requireSource(object) }
    let id = object.text("id")
    if let id, let place = object["id"]?.range { reader.checkName(id, at: place, object.whole ?? "") }
    let metric = source.flatMap { metrics[$0.metric] }
    let unit = object.text("unit") ?? metric?.unit ?? ""
    var column = TableRequest.Column(
      id: id, label: label ?? metric?.head(unit: unit) ?? source?.metric ?? "",
      source: source ?? MetricSource(stage: "", metric: ""))
    column.by = axes("by", of: object)
    column.filter = filter(object)
    column.cell = object.word("cell", as: TableRequest.CellStyle.self)
    column.better = metric?.better
    column.missing = missing
    column.place = object.text("place") ?? ""
    column.precision = object.number("precision")
    column.margin = object.number("margin")
    column.incomplete = object.word("incomplete", as: IncompleteUnits.self) ?? .undecided
    if let place = object.keyRange("incomplete"), object["margin"] == nil {
      reader.report(
        .misplacedMember, at: place, "\(object.whole ?? "") has 'incomplete' without 'margin'",
        hint: "it says how a verdict counts missing values, and only a column with a margin gets one")
    }
    column.unit = unit
    column.digits = object.integer("digits") ?? metric?.digits ?? 4
    column.format = object.word("format", as: TableRequest.Column.Format.self) ?? .number
    column.paper = paper(object, rows: rows)
    let summary = reader.object(object["paperSummary"], as: .paperSummary, object.phrase("paperSummary"))
    column.paperMean = summary?.number("mean")
    column.paperDeviation = summary?.number("std")
    for member in ["paper", "paperSummary", "margin"] {
      guard !column.by.isEmpty, let place = object.keyRange(member) else { continue }
      reader.report(
        .misplacedMember, at: place, "\(object.whole ?? "") has both 'by' and '\(member)'",
        hint: "give each value of the axis a column of its own with 'where'")
    }
    return column
  }

  private func requireSource(_ column: SpecMembers) {
    for name in ["stage", "metric"] where column[name] == nil {
      reader.report(
        .missingMember, at: column.brace, "\(column.whole ?? "") has no member '\(name)'",
        hint: "'\(name)' is required without 'missing'")
    }
  }

  /// Reads the paper's values, one or null for each row.
  private func paper(_ column: SpecMembers, rows: KnownAxis?) -> [Double?] {
    guard let elements = column.list("paper") else { return [] }
    if let rows, ![rows.count, rows.listedCount].contains(elements.count), let place = column["paper"]?.range {
      reader.report(
        .unequalLengths, at: place,
        "\(column.phrase("paper")) has \(elements.count) value\(elements.count == 1 ? "" : "s"), but axis "
          + "'\(rows.name)' has \(rows.count)",
        hint: "expected one value or null for each row", severity: .warning)
    }
    return elements.map { $0.value.isNull ? nil : reader.number($0, "a value of \(column.phrase("paper"))") }
  }

  /// A best value needs to be told from others.
  private func checkStyles(_ object: SpecMembers, _ table: TableRequest) {
    for column in table.columns where (column.cell ?? table.cell) == .best {
      guard column.better == nil || column.better == .neither, column.missing == nil else { continue }
      reader.report(
        .misplacedMember, at: object.keyRange(column.cell == nil ? "cell" : "columns") ?? object.brace,
        "column '\(column.label)' of \(object.whole ?? "") prints the best value of '\(column.source.metric)', "
          + "of which nobody says what is better",
        hint: "say it in \"metrics\": {\"\(column.source.metric)\": {\"better\": \"greater\"}}")
      return
    }
  }
}

extension MetricDescription {
  /// The head of a column that shows it, `nil` without a label.
  fileprivate func head(unit: String) -> String? {
    label.map { unit.isEmpty ? $0 : "\($0) (\(unit))" }
  }
}
