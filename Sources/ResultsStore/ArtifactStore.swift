import Digest
import Glibc

/// Moments of a publication, in order; after `manifestWritten` a crash no longer loses the result.
package enum PublicationStep: Sendable, Hashable, CaseIterable {
  /// Nothing has been done yet.
  case begun
  /// One file or folder is whole on the disk, but not yet under its final name.
  case contentSealed
  /// All files are stored by digest.
  case filesStored
  /// The manifest is on the disk.
  case manifestWritten
  /// The transaction is on the disk.
  case committed
}

/// A file or folder in the artifact folder, with its name in the attempt.
struct StoredArtifact: Sendable, Equatable {
  var name: String
  var digest: SHA256Digest
  var byteCount: Int64
  var mediaType: String
}

/// Files, and folders of files, by digest: artifacts/ab/cdef…, read-only, each content once.
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

  /// Whether a stored file or folder is there with the size it should have.
  func holds(_ digest: SHA256Digest, byteCount: Int64) -> Bool {
    ArtifactContent.byteCount(at: path(of: digest)) == byteCount
  }

  /// Whether a stored file or folder is there with the content it should have.
  func isWhole(_ artifact: StoredArtifact) -> Bool {
    guard let content = try? ArtifactContent(of: path(of: artifact.digest)), content.byteCount == artifact.byteCount
    else { return false }
    return (try? content.digest()) == artifact.digest
  }

  /// Stores files and folders and waits until they are on the disk.
  ///
  /// What is inside the attempt's folder is moved, anything else is copied.
  func store(_ files: [ProducedFile], attempt: Int64, attemptFolder: String) throws(StoreError) -> [StoredArtifact] {
    if files.isEmpty { return [] }
    var contents: [ArtifactContent] = []
    var stored: [StoredArtifact] = []
    for file in files {
      guard !stored.contains(where: { $0.name == file.name }) else {
        throw refusal(file, attempt, "is named twice; give each file a name of its own")
      }
      let content = try self.content(of: file, attempt: attempt)
      let digest: SHA256Digest
      do {
        digest = try content.digest()
      } catch {
        throw refusal(file, attempt, "\(error)")
      }
      contents.append(content)
      stored.append(
        StoredArtifact(name: file.name, digest: digest, byteCount: content.byteCount, mediaType: file.mediaType))
    }
    let own = FileSystem.resolved(attemptFolder) ?? attemptFolder
    var isDone: Set<SHA256Digest> = []
    for (content, artifact) in zip(contents, stored) where isDone.insert(artifact.digest).inserted {
      let isPartOfOther = contents.contains {
        FileSystem.isPath($0.path, inside: content.path) || FileSystem.isPath(content.path, inside: $0.path)
      }
      let mayMove = content.isSole && !isPartOfOther && FileSystem.isPath(content.path, inside: own)
      try place(content, as: artifact, mayMove: mayMove)
    }
    return stored
  }

  /// Copies a content of another store that has been checked.
  func adopt(_ artifact: StoredArtifact, from path: String) throws {
    guard let content = try ArtifactContent(of: path) else {
      throw StoreError(code: .artifact, message: "'\(path)' is gone; merge again", path: path)
    }
    try place(content, as: artifact, mayMove: false)
  }

  private func content(of file: ProducedFile, attempt: Int64) throws(StoreError) -> ArtifactContent {
    do {
      guard let path = FileSystem.resolved(file.path), let content = try ArtifactContent(of: path) else {
        throw ArtifactContent.Obstacle(description: "'\(file.path)' does not exist; check what the task announces")
      }
      guard !content.files.isEmpty else {
        throw ArtifactContent.Obstacle(
          description: "'\(file.path)' is a folder without files; check what the task announces")
      }
      return content
    } catch {
      throw refusal(file, attempt, "\(error)")
    }
  }

  private func place(
    _ content: ArtifactContent, as artifact: StoredArtifact, mayMove: Bool
  ) throws(StoreError) {
    let target = path(of: artifact.digest)
    let shelf = FileSystem.folder(of: target)
    if isWhole(artifact) { return try FileSystem.synchronize(shelf) }
    let isNewShelf = !FileSystem.isFolder(shelf)
    try FileSystem.makeFolder(shelf)
    if mayMove {
      try publish(content, as: artifact)
    } else {
      let temporary = temporaryPath(beside: target)
      defer { FileSystem.remove(temporary) }
      try publish(try content.copied(to: temporary), as: artifact)
    }
    try FileSystem.synchronize(shelf)
    if isNewShelf {
      try FileSystem.synchronize(root)
      try FileSystem.synchronize(folder)
    }
  }

  /// Gives a content its final name, after it is on the disk.
  private func publish(_ content: ArtifactContent, as artifact: StoredArtifact) throws(StoreError) {
    try content.seal()
    onStep(.contentSealed)
    let target = path(of: artifact.digest)
    if rename(content.path, target) == 0 { return }
    guard [EEXIST, ENOTEMPTY, ENOTDIR, EISDIR].contains(errno) else {
      throw FileSystem.failure("rename to '\(target)'", content.path, errno)
    }
    // Another attempt was faster with the same content, or what is there is damaged.
    if isWhole(artifact) { return }
    let damaged = temporaryPath(beside: target)
    try FileSystem.rename(target, to: damaged)
    try FileSystem.rename(content.path, to: target)
    FileSystem.remove(damaged)
  }

  private func temporaryPath(beside target: String) -> String {
    "\(target).\(getpid()).\(UInt64.random(in: 0...UInt64.max)).tmp"
  }

  private func refusal(_ file: ProducedFile, _ attempt: Int64, _ problem: String) -> StoreError {
    StoreError(
      code: .artifact, message: "artifact '\(file.name)' of attempt \(attempt) cannot be stored: \(problem)",
      path: file.path)
  }
}
