import Digest
import GRDB
import Glibc
import JSON

/// A folder that carries results to another place: a results folder of its own with the digest of every file in it.
///
/// `bundle.json` is a sealed document with the path, size and SHA-256 of all other files. A bundle can be read like any results folder.
package enum ResultsBundle {
  /// Name of the file with the digests.
  package static let manifestName = "bundle.json"

  private struct Entry: Equatable {
    var path: String
    var byteCount: Int64
    var digest: String
  }

  /// Writes the manifest of a folder.
  static func seal(_ folder: String) throws(StoreError) {
    var files: [JSONValue] = []
    for path in try paths(in: folder) {
      let entry =
        if let stored = storedEntry(path, in: folder) { stored } else { try entry(path, in: folder) }
      files.append([
        "path": .string(entry.path), "byteCount": .integer(entry.byteCount), "sha256": .string(entry.digest),
      ])
    }
    let content: JSONValue = ["format": 1, "schema": .integer(Int64(Schema.current.version)), "files": .array(files)]
    try FileSystem.replace("\(folder)/\(manifestName)", with: SealedDocument.bytes(of: content))
  }

  /// Makes sure that every byte of a bundle is as it was written, and that it holds nothing but files and folders.
  package static func check(_ folder: String) throws(StoreError) {
    let manifest = "\(folder)/\(manifestName)"
    guard FileSystem.kind(of: manifest) == .file, FileSystem.size(ofFile: manifest) ?? .max <= manifestLimit,
      let bytes = FileSystem.contents(of: manifest), let content = SealedDocument.content(of: bytes),
      content["format"]?.intValue == 1, let files = content["files"]?.arrayValue
    else {
      throw damage(folder, "'\(manifest)' is not as it was written")
    }
    let present = Set(try paths(in: folder))
    var known: Set<String> = []
    for file in files {
      guard let path = file["path"]?.stringValue, let byteCount = file["byteCount"]?.integerValue,
        let digest = file["sha256"]?.stringValue
      else { throw damage(folder, "'\(manifest)' names a file in a way that is not understood") }
      known.insert(path)
      guard present.contains(path) else { throw damage(folder, "'\(path)' is missing") }
      guard FileSystem.size(ofFile: "\(folder)/\(path)") == byteCount,
        try entry(path, in: folder) == Entry(path: path, byteCount: byteCount, digest: digest)
      else {
        throw damage(folder, "'\(path)' is not as it was written")
      }
    }
    if let stranger = present.subtracting(known).sorted().first(where: { !isCompanion($0, in: folder) }) {
      throw damage(folder, "'\(stranger)' does not belong to it")
    }
  }

  /// Most bytes of a manifest: some two million files.
  private static let manifestLimit: Int64 = 1 << 28

  /// What looking for the database's writer or reading it leaves behind; a log with content is none of it.
  private static func isCompanion(_ path: String, in folder: String) -> Bool {
    switch path {
    case "results.sqlite.lock", "results.sqlite-shm": true
    case "results.sqlite-wal": FileSystem.size(ofFile: "\(folder)/\(path)") == 0
    default: false
    }
  }

  /// An artifact that is a file, which has just been compared with the digest that it is named for; nil for anything else.
  private static func storedEntry(_ path: String, in folder: String) -> Entry? {
    let parts = path.split(separator: "/")
    guard parts.count == 3, parts[0] == "artifacts", let digest = SHA256Digest(hex: String(parts[1] + parts[2])),
      let byteCount = FileSystem.size(ofFile: "\(folder)/\(path)")
    else { return nil }
    return Entry(path: path, byteCount: byteCount, digest: digest.hex)
  }

  private static func entry(_ path: String, in folder: String) throws(StoreError) -> Entry {
    let file = "\(folder)/\(path)"
    do {
      let digest = try SHA256Digest(ofFile: file)
      return Entry(path: path, byteCount: FileSystem.size(ofFile: file) ?? -1, digest: digest.hex)
    } catch {
      throw StoreError(code: .other, message: "\(error)", path: file, cause: error)
    }
  }

  /// Paths of all files but the manifest, relative to the folder and sorted; links are not followed.
  private static func paths(in folder: String) throws(StoreError) -> [String] {
    var found: [String] = []
    var prefixes = [""]
    while let prefix = prefixes.popLast() {
      for name in FileSystem.entries(of: "\(folder)/\(prefix)") {
        let path = prefix + name
        switch FileSystem.kind(of: "\(folder)/\(path)") {
        case .folder: prefixes.append("\(path)/")
        case .file: if path != manifestName { found.append(path) }
        case .other, nil: throw damage(folder, "'\(path)' is neither a file nor a folder")
        }
      }
    }
    return found.sorted()
  }

  private static func damage(_ folder: String, _ what: String) -> StoreError {
    StoreError(
      code: .corrupt, message: "the bundle '\(folder)' is damaged: \(what); copy it again from where it was made",
      path: folder)
  }
}

extension ResultsStore {
  /// Writes runs with all their files and logs to a new folder that ``merge(_:selection:)`` accepts anywhere.
  ///
  /// The folder appears under its name when it is whole and on the disk.
  ///
  /// - Parameters:
  ///   - destination: A path at which there is nothing.
  ///   - selection: The runs; those whose results they used come along, those that have not ended are left out.
  /// - Returns: What it contains.
  /// - Throws: `StoreError`: `.notWritable` if there is something at the path, `.notFound` if no run would be in it, `.artifact`, `.diskFull`.
  @discardableResult
  public func exportBundle(
    to destination: String, selection: ExportSelection = ExportSelection()
  ) throws(StoreError) -> MergeSummary {
    guard access(destination, F_OK) != 0 else {
      throw StoreError(
        code: .notWritable, message: "'\(destination)' exists already; name a new folder", path: destination)
    }
    let temporary = "\(destination).\(getpid()).tmp"
    FileSystem.remove(temporary)
    defer { FileSystem.remove(temporary) }
    let summary = try fillBundle(temporary, selection: selection)
    guard !summary.addedRuns.isEmpty else {
      throw StoreError(
        code: .notFound, message: "no ended run in '\(path)' is meant; `orchestrate runs` lists them", path: path)
    }
    for left in ["results.sqlite.lock", "results.sqlite-wal", "results.sqlite-shm"] {
      FileSystem.remove("\(temporary)/\(left)")
    }
    try ResultsBundle.seal(temporary)
    try FileSystem.synchronizeAll(around: temporary)
    try FileSystem.rename(temporary, to: destination)
    try FileSystem.synchronize(FileSystem.folder(of: destination))
    return summary
  }

  private func fillBundle(_ folder: String, selection: ExportSelection) throws(StoreError) -> MergeSummary {
    let database = "\(folder)/results.sqlite"
    let bundle = try ResultsStore(path: database, mode: .readWrite)
    let summary = try bundle.merge(MergeSource(own: self), selection)
    try reading.requireUnchanged()
    try StoreError.translating(path: database) {
      try bundle.pool.close()
      // One file without companions, so that reading it elsewhere changes nothing.
      let queue = try DatabaseQueue(path: database)
      try queue.inDatabase { try $0.execute(sql: "PRAGMA journal_mode = DELETE") }
      try queue.close()
    }
    return summary
  }
}
