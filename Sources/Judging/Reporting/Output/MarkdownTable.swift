/// A table of text.
struct TableModel: Sendable, Equatable {
  /// Whether a column is set to the left or to the right.
  enum Alignment: Sendable { case leading, trailing }

  /// Column titles.
  var header: [String]
  /// One per column.
  var alignments: [Alignment]
  /// Cells, as many in each row as columns; inline Markdown.
  var rows: [[String]] = []
  /// By row, then column, the address under which a number's origin is listed; rows and columns may be missing.
  var addresses: [Int: [Int: String]] = [:]
  /// Heads that span columns, from the top, the lowest level in place of ``header``; empty if every column has one head.
  var spanningHeads: [[Head]] = []
  /// How many columns from the left name groups of rows: a name that is that of the row above need not be repeated.
  var groupColumns = 0

  /// A head above some neighbouring columns.
  struct Head: Sendable, Equatable {
    var text: String
    var span = 1
  }

  /// Starts a table whose first column names the rows.
  init(header: [String], leadingColumns: Int = 1) {
    self.header = header
    alignments = header.indices.map { $0 < leadingColumns ? .leading : .trailing }
  }

  /// Whether a cell names the same group as the one above it.
  func repeatsGroup(row: Int, column: Int) -> Bool {
    column < groupColumns && row > 0 && rows[row].prefix(column + 1) == rows[row - 1].prefix(column + 1)
  }

  /// How many rows a cell that begins a group stands for.
  func groupSize(row: Int, column: Int) -> Int {
    1 + rows.indices.dropFirst(row + 1).prefix { repeatsGroup(row: $0, column: column) }.count
  }

  /// The cells of a row, those that repeat the group of the row above left empty.
  func cells(ofRow row: Int) -> [String] {
    rows[row].enumerated().map { repeatsGroup(row: row, column: $0.offset) ? "" : $0.element }
  }
}

/// Writes tables as GitHub-flavoured Markdown whose source is legible too.
enum MarkdownTable {
  /// Returns the table's lines, each ended by a line feed.
  static func text(of table: TableModel) -> String {
    let cells = ([table.header] + table.rows.indices.map(table.cells)).map { row in
      table.header.indices.map { $0 < row.count ? InertMarkdown.text(Markdown.cell(row[$0])) : "" }
    }
    // One overlong cell must not push the source of all others to the right.
    let widths = table.header.indices.map { column in min(max(cells.map { $0[column].count }.max() ?? 0, 3), 40) }
    var lines = cells.map { row in
      "| " + zip(zip(row, widths), table.alignments).map { padded($0.0.0, $0.0.1, $0.1) }.joined(separator: " | ")
        + " |"
    }
    let rules = zip(widths, table.alignments).map { width, alignment in
      alignment == .leading ? String(repeating: "-", count: width) : String(repeating: "-", count: width - 1) + ":"
    }
    lines.insert("| " + rules.joined(separator: " | ") + " |", at: 1)
    return lines.map { $0 + "\n" }.joined()
  }

  private static func padded(_ text: String, _ width: Int, _ alignment: TableModel.Alignment) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return alignment == .leading ? text + space : space + text
  }
}
