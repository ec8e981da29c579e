import GRDB
import Glibc

/// Where SQLite reads a database: in its place, as it lies there, or in a private copy.
///
/// SQLite shares the index of a write-ahead log in a file `-shm`, and rolls an unfinished transaction back before it reads. Where it may
/// write neither, it reads nothing at all, although everything is there:
/// - A database with everything in its own file is read *as it lies there* (`immutable`), without locks; that it has not changed meanwhile
///   is checked after each reading.
/// - With a log or an unfinished transaction beside it, which `immutable` would leave out, it is copied to a private folder and settled
///   there.
final class ReadingPlace: Sendable {
  /// What SQLite is to open.
  let name: String
  private let path: String
  /// How the file was when it was opened, if nothing keeps others from changing it.
  private let original: FileStamp?
  private let copy: String?

  /// The database in its place, with SQLite's own locks.
  init(sharing path: String) {
    self.path = path
    name = path
    original = nil
    copy = nil
  }

  private init(asItLies path: String, original: FileStamp) {
    self.path = path
    name = "file:\(Self.percentEncoded(FileSystem.resolved(path) ?? path))?immutable=1"
    self.original = original
    copy = nil
  }

  private init(copy folder: String, of path: String) {
    self.path = path
    name = "\(folder)/copy.sqlite"
    original = nil
    copy = folder
  }

  deinit { if let copy { FileSystem.remove(copy) } }

  /// Opens an existing database in the first way that works.
  static func open<Connection>(
    _ path: String, _ connect: (ReadingPlace) throws -> Connection
  ) throws(StoreError) -> (place: ReadingPlace, connection: Connection) {
    do {
      if hasContent(path, .journal), isWritable(path) {
        // Opened for writing, SQLite rolls back what a killed process left.
        try? DatabaseQueue(path: path).inDatabase { _ = try Int.fetchOne($0, sql: "SELECT 1 FROM sqlite_schema") }
      }
      var obstacle: (any Error)?
      if mayShare(path) {
        do {
          let place = ReadingPlace(sharing: path)
          return (place, try connect(place))
        } catch let error as DatabaseError where isObstacle(error) {
          obstacle = error
        }
      }
      if !hasContent(path, .wal), !hasContent(path, .journal), let stamp = FileStamp(of: path) {
        do {
          let place = ReadingPlace(asItLies: path, original: stamp)
          return (place, try connect(place))
        } catch let error as DatabaseError where isObstacle(error) {
          obstacle = obstacle ?? error
        }
      }
      // A file that may not be read at all has no copy either.
      guard access(path, R_OK) == 0 else { throw obstacle ?? FileSystem.failure("read", path, errno) }
      let place = try copy(of: path)
      return (place, try connect(place))
    } catch {
      throw StoreError(error, path: path)
    }
  }

  /// Makes sure that what was read is what the database was when it was opened.
  func requireUnchanged() throws(StoreError) {
    guard let original, FileStamp(of: path) != original else { return }
    throw StoreError(code: .busy, message: "'\(path)' was changed while it was read; try again", path: path)
  }

  /// SQLite would make the file `-shm`: in the name of the reader, so that its owner could not write the database any more.
  private static func mayShare(_ path: String) -> Bool {
    if FileSystem.isThere(path + DatabaseCompanion.shm.suffix) { return true }
    var status = stat()
    guard stat(path, &status) == 0 else { return false }
    return geteuid() == 0 || (status.st_uid == geteuid() && isWritable(path))
  }

  static func isWritable(_ path: String) -> Bool {
    access(path, W_OK) == 0 && access(FileSystem.folder(of: path), W_OK) == 0
  }

  private static func hasContent(_ path: String, _ companion: DatabaseCompanion) -> Bool {
    (FileSystem.size(ofFile: path + companion.suffix) ?? 0) > 0
  }

  private static func isObstacle(_ error: DatabaseError) -> Bool {
    [.SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_IOERR].contains(error.resultCode)
  }

  /// Copies a database to a private folder, which goes with the place.
  static func copy(of path: String) throws -> ReadingPlace {
    var template = Array("\(getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp")/orchestrate-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else {
      throw FileSystem.failure("make a folder for a copy of", path, errno)
    }
    let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    let place = ReadingPlace(copy: folder, of: path)
    let parts = [path] + [DatabaseCompanion.wal, .journal].map { path + $0.suffix }
    let before = parts.map(FileStamp.init(of:))
    for (part, suffix) in zip(parts, ["", "-wal", "-journal"]) where FileSystem.size(ofFile: part) != nil {
      try FileSystem.copy(part, to: place.name + suffix)
    }
    guard parts.map(FileStamp.init(of:)) == before else {
      throw StoreError(code: .busy, message: "'\(path)' was changed while it was read; try again", path: path)
    }
    try DatabaseQueue(path: place.name).inDatabase { _ = try Int.fetchOne($0, sql: "SELECT 1 FROM sqlite_schema") }
    return place
  }

  private static func percentEncoded(_ path: String) -> String {
    path.utf8.reduce(into: "") { text, byte in
      let isPlain = UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte || UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte
      if isPlain || byte == UInt8(ascii: "/") {
        text.unicodeScalars.append(Unicode.Scalar(byte))
      } else {
        text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
      }
    }
  }
}

/// What tells one content of a file from another without reading it.
private struct FileStamp: Equatable, Sendable {
  private var numbers: [Int]

  /// Looks at a file; nil if there is none.
  init?(of path: String) {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    numbers = [Int(status.st_ino), Int(status.st_size), status.st_mtim.tv_sec, status.st_mtim.tv_nsec]
  }
}
