import Digest
import GRDB
public import InputTracing
import JSON

/// What an attempt depended on, as the database keeps it: each distinct list once.
struct StoredInputSet: Sendable, Equatable {
  /// The SHA-256 of `entries`.
  let digest: String
  /// Canonical JSON: an array of [kind, name, value].
  let entries: String

  init(_ trace: InputTrace) {
    entries = CanonicalJSON.text(of: .array(trace.inputs.map(\.json)))
    digest = SHA256Digest(of: entries).hex
  }

  /// Returns the row id, inserting the list if it is new.
  func id(in database: Database) throws -> Int64 {
    let find = try database.cachedStatement(sql: "SELECT id FROM input_set WHERE digest = ?")
    if let known = try Int64.fetchOne(find, arguments: [digest]) { return known }
    try database.execute(sql: "INSERT INTO input_set (digest, entries) VALUES (?, ?)", arguments: [digest, entries])
    return database.lastInsertedRowID
  }
}

extension InputTrace {
  /// For manifests.
  var json: JSONValue {
    [
      "inputs": .array(inputs.map(\.json)), "gap": gap.map { .string($0) } ?? .null,
      "consumed": consumed.map { .string($0.hex) } ?? .null,
    ]
  }

  /// Reads what ``json`` gave.
  init?(json: JSONValue) {
    guard let values = json["inputs"]?.arrayValue else { return nil }
    let inputs = values.compactMap { WatchedInput(json: $0) }
    guard inputs.count == values.count else { return nil }
    self.init(
      inputs: inputs, gap: json["gap"]?.stringValue,
      consumed: json["consumed"]?.stringValue.flatMap { SHA256Digest(hex: $0) })
  }
}

extension ResultsStore {
  /// Returns what attempts depended on.
  ///
  /// - Parameter ids: Row ids of lists, see ``ReusableAttempt/inputSet``.
  /// - Returns: The entries by row id; lists that are not there, or cannot be read, are missing.
  /// - Throws: `StoreError` if the database cannot be read.
  public func inputSets(_ ids: Set<Int64>) throws(StoreError) -> [Int64: [WatchedInput]] {
    let texts = try read { database in
      var texts: [Int64: String] = [:]
      let statement = try database.cachedStatement(sql: "SELECT entries FROM input_set WHERE id = ?")
      for id in ids.sorted() { texts[id] = try String.fetchOne(statement, arguments: [id]) }
      return texts
    }
    return texts.compactMapValues { text in
      guard let values = (try? JSONValue(parsing: text))?.arrayValue else { return nil }
      let entries = values.compactMap { WatchedInput(json: $0) }
      return entries.count == values.count ? entries : nil
    }
  }
}
