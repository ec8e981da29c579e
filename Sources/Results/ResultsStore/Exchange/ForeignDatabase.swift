import Digest
import Files
import GRDB
import JSON

/// A private copy of a database that somebody else made: nothing in it is believed before it has been looked at.
///
/// Only its tables are ever read, and only after they were found to be defined as this program defines them; views and triggers of
/// others are never executed. SQLite's own check then holds every row to the types and rules of those definitions.
struct ForeignDatabase {
  /// The copy.
  let path: String
  /// The file that was copied, for messages.
  let original: String

  /// Makes sure that the copy is what programs of some version make, whole, and has values that this one can use.
  ///
  /// - Returns: Its schema version, which is not above the present one.
  /// - Throws: `StoreError`: `.notADatabase`, `.newerSchema`, or `.corrupt` with the first finding.
  func examinedVersion() throws(StoreError) -> Int {
    try reading { database in
      let found = try Schema.definitions(in: database)
      let version = try version(in: database, found: found)
      let expected = try Schema.definitions(ofVersion: version)
      if let difference = Self.difference(of: found, from: expected) { throw damage(difference) }
      let tables = expected.filter { $0.value.kind == "table" }.keys.sorted()
      if let problem = try StoreBackup.problems(in: database, tables: tables).first { throw damage(problem) }
      return version
    }
  }

  /// Makes sure that values are what their columns' rules leave open: digests, names, texts that are JSON.
  ///
  /// - Throws: `StoreError` with code `.corrupt` and the first finding; the schema has to be the present one.
  func examineValues() throws(StoreError) {
    try reading { database in
      for rule in Self.rules {
        if let value = try database.firstRow(sql: rule.offenders, { try $0[0] as String }) {
          throw damage("\(rule.noun) is '\(Self.shown(value))', which \(rule.problem)")
        }
      }
      try database.forEachRow(sql: "SELECT name, digest, canonical FROM spec") { row in
        let name: String = try row[0]
        if let problem = FileName.problem(with: name) {
          throw damage("an experiment is named '\(Self.shown(name))', which \(problem)")
        }
        let canonical: JSONValue = try row[2]
        guard canonical.objectValue != nil, SHA256Digest(of: try row[2] as String).hex == (try row[1] as String) else {
          throw damage("the spec of experiment '\(name)' is not the one that its digest was made of")
        }
      }
      try database.forEachRow(sql: "SELECT axes FROM plan") { row in
        let axes: JSONValue = try row[0]
        guard axes.arrayValue?.allSatisfy({ $0.stringValue != nil }) == true else {
          throw damage("the axes of a plan are not a list of names")
        }
      }
      try database.forEachRow(sql: "SELECT assignment FROM trial") { row in
        let assignment: JSONValue = try row[0]
        guard assignment.objectValue != nil else { throw damage("the assignment of a trial is not a JSON object") }
      }
    }
  }

  /// Reads the version number, if the table that holds it is ours.
  private func version(in database: Database, found: [String: Schema.Definition]) throws -> Int {
    let table = "schema_version"
    guard let definition = found[table], definition == (try Schema.definitions(ofVersion: 1))[table] else {
      throw stranger
    }
    let version = try database.firstRow(sql: "SELECT version FROM schema_version") { try $0[0] as Int } ?? 0
    guard version >= 1 else { throw damage("its schema has the version \(version)") }
    guard version <= Schema.current.version else {
      throw StoreError(
        code: .newerSchema,
        message: "'\(original)' was made by a newer version of this program (schema \(version), this one reads "
          + "\(Schema.current.version)); update this program",
        path: original)
    }
    return version
  }

  /// The first definition that keeps a database from being read; views are not, whatever they are.
  private static func difference(
    of found: [String: Schema.Definition], from expected: [String: Schema.Definition]
  ) -> String? {
    for (name, definition) in expected.sorted(by: { $0.key < $1.key }) where definition.kind != "view" {
      guard found[name] == definition else {
        return "its \(definition.kind) '\(name)' is not defined as every results database defines it"
      }
    }
    let strangers = found.filter { name, definition in
      expected[name] == nil && definition.kind != "view" && definition.kind != "table"
        && expected[definition.table]?.kind == "table"
    }
    return strangers.min { $0.key < $1.key }.map {
      "its \($0.value.kind) '\(shown($0.key))' of table '\($0.value.table)' is not one of a results database"
    }
  }

