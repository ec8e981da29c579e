import AttemptModel
import GRDB
import JSON

/// Rows of timing conditions, and their form in a manifest.
extension TimingConditions {
  static let columns = """
    load_limit, wait_limit_seconds, waited_seconds, load_before, load_during, frequency_start_mhz, frequency_end_mhz,
    temperature_start_celsius, temperature_end_celsius, is_quiet
    """

  init(_ row: StoredRow, from first: Int) throws {
    self.init(
      rule: QuietRule(load: try row[first], waitSeconds: try row[first + 1]), waitedSeconds: try row[first + 2],
      loadBefore: try row[first + 3], loadDuring: try row[first + 4],
      frequency: Span(start: try row[first + 5], end: try row[first + 6]),
      temperature: Span(start: try row[first + 7], end: try row[first + 8]))
  }

  func insert(attempt id: Int64, in database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT INTO timing_condition (attempt_id, \(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    let arguments: [(any DatabaseValueConvertible)?] = [
      id, rule.load, rule.waitSeconds, waitedSeconds, loadBefore, loadDuring, frequency.start, frequency.end,
      temperature.start, temperature.end, isQuiet,
    ]
    try statement.execute(arguments: StatementArguments(arguments))
  }

  /// The conditions of those of the given attempts that were timed.
  static func all(of attempts: [Int64], in database: Database) throws -> [Int64: TimingConditions] {
    guard let first = attempts.min(), let last = attempts.max() else { return [:] }
    let wanted = Set(attempts)
    var found: [Int64: TimingConditions] = [:]
    try database.forEachRow(
      sql: "SELECT attempt_id, \(columns) FROM timing_condition WHERE attempt_id BETWEEN ? AND ?",
      arguments: [first, last]
    ) { row in
      let id: Int64 = try row[0]
      if wanted.contains(id) { found[id] = try TimingConditions(row, from: 1) }
    }
    return found
  }

  /// The form that a manifest holds until the attempt is in the database.
  var json: JSONValue {
    func number(_ value: Double?) -> JSONValue { value.map { .real($0) } ?? .null }
    return [
      .real(rule.load), .real(rule.waitSeconds), .real(waitedSeconds), number(loadBefore), number(loadDuring),
      number(frequency.start), number(frequency.end), number(temperature.start), number(temperature.end),
      isQuiet.map { .bool($0) } ?? .null,
    ]
  }

  init?(json: JSONValue) {
    guard let values = json.arrayValue, values.count == 10, let load = values[0].realValue,
      let limit = values[1].realValue, let waited = values[2].realValue
    else { return nil }
    self.init(
      rule: QuietRule(load: load, waitSeconds: limit), waitedSeconds: waited, loadBefore: values[3].realValue,
      loadDuring: values[4].realValue, frequency: Span(start: values[5].realValue, end: values[6].realValue),
      temperature: Span(start: values[7].realValue, end: values[8].realValue))
  }
}
