import Digest

/// Some versions of a file, nearly always one.
struct FileVersions: Sendable {
  private(set) var first: FileStamp?
  private var others: [FileStamp] = []

  var isEmpty: Bool { first == nil }

  mutating func insert(_ stamp: FileStamp) {
    guard let first else {
      self.first = stamp
      return
    }
    if first != stamp, !others.contains(stamp) { others.append(stamp) }
  }

  /// Whether there is no other version.
  func isOnly(_ stamp: FileStamp) -> Bool { first == stamp && others.isEmpty }

  func allSatisfy(_ isSuch: (FileStamp) -> Bool) -> Bool {
    (first.map(isSuch) ?? true) && others.allSatisfy(isSuch)
  }

  func contains(where isSuch: (FileStamp) -> Bool) -> Bool { !allSatisfy { !isSuch($0) } }
}

/// What an attempt did with one file, in the order in which it happened.
struct FileUse: Sendable {
  /// The versions that it read, but for what it wrote itself.
  private(set) var read = FileVersions()
  /// The versions that it looked at, but for what it wrote itself.
  private(set) var looked = FileVersions()
  /// Whether a program looked at it that decides by age.
  private(set) var isDated = false
  /// Whether it was opened for reading and writing, so that only its end tells whether it was written.
  private(set) var mayBeWritten = false
  private(set) var isWritten = false
  /// What it is called now, if the attempt has moved it.
  private(set) var newPath: String?
  /// Whether nothing in it is older than the attempt.
  private(set) var isMade = false
  /// The version to which something was added.
  private var extended: FileStamp?

  mutating func noteRead(_ stamp: FileStamp) {
    guard !isWritten else {
      // What was there before the addition is read with it.
      if let extended { read.insert(extended) }
      extended = nil
      return
    }
    // What comes after it was opened for writing is perhaps its own.
    if !mayBeWritten || read.isEmpty { read.insert(stamp) }
  }

  mutating func noteLook(_ stamp: FileStamp, byAge: Bool) {
    if !isWritten { looked.insert(stamp) }
    if byAge { isDated = true }
  }

  mutating func noteUpdate(_ stamp: FileStamp) {
    noteRead(stamp)
    mayBeWritten = true
  }

  mutating func noteExtension(_ stamp: FileStamp) {
    if !isWritten, read.isEmpty { extended = stamp }
    isWritten = true
  }

  mutating func noteWrite() {
    if !isWritten, read.isEmpty { isMade = true }
    isWritten = true
    extended = nil
  }

  /// Takes note that it is called otherwise now; `false` if the attempt has made it.
  mutating func noteMove(to path: String) -> Bool {
    if isMade { return false }
    newPath = path
    isWritten = true
    return true
  }

  /// Takes note that it was read by its new name.
  mutating func noteReadAfterMove(_ stamp: FileStamp) {
    if !isMade { read.insert(extended ?? stamp) }
  }
}
