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
    let hex = digest.hex
    return "\(root)/\(hex.prefix(2))/\(hex.dropFirst(2))"
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
    var names: Set<String> = []
    for file in files {
      guard names.insert(file.name).inserted else {
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
    let paths = Set(contents.map(\.path))
    let holders = Set(contents.flatMap { FileSystem.folders(above: $0.path) })
    var isDone: Set<SHA256Digest> = []
    for (content, artifact) in zip(contents, stored) where isDone.insert(artifact.digest).inserted {
      let isPartOfOther =
        holders.contains(content.path) || !paths.isDisjoint(with: FileSystem.folders(above: content.path))
      let mayMove = content.isSole && !isPartOfOther && FileSystem.isPath(content.path, inside: own)
      guard try place(content, as: artifact, mayMove: mayMove) else {
        throw StoreError(
          code: .artifact,
          message:
            "artifact '\(artifact.name)' of attempt \(attempt) cannot be stored: '\(content.path)' changed while it was "
            + "copied; a task has to leave a file alone once it has announced it",
          path: content.path)
      }
    }
    return stored
  }

  /// Copies a content of another store; the copy counts only if it is what the digest says.
  ///
  /// - Returns: Whether it was; nothing is stored otherwise.
  func adopt(_ artifact: StoredArtifact, from path: String) throws(StoreError) -> Bool {
    guard let content = try? ArtifactContent(of: path), content.byteCount == artifact.byteCount else { return false }
    return try place(content, as: artifact, mayMove: false)
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

  /// Stores a content under its digest; what is copied is looked at again, since a file may change while it is copied.
  @discardableResult
  private func place(
    _ content: ArtifactContent, as artifact: StoredArtifact, mayMove: Bool
  ) throws(StoreError) -> Bool {
    let target = path(of: artifact.digest)
    let shelf = FileSystem.folder(of: target)
    if isWhole(artifact) {
      try FileSystem.synchronize(shelf)
      return true
    }
    let isNewShelf = !FileSystem.isFolder(shelf)
    try FileSystem.makeFolder(shelf)
    if mayMove {
      try publish(content, as: artifact)
    } else {
      let temporary = temporaryPath(beside: target)
      defer { FileSystem.remove(temporary) }
      let copy = try content.copied(to: temporary)
      guard (try? copy.digest()) == artifact.digest else { return false }
      try publish(copy, as: artifact)
    }
    try FileSystem.synchronize(shelf)
    if isNewShelf {
      try FileSystem.synchronize(root)
      try FileSystem.synchronize(folder)
    }
    return true
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
