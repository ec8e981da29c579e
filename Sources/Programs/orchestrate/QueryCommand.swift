import ArgumentParser
import Foundation
import JSON
import Printing
import ResultsStore

/// Answers SQL.
struct QueryCommand: AsyncParsableCommand {
  /// How rows are printed.
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case table, csv, json
  }

  static let configuration = CommandConfiguration(
    commandName: "query", abstract: "Answer a question in SQL; cannot change anything.",
    discussion: """
      The view 'latest_result' has a row for each sample of the latest runs and a column for each axis:
      'orchestrate query "SELECT seed, avg(value) FROM latest_result WHERE metric = \\"ssim\\" GROUP BY seed"'. Others are 'result', 'summary'
      and 'failure'; Docs/Results.md describes all tables.
      """)
  @Argument(help: "One SELECT statement.")
  var sql: String
  @Option(help: "How rows are printed: table, csv or json.")
  var format: Format = .table
  @Option(help: "Seconds after which the answer is given up.")
  var timeLimit = 60.0
  @OptionGroup var store: StoreOptions

  func validate() throws {
    guard timeLimit > 0 else { throw ValidationError("--time-limit must be more than 0") }
  }

  func run() async throws {
    try await reportingFailures {
      let result = try store.open(.readOnly).query(sql, timeLimit: timeLimit)
      switch format {
      case .table:
        try Terminal.write(Self.table(result))
        if result.rows.contains(where: { $0.contains { Self.isCut($0) } }) {
          Terminal.writeError(
            "values of more than \(Self.cellColumns) columns are cut; --format csv or json has them whole\n")
        }
      case .csv:
        let lines = result.rows.map { CSVLine.text(of: $0.map(Self.text)) }
        try Terminal.write(data: CSVLine.text(of: result.columns) + lines.joined())
      case .json: try Terminal.write(data: Self.json(result))
      }
    }
  }

  private static func text(_ value: QueryResult.Value) -> String {
    switch value {
    case .null: ""
    case .integer(let number): String(number)
    case .real(let number): number.isFinite ? "\(number)" : number > 0 ? "Infinity" : "-Infinity"
    case .text(let text): text
    case .bytes(let bytes): bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
  }

  /// Columns of a value in a table; nobody reads on, and all rows would be as wide.
  private static let cellColumns = 200

  private static func table(_ result: QueryResult) -> String {
    let cells = ([result.columns] + result.rows.map { $0.map(text) }).map { $0.map(cell) }
    let widths = result.columns.indices.map { column in cells.map { $0[column].columns }.max() ?? 0 }
    let numeric = result.columns.indices.map { column in
      !result.rows.isEmpty
        && result.rows.allSatisfy { row in
          switch row[column] {
          case .integer, .real, .null: true
          case .text, .bytes: false
          }
        }
    }
    func line(_ fields: [String]) -> String {
      let padded = fields.enumerated().map { index, field in
        field.padded(toColumns: widths[index], isTrailing: numeric[index])
      }
      var text = padded.joined(separator: "  ")
      while text.last == " " { text.removeLast() }
      return text + "\n"
    }
    let rule = widths.map { String(repeating: "-", count: $0) }
    return line(cells[0]) + line(rule) + cells.dropFirst().map(line).joined()
  }

  private static func isCut(_ value: QueryResult.Value) -> Bool {
    switch value {
    case .null, .integer, .real: false
    case .text, .bytes: cell(text(value)).hasSuffix("…") && !text(value).hasSuffix("…")
    }
  }

  private static func cell(_ text: String) -> String {
    // What is cut anyway need not be made visible.
    let beginning = text.utf8.count > 20 * cellColumns ? text.prefix(2 * cellColumns) + "…" : text
    return beginning.printableLine.cut(toColumns: cellColumns)
  }

  private static func json(_ result: QueryResult) -> String {
    let rows = result.rows.map { row -> JSONValue in
      let members = zip(result.columns, row).map { name, value -> (key: String, value: JSONValue) in
        switch value {
        case .null: (name, .null)
        case .integer(let number): (name, .integer(number))
        case .real(let number): (name, .real(number))
        case .text, .bytes: (name, .string(text(value)))
        }
      }
      return .object(members)
    }
    return "[\n" + rows.map(\.compactText).joined(separator: ",\n") + "\n]\n"
  }
}
