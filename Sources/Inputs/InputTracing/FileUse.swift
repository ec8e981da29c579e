package import Digest

/// Some versions of a file, nearly always one.
package struct FileVersions: Sendable {
  package private(set) var first: FileStamp?
  private var others: [FileStamp] = []

  package init() {}

  package var isEmpty: Bool { first == nil }

  package mutating func insert(_ stamp: FileStamp) {
    guard let first else {
      self.first = stamp
      return
    }
    if first != stamp, !others.contains(stamp) { others.append(stamp) }
  }

  /// Whether there is no other version.
  package func isOnly(_ stamp: FileStamp) -> Bool { first == stamp && others.isEmpty }

  package func allSatisfy(_ isSuch: (FileStamp) -> Bool) -> Bool {
    (first.map(isSuch) ?? true) && others.allSatisfy(isSuch)
  }

  package func contains(where isSuch: (FileStamp) -> Bool) -> Bool { !allSatisfy { !isSuch($0) } }
}

/// What an attempt did with one file, in the order in which it happened.
package struct FileUse: Sendable {
  /// The versions that it read, but for what it wrote itself.
  package private(set) var read = FileVersions()
  /// The versions that it looked at, but for what it wrote itself.
  package private(set) var looked = FileVersions()
  /// Whether a program looked at it that decides by age.
  package private(set) var isDated = false
  /// Whether it was opened for reading and writing, so that only its end tells whether it was written.
  package private(set) var mayBeWritten = false
  package private(set) var isWritten = false
  /// What it is called now, if the attempt has moved it.
  package private(set) var newPath: String?
  /// Whether nothing in it is older than the attempt.
  package private(set) var isMade = false
  /// The version to which something was added.
  private var extended: FileStamp?

  package init() {}

  package mutating func noteRead(_ stamp: FileStamp) {
    guard !isWritten else {
      // What was there before the addition is read with it.
      if let extended { read.insert(extended) }
      extended = nil
      return
    }
    // What comes after it was opened for writing is perhaps its own.
    if !mayBeWritten || read.isEmpty { read.insert(stamp) }
  }

  package mutating func noteLook(_ stamp: FileStamp, byAge: Bool) {
    if !isWritten { looked.insert(stamp) }
    if byAge { isDated = true }
  }

  package mutating func noteUpdate(_ stamp: FileStamp) {
    noteRead(stamp)
    mayBeWritten = true
  }

  package mutating func noteExtension(_ stamp: FileStamp) {
    if !isWritten, read.isEmpty { extended = stamp }
    isWritten = true
  }

  package mutating func noteWrite() {
    if !isWritten, read.isEmpty { isMade = true }
    isWritten = true
    extended = nil
  }

  /// Takes note that it is called otherwise now; `false` if the attempt has made it.
  package mutating func noteMove(to path: String) -> Bool {
    if isMade { return false }
    newPath = path
    isWritten = true
    return true
  }

  /// Takes note that it was read by its new name.
  package mutating func noteReadAfterMove(_ stamp: FileStamp) {
    if !isMade { read.insert(extended ?? stamp) }
  }
}
