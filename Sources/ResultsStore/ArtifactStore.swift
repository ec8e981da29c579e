import Digest
import Glibc

/// Moments of a publication, in order; after `manifestWritten` a crash no longer loses the result.
package enum PublicationStep: Sendable, Hashable, CaseIterable {
  /// Nothing has been done yet.
  case begun
  /// All files are stored by digest.
  case filesStored
  /// The manifest is on the disk.
  case manifestWritten
  /// The transaction is on the disk.
  case committed
}

/// A file in the artifact folder, with its name in the attempt.
struct StoredArtifact: Sendable, Equatable {
  var name: String
  var digest: SHA256Digest
  var byteCount: Int64
  var mediaType: String
}

/// Files by digest: artifacts/ab/cdef…, read-only, each content once.
struct ArtifactStore: Sendable {
  let folder: String
  let onStep: @Sendable (PublicationStep) -> Void

  var root: String { "\(folder)/artifacts" }

  func path(of digest: SHA256Digest) -> String {
    path(ofHex: digest.hex)
  }

  func path(ofHex digest: String) -> String {
    "\(root)/\(digest.prefix(2))/\(digest.dropFirst(2))"
  }

  func result(_ artifact: StoredArtifact) -> ArtifactResult {
    ArtifactResult(
      name: artifact.name, digest: artifact.digest.hex, byteCount: Int(artifact.byteCount),
      mediaType: artifact.mediaType,
      path: path(of: artifact.digest))
  }

  /// Whether a stored file is there with the size it should have.
  func holds(_ digest: SHA256Digest, byteCount: Int64) -> Bool {
    FileSystem.size(ofFile: path(of: digest)) == byteCount
  }

  /// Stores files and waits until they are on the disk.
  ///
  /// A file inside the attempt's folder is moved, any other is copied.
  func store(_ files: [ProducedFile], attempt: Int64, attemptFolder: String) throws(StoreError) -> [StoredArtifact] {
    var stored: [StoredArtifact] = []
    for file in files {
      guard !stored.contains(where: { $0.name == file.name }) else {
        throw refusal(file, attempt, "is named twice; give each file a name of its own")
      }
      let digest: SHA256Digest
      guard let size = FileSystem.size(ofFile: file.path) else {
        let what = FileSystem.isFolder(file.path) ? "is a folder, only files can be artifacts" : "does not exist"
        throw refusal(file, attempt, "'\(file.path)' \(what); check what the task announces")
      }
      do {
        digest = try SHA256Digest(ofFile: file.path)
      } catch {
        throw refusal(file, attempt, "\(error)")
      }
      stored.append(StoredArtifact(name: file.name, digest: digest, byteCount: size, mediaType: file.mediaType))
    }
    var isDone: Set<String> = []
    for (file, artifact) in zip(files, stored) where isDone.insert(artifact.digest.hex).inserted {
      let mayMove = file.path.hasPrefix(attemptFolder + "/") && FileSystem.isSoleFile(file.path)
      try place(file.path, as: artifact, mayMove: mayMove)
    }
    return stored
  }

  private func place(_ source: String, as artifact: StoredArtifact, mayMove: Bool) throws(StoreError) {
    if holds(artifact.digest, byteCount: artifact.byteCount) { return }
    let target = path(of: artifact.digest)
    let shelf = FileSystem.folder(of: target)
    let isNewShelf = !FileSystem.isFolder(shelf)
    try FileSystem.makeFolder(shelf)
    if mayMove {
      try FileSystem.synchronize(source)
      chmod(source, 0o444)
      try FileSystem.rename(source, to: target)
    } else {
      let temporary = "\(target).\(getpid()).\(UInt64.random(in: 0...UInt64.max)).tmp"
      try FileSystem.copy(source, to: temporary)
      chmod(temporary, 0o444)
      try FileSystem.rename(temporary, to: target)
    }
    try FileSystem.synchronize(shelf)
    if isNewShelf {
      try FileSystem.synchronize(root)
      try FileSystem.synchronize(folder)
    }
  }

  private func refusal(_ file: ProducedFile, _ attempt: Int64, _ problem: String) -> StoreError {
    StoreError(
      code: .artifact, message: "artifact '\(file.name)' of attempt \(attempt) cannot be stored: \(problem)",
      path: file.path)
  }
}
