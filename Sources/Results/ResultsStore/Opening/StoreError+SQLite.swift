import GRDB

extension StoreError {
  /// Turns any error of an operation on a database into a `StoreError`.
  init(_ error: any Error, path: String) {
    if let known = error as? StoreError {
      self = known
      return
    }
    if error is StoredRow.Mismatch || error is RowDecodingError {
      // SQLite's wrapper prints whole rows, which may be long.
      let detail = "\(error)".asDetail
      self.init(
        code: .corrupt,
        message: "'\(path)' is damaged, or was not made by this program (\(detail)); restore it from a backup",
        path: path, cause: error)
      return
    }
    guard let failure = error as? DatabaseError else {
      self.init(code: .other, message: "'\(path)': \(error)", path: path, cause: error)
      return
    }
    let detail = failure.message?.asDetail ?? "SQLite error \(failure.resultCode.rawValue)"
    // SQLite does not always say that a file could not be made or grow for want of room.
    let isAboutFiles = [.SQLITE_IOERR, .SQLITE_CANTOPEN].contains(failure.resultCode)
    switch isAboutFiles && FileSystem.isFull(beside: path) ? .SQLITE_FULL : failure.resultCode {
    case .SQLITE_NOTADB:
      self.init(
        code: .notADatabase,
        message: "'\(path)' is not a results database (\(detail)); name another file, or restore it from a backup",
        path: path, cause: error)
    case .SQLITE_CORRUPT:
      self.init(
        code: .corrupt,
        message: "'\(path)' is damaged (\(detail)); restore it from a backup; the files in artifacts/ are not affected",
        path: path, cause: error)
    case .SQLITE_BUSY, .SQLITE_LOCKED:
      self.init(
        code: .busy, message: "'\(path)' is locked by another program (\(detail)); end that program and try again",
        path: path, cause: error)
    case .SQLITE_FULL:
      self.init(
        code: .diskFull,
        message: "no room on the disk of '\(path)'; free some and run again: what was reported as stored is kept",
        path: path, cause: error)
    case .SQLITE_IOERR where FileSystem.boundsFiles:
      self.init(
        code: .notWritable,
        message: "'\(path)' cannot be written (\(detail)), perhaps for the limit on the size of files; raise it "
          + "(ulimit -f) and run again: what was reported as stored is kept",
        path: path, cause: error)
    case .SQLITE_IOERR:
      self.init(
        code: .notWritable,
        message:
          "'\(path)' cannot be read or written (\(detail)); check its disk and run again: what was reported as stored "
          + "is kept",
        path: path, cause: error)
    case .SQLITE_CANTOPEN, .SQLITE_READONLY, .SQLITE_PERM, .SQLITE_AUTH:
      self.init(
        code: .notWritable,
        message: "'\(path)' cannot be opened for this (\(detail)); check the permissions of the file and its folder",
        path: path, cause: error)
    case .SQLITE_CONSTRAINT, .SQLITE_MISMATCH, .SQLITE_TOOBIG, .SQLITE_RANGE:
      self.init(
        code: .inconsistent, message: "'\(path)' refused a record that breaks its rules (\(detail))", path: path,
        cause: error)
    case .SQLITE_NOMEM:
      self.init(
        code: .other,
        message:
          "'\(path)': there is no memory for it; raise the limits on memory (ulimit -v, ulimit -d), or end other "
          + "programs",
        path: path, cause: error)
    default:
      self.init(code: .other, message: "'\(path)': \(detail)", path: path, cause: error)
    }
  }

  /// Runs an operation and gives its errors as `StoreError`.
  static func translating<Value>(path: String, _ operation: () throws -> Value) throws(StoreError) -> Value {
    do { return try operation() } catch { throw StoreError(error, path: path) }
  }
}

extension String {
  /// The text as a part of a message: on one line, without control characters, and not endless.
  var asDetail: String {
    let words = unicodeScalars.split { $0.properties.isWhitespace || $0.properties.generalCategory == .control }
    return String(words.map { String($0) }.joined(separator: " ").prefix(300))
  }
}
