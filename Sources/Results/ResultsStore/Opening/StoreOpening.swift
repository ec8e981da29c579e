import GRDB
import Glibc

/// Opens the database file: inspects it first, so that nothing is changed that may not be.
struct StoreOpening {
  struct Opened {
    var pool: DatabasePool
    var reading: ReadingPlace
    var lock: StoreLock?
    var hold: DatabaseHold?
    var backup: String?
  }

  private enum Content {
    case nothing
    case version(Int)
  }

  let path: String
  let schema: Schema

  var folder: String { FileSystem.folder(of: path) }

  func forReading() throws(StoreError) -> Opened {
    guard FileSystem.size(ofFile: path) != nil else { throw missing }
    var found = Content.nothing
    let (reading, pool) = try ReadingPlace.open(path) { place in
      let pool = try DatabasePool(path: place.name, configuration: Self.readingConfiguration)
      found = try pool.read { try content(of: $0) }
      return pool
    }
    switch found {
    case .nothing: throw missing
    case .version(let found) where found > schema.version: throw newer(found)
    case .version(let found) where found < schema.version && !ReadingPlace.isWritable(path):
      return try migratedCopy(from: found)
    case .version(let found) where found < schema.version:
      throw StoreError(
        code: .olderSchema,
        message:
          "'\(path)' was made by an older version of this program (schema \(found), this one reads \(schema.version)); "
          + "`orchestrate recover` brings it up to date, after a backup",
        path: path)
    case .version: break
    }
    return Opened(pool: pool, reading: reading)
  }

  /// Brings a private copy up to date of what may not be changed itself.
  private func migratedCopy(from version: Int) throws(StoreError) -> Opened {
    try StoreError.translating(path: path) {
      let copy = try ReadingPlace.copy(of: path)
      _ = try StoreMigration(path: copy.name, schema: schema).migrate(from: version)
      let pool = try DatabasePool(path: copy.name, configuration: Self.readingConfiguration)
      return Opened(pool: pool, reading: copy)
    }
  }

  func forWriting() throws(StoreError) -> Opened {
    try FileSystem.makeFolder(folder)
    let lock = try StoreLock(database: path)
    var hold = try FileSystem.size(ofFile: path) == nil ? nil : DatabaseHold(path)
    let creation = StoreCreation(path: path, schema: schema)
    creation.clear()
    var backup: String?
    switch hold == nil ? .nothing : try settledContent() {
    case .nothing:
      try creation.make()
      hold = try DatabaseHold(path)
    case .version(let found):
      guard found <= schema.version else { throw newer(found) }
      if found < schema.version {
        backup = try StoreMigration(path: path, schema: schema).migrate(from: found)
      }
    }
    let pool = try StoreError.translating(path: path) {
      let pool = try DatabasePool(path: path, configuration: Self.configuration)
      // Opening a pool sets NORMAL, which loses the last transactions in a power cut.
      try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
      return pool
    }
    try hold?.requireInPlace()
    return Opened(pool: pool, reading: ReadingPlace(sharing: path), lock: lock, hold: hold, backup: backup)
  }

  private static var configuration: Configuration {
    var configuration = Configuration()
    configuration.busyMode = .timeout(10)
    configuration.prepareDatabase { database in
      // Digests come in random order: with the usual 2 MiB, the same pages of a large plan would be read and written again and again.
      try database.execute(sql: "PRAGMA cache_size = -65536")
    }
    return configuration
  }

  /// How a database is opened that is only read.
  static var readingConfiguration: Configuration {
    var configuration = configuration
    configuration.readonly = true
    return configuration
  }

  /// The schema version of an existing database that this program can read or migrate.
  func version() throws(StoreError) -> Int {
    guard FileSystem.size(ofFile: path) != nil else { throw missing }
    let (_, inspected) = try ReadingPlace.open(path) { place -> Content in
      try DatabaseQueue(path: place.name, configuration: Self.readingConfiguration).read { try content(of: $0) }
    }
    guard case .version(let found) = inspected else { throw missing }
    guard found <= schema.version else { throw newer(found) }
    return found
  }

  /// What the database holds after what a killed process left in it was rolled back.
  private func settledContent() throws(StoreError) -> Content {
    try StoreError.translating(path: path) {
      try DatabaseQueue(path: path, configuration: Self.configuration).inDatabase { try content(of: $0) }
    }
  }

  private func content(of database: Database) throws -> Content {
    let tables = try String.fetchAll(database, sql: "SELECT name FROM sqlite_schema WHERE type = 'table'")
    if tables.isEmpty { return .nothing }
    guard tables.contains("schema_version"), tables.contains("attempt"),
      let version = try Int.fetchOne(database, sql: "SELECT version FROM schema_version")
    else {
      throw StoreError(
        code: .notADatabase,
        message:
          "'\(path)' is an SQLite file of another program (tables: \(tables.prefix(3).joined(separator: ", "))); "
          + "name another file",
        path: path)
    }
    if version == schema.version, let stranger = try schema.stranger(in: database) {
      throw StoreError(
        code: .corrupt,
        message: "'\(path)' is damaged, or was not made by this program (\(stranger)); restore it from a backup",
        path: path)
    }
    return .version(version)
  }

  private var missing: StoreError {
    StoreError(
      code: .missing,
      message: "there is no results database '\(path)'; `orchestrate run` makes one, or name another results folder",
      path: path)
  }

  private func newer(_ found: Int) -> StoreError {
    StoreError(
      code: .newerSchema,
      message:
        "'\(path)' was made by a newer version of this program (schema \(found), this one knows \(schema.version)); "
        + "update this program, or use another results folder",
      path: path)
  }
}
