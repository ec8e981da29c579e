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
    for path in paths(in: folder) {
      let entry = try entry(path, in: folder)
      files.append([
        "path": .string(entry.path), "byteCount": .integer(entry.byteCount), "sha256": .string(entry.digest),
      ])
    }
    let content: JSONValue = ["format": 1, "schema": .integer(Int64(Schema.current.version)), "files": .array(files)]
    try FileSystem.replace("\(folder)/\(manifestName)", with: SealedDocument.bytes(of: content))
  }

  /// Makes sure that every byte of a bundle is as it was written.
  package static func check(_ folder: String) throws(StoreError) {
    let manifest = "\(folder)/\(manifestName)"
    guard let bytes = FileSystem.contents(of: manifest), let content = SealedDocument.content(of: bytes),
      content["format"]?.intValue == 1, let files = content["files"]?.arrayValue
    else {
      throw damage(folder, "'\(manifest)' is not as it was written")
    }
    var known: Set<String> = []
    for file in files {
      guard let path = file["path"]?.stringValue, let byteCount = file["byteCount"]?.integerValue,
        let digest = file["sha256"]?.stringValue, !path.hasPrefix("/"), !path.split(separator: "/").contains("..")
      else { throw damage(folder, "'\(manifest)' names a file in a way that is not understood") }
      known.insert(path)
      guard FileSystem.size(ofFile: "\(folder)/\(path)") != nil else { throw damage(folder, "'\(path)' is missing") }
      guard try entry(path, in: folder) == Entry(path: path, byteCount: byteCount, digest: digest) else {
        throw damage(folder, "'\(path)' is not as it was written")
      }
    }
    if let stranger = paths(in: folder).first(where: { !known.contains($0) && !isCompanion($0) }) {
      throw damage(folder, "'\(stranger)' does not belong to it")
    }
  }

  /// What reading the database or looking for its writer leaves behind.
  private static func isCompanion(_ path: String) -> Bool {
    path == manifestName || ["-wal", "-shm", ".lock"].contains { path == "results.sqlite" + $0 }
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

  /// Paths of all files relative to the folder, sorted.
  private static func paths(in folder: String, below prefix: String = "") -> [String] {
    FileSystem.entries(of: prefix.isEmpty ? folder : "\(folder)/\(prefix)").flatMap { name in
      let path = prefix.isEmpty ? name : "\(prefix)/\(name)"
      if FileSystem.isFolder("\(folder)/\(path)") { return paths(in: folder, below: path) }
      return path == manifestName ? [] : [path]
    }
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
    try FileSystem.synchronizeTree(temporary)
    try FileSystem.rename(temporary, to: destination)
    try FileSystem.synchronize(FileSystem.folder(of: destination))
    return summary
  }

  private func fillBundle(_ folder: String, selection: ExportSelection) throws(StoreError) -> MergeSummary {
    let database = "\(folder)/results.sqlite"
    let bundle = try ResultsStore(path: database, mode: .readWrite)
    let summary = try bundle.merge(path, selection: selection)
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
