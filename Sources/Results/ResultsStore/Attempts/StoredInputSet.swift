import Digest
import GRDB
public import InputTracing
package import JSON

/// What an attempt depended on, as the database keeps it: each distinct list once, as a base and what came to it.
enum StoredInputSet {
  /// Returns the row id of the list of a trace, inserting what is new.
  ///
  /// - Throws: `DatabaseError` of a broken rule if the trace rests on a base that the database does not hold.
  static func id(of trace: InputTrace, in database: Database) throws -> Int64 {
    for step in trace.base?.unsettledSteps ?? [] { _ = try id(of: step, in: database) }
    guard trace.inputs.isEmpty, let base = trace.base else {
      return try id(of: InputBase(trace.inputs, previousDigest: trace.base?.digest), in: database)
    }
    return try id(of: base.digest, in: database)
  }

  private static func id(of step: InputBase, in database: Database) throws -> Int64 {
    if let known = try find(step.digest, in: database) { return known }
    let base = try step.previousDigest.map { try id(of: $0, in: database) }
    try database.execute(
      sql: "INSERT INTO input_set (digest, base_id, entries) VALUES (?, ?, ?)",
      arguments: [step.digest.hex, base, step.text])
    return database.lastInsertedRowID
  }

  private static func id(of digest: SHA256Digest, in database: Database) throws -> Int64 {
    if let known = try find(digest, in: database) { return known }
    throw DatabaseError(
      resultCode: .SQLITE_CONSTRAINT, message: "the list of what its worker had read before is not in the database")
  }

  private static func find(_ digest: SHA256Digest, in database: Database) throws -> Int64? {
    let statement = try database.cachedStatement(sql: "SELECT id FROM input_set WHERE digest = ?")
    return try Int64.fetchOne(statement, arguments: [digest.hex])
  }
}

extension InputTrace {
  /// For manifests.
  package var json: JSONValue {
    [
      "inputs": .array(inputs.map(\.json)), "gap": gap.map { .string($0) } ?? .null,
      "consumed": consumed.map { .string($0.hex) } ?? .null, "base": base.map { .string($0.digest.hex) } ?? .null,
      "steps": .array(
        (base?.unsettledSteps ?? []).map { step in
          [step.previousDigest.map { .string($0.hex) } ?? .null, .array(step.inputs.map(\.json))]
        }),
    ]
  }

  /// Reads what ``json`` gave.
  package init?(json: JSONValue) {
    guard let inputs = json["inputs"].flatMap(Self.inputs(json:)) else { return nil }
    var base: InputBase?
    for value in json["steps"]?.arrayValue ?? [] {
      guard let step = value[1].flatMap(Self.inputs(json:)) else { return nil }
      let previous = value[0]?.stringValue.flatMap { SHA256Digest(hex: $0) }
      base = base.map { InputBase(step, previous: $0) } ?? InputBase(step, previousDigest: previous)
    }
    if let digest = json["base"]?.stringValue.flatMap({ SHA256Digest(hex: $0) }), base == nil {
      base = InputBase(settled: digest)
    }
    self.init(
      inputs: inputs, base: base, gap: json["gap"]?.stringValue,
      consumed: json["consumed"]?.stringValue.flatMap { SHA256Digest(hex: $0) })
  }

  private static func inputs(json: JSONValue) -> [WatchedInput]? {
    guard let values = json.arrayValue else { return nil }
    let inputs = values.compactMap { WatchedInput(json: $0) }
    return inputs.count == values.count ? inputs : nil
  }
}

/// What attempts depended on, as a base and what came to it.
public struct InputSet: Sendable, Hashable {
  /// Row id of the base; nil if there is none.
  public var base: Int64?
  /// What came to it; nil if it cannot be read.
  public var entries: [WatchedInput]?

  /// Makes a list.
  ///
  /// - Parameters:
  ///   - base: Row id of the base.
  ///   - entries: What came to it.
  public init(base: Int64?, entries: [WatchedInput]?) {
    self.base = base
    self.entries = entries
  }
}

extension ResultsStore {
  /// Returns what attempts depended on.
  ///
  /// - Parameter ids: Row ids of lists, see ``ReusableAttempt/inputSet``.
  /// - Returns: These and their bases by row id; lists that are not there are missing.
  /// - Throws: `StoreError` if the database cannot be read.
  public func inputSets(_ ids: Set<Int64>) throws(StoreError) -> [Int64: InputSet] {
    let rows = try read { database in
      var rows: [Int64: (base: Int64?, text: String)] = [:]
      let statement = try database.cachedStatement(sql: "SELECT base_id, entries FROM input_set WHERE id = ?")
      for id in ids.sorted() {
        var next: Int64? = id
        while let id = next, rows[id] == nil {
          guard let row = try Row.fetchOne(statement, arguments: [id]) else { break }
          next = row[0]
          rows[id] = (next, row[1])
        }
      }
      return rows
    }
    return rows.mapValues { base, text in
      let values = (try? JSONValue(parsing: text))?.arrayValue
      let entries = values?.compactMap { WatchedInput(json: $0) }
      return InputSet(base: base, entries: entries?.count == values?.count ? entries : nil)
    }
  }
}
