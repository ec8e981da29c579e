/// The heads of HTML tables that span columns, and the names of groups of rows.
enum HTMLTableHeads {
  /// Returns the rows of a table's head.
  ///
  /// - Parameters:
  ///   - model: A table with spanning heads.
  ///   - style: Makes the class attribute of a column.
  /// - Returns: One `tr` for each level.
  static func rows(_ model: TableModel, style: (Int) -> String) -> String {
    model.spanningHeads.enumerated().map { level, heads in
      let isLast = level == model.spanningHeads.count - 1
      var column = 0
      let cells = heads.map { head -> String in
        defer { column += head.span }
        let text = HTMLText.inline(head.text)
        if isLast { return "<th scope=\"col\"\(style(column))>\(text)</th>" }
        let span = head.span > 1 ? " colspan=\"\(head.span)\"" : ""
        return head.text.isEmpty ? "<td\(span)></td>" : "<th scope=\"colgroup\" class=\"span\"\(span)>\(text)</th>"
      }
      return "<tr>\(cells.joined())</tr>"
    }.joined()
  }

  /// Returns the name of a group of rows in front of its first row.
  static func group(_ model: TableModel, row: Int, column: Int) -> String {
    let size = model.groupSize(row: row, column: column)
    let span = size > 1 ? " rowspan=\"\(size)\"" : ""
    return
      "<th scope=\"\(size > 1 ? "rowgroup" : "row")\" class=\"group\"\(span)>\(HTMLText.inline(model.rows[row][column]))</th>"
  }
}
