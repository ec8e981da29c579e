import JSON

extension ReportReader {
  mutating func table(_ node: LocatedJSON) -> TableRequest? {
    guard var object = reader.object(node, as: .table, "a table") else { return nil }
    let head = head(&object, "table")
    var table = TableRequest(head: head ?? ReportHead(id: "", title: "", caption: ""))
    table.place = object.text("place") ?? ""
    table.rowNames = object.word("rowNames", as: TableRequest.RowNames.self) ?? .value
    table.filter = filter(object)
    table.summary = (object.list("summary") ?? []).compactMap { element in
      reader.word(
        element, "an element of \(object.phrase("summary"))", of: TableRequest.SummaryRow.allCases.map(\.rawValue))
    }.compactMap(TableRequest.SummaryRow.init(rawValue:))
    table.rowAxis = axis("rows", of: object)
    table.rowLabel = object.text("rowLabel") ?? table.rowAxis ?? ""
    let rows = table.rowAxis.flatMap { context?.axes[$0] }
    for element in object.list("columns") ?? [] {
      if let column = column(element, of: object.whole ?? "", rows: rows) { table.columns.append(column) }
    }
    return head == nil ? nil : table
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
    var column = TableRequest.Column(
      id: id, label: label ?? source?.metric ?? "", source: source ?? MetricSource(stage: "", metric: ""))
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
    column.unit = object.text("unit") ?? ""
    column.digits = object.integer("digits") ?? 4
    column.format = object.word("format", as: TableRequest.Column.Format.self) ?? .number
    column.paper = paper(object, rows: rows)
    let summary = reader.object(object["paperSummary"], as: .paperSummary, object.phrase("paperSummary"))
    column.paperMean = summary?.number("mean")
    column.paperDeviation = summary?.number("std")
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
        "\(column.phrase("paper")) has \(elements.count) values, but axis '\(rows.name)' has \(rows.count)",
        hint: "expected one value or null for each row", severity: .warning)
    }
    return elements.map { $0.value.isNull ? nil : reader.number($0, "a value of \(column.phrase("paper"))") }
  }
}