  private struct Rule {
    /// What is wrong, with its article.
    var noun: String
    /// What is wrong with it, as a clause.
    var problem: String
    /// A query whose rows are texts that break the rule.
    var offenders: String
  }

  private static let rules: [Rule] =
    [
      ("artifact", "sha256"), ("freed_content", "sha256"), ("machine", "fingerprint"), ("spec", "digest"),
      ("plan", "hash"), ("job", "fingerprint"), ("attempt", "fingerprint"), ("fingerprint_part", "fingerprint"),
      ("fingerprint_part", "digest"),
    ].map { table, column in
      Rule(
        noun: "a value of '\(column)' in table '\(table)'", problem: "is not 64 lower-case hexadecimal digits",
        offenders: """
          SELECT \(column) FROM \(table)
          WHERE \(column) GLOB '*[^0-9a-f]*' OR length(CAST(\(column) AS BLOB)) <> 64 LIMIT 1
          """)
    }
    + ["run", "attempt"].map { table in
      Rule(
        noun: "a process number in table '\(table)'", problem: "is out of range",
        offenders: "SELECT CAST(pid AS TEXT) FROM \(table) WHERE pid NOT BETWEEN 0 AND 2147483647 LIMIT 1")
    }
    + [
      Rule(
        noun: "a value in table 'sample'", problem: "has to be in the column 'special'",
        offenders: "SELECT CAST(value AS TEXT) FROM sample WHERE abs(value) > 1.7976931348623157e308 LIMIT 1"),
      Rule(
        noun: "the name of a run", problem: "is not a name",
        offenders: "SELECT uid FROM run WHERE length(CAST(uid AS BLOB)) NOT BETWEEN 1 AND 200 LIMIT 1"),
      Rule(
        noun: "the order of a run", problem: "leaves no room for later runs",
        offenders: "SELECT CAST(sequence AS TEXT) FROM run WHERE abs(sequence / 2) > 4503599627370496 LIMIT 1"),
    ]

  private func reading<Value>(_ body: (Database) throws -> Value) throws(StoreError) -> Value {
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.prepareDatabase { try $0.execute(sql: "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON") }
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      defer { try? queue.close() }
      return try queue.read(body)
    } catch {
      throw refusal(error)
    }
  }

  /// Copies the database as it is at this moment, also beside a writer, page by page: nothing in it is interpreted.
  func copyPages() throws(StoreError) {
    do {
      var configuration = Configuration()
      configuration.readonly = true
      configuration.busyMode = .timeout(10)
      let source = try DatabaseQueue(path: original, configuration: configuration)
      defer { try? source.close() }
      let target = try DatabaseQueue(path: path)
      try source.backup(to: target)
      try target.close()
    } catch {
      throw refusal(error)
    }
  }

  /// What SQLite says of the content is the content's fault; of the disk and of permissions it is not.
  private func refusal(_ error: any Error) -> StoreError {
    switch (error as? DatabaseError)?.resultCode {
    case .SQLITE_NOTADB?: stranger
    case .SQLITE_CORRUPT?, .SQLITE_ERROR?, .SQLITE_TOOBIG?, .SQLITE_MISMATCH?, .SQLITE_CONSTRAINT?:
      damage((error as? DatabaseError)?.message ?? "\(error)")
    default:
      error is StoredRow.Mismatch ? damage("\(error)") : StoreError(error, path: original)
    }
  }

  private var stranger: StoreError {
    StoreError(
      code: .notADatabase, message: "'\(original)' is not a results database; name another file or folder",
      path: original)
  }

  /// The error for a content that cannot be used.
  func damage(_ what: String) -> StoreError {
    StoreError(
      code: .corrupt,
      message:
        "'\(original)' is damaged or was not made by this program: \(Self.shown(what, limit: 400)); nothing was merged",
      path: original)
  }

  /// A text of others, fit for a message: short, and without characters that a terminal obeys.
  private static func shown(_ text: String, limit: Int = 60) -> String {
    let plain = text.prefix(limit).unicodeScalars.map { scalar in
      scalar.properties.generalCategory == .control || scalar.properties.isWhitespace ? " " : String(scalar)
    }
    return plain.joined() + (text.count > limit ? "…" : "")
  }
}
