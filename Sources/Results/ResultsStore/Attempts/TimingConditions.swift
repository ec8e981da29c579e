import GRDB
import JSON

/// The machine around one timed attempt; what the system does not tell is nil.
public struct TimingConditions: Sendable, Hashable {
  /// Most processors that other work may keep busy on a quiet machine.
  public var loadLimit: Double
  /// Longest wait for that, seconds.
  public var waitLimitSeconds: Double
  /// How long the attempt waited, seconds.
  public var waitedSeconds: Double
  /// Processors that other work kept busy just before the attempt.
  public var loadBefore: Double?
  /// Processors that other work kept busy while it ran.
  public var loadDuring: Double?
  /// Mean frequency of the processors just before it, MHz.
  public var frequencyStart: Double?
  /// Mean frequency of the processors just after it, MHz.
  public var frequencyEnd: Double?
  /// Hottest sensor just before it, °C.
  public var temperatureStart: Double?
  /// Hottest sensor just after it, °C.
  public var temperatureEnd: Double?
  /// Whether the limit was kept before and during the attempt.
  public var isQuiet: Bool?

  /// Makes a record.
  public init(
    loadLimit: Double, waitLimitSeconds: Double, waitedSeconds: Double, loadBefore: Double? = nil,
    loadDuring: Double? = nil, frequencyStart: Double? = nil, frequencyEnd: Double? = nil,
    temperatureStart: Double? = nil, temperatureEnd: Double? = nil, isQuiet: Bool? = nil
  ) {
    self.loadLimit = loadLimit
    self.waitLimitSeconds = waitLimitSeconds
    self.waitedSeconds = waitedSeconds
    self.loadBefore = loadBefore
    self.loadDuring = loadDuring
    self.frequencyStart = frequencyStart
    self.frequencyEnd = frequencyEnd
    self.temperatureStart = temperatureStart
    self.temperatureEnd = temperatureEnd
    self.isQuiet = isQuiet
  }
}

extension TimingConditions {
  /// Processors that other work kept busy, the greater of before and during the attempt; nil if neither is known.
  public var load: Double? { [loadBefore, loadDuring].compactMap(\.self).max() }

  static let columns = """
    load_limit, wait_limit_seconds, waited_seconds, load_before, load_during, frequency_start_mhz, frequency_end_mhz,
    temperature_start_celsius, temperature_end_celsius, is_quiet
    """

  init(_ row: StoredRow, from first: Int) throws {
    self.init(
      loadLimit: try row[first], waitLimitSeconds: try row[first + 1], waitedSeconds: try row[first + 2],
      loadBefore: try row[first + 3], loadDuring: try row[first + 4], frequencyStart: try row[first + 5],
      frequencyEnd: try row[first + 6], temperatureStart: try row[first + 7], temperatureEnd: try row[first + 8],
      isQuiet: try row[first + 9])
  }

  func insert(attempt id: Int64, in database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT INTO timing_condition (attempt_id, \(Self.columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")
    let arguments: [(any DatabaseValueConvertible)?] = [
      id, loadLimit, waitLimitSeconds, waitedSeconds, loadBefore, loadDuring, frequencyStart, frequencyEnd,
      temperatureStart, temperatureEnd, isQuiet,
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
      .real(loadLimit), .real(waitLimitSeconds), .real(waitedSeconds), number(loadBefore), number(loadDuring),
      number(frequencyStart), number(frequencyEnd), number(temperatureStart), number(temperatureEnd),
      isQuiet.map { .bool($0) } ?? .null,
    ]
  }

  init?(json: JSONValue) {
    guard let values = json.arrayValue, values.count == 10, let load = values[0].realValue,
      let limit = values[1].realValue, let waited = values[2].realValue
    else { return nil }
    self.init(
      loadLimit: load, waitLimitSeconds: limit, waitedSeconds: waited, loadBefore: values[3].realValue,
      loadDuring: values[4].realValue, frequencyStart: values[5].realValue, frequencyEnd: values[6].realValue,
      temperatureStart: values[7].realValue, temperatureEnd: values[8].realValue, isQuiet: values[9].boolValue)
  }
}
