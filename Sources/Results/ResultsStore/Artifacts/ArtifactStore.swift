import AttemptModel
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
    var placements: [Placement] = []
    for (content, artifact) in zip(contents, stored) where isDone.insert(artifact.digest).inserted {
      let isPartOfOther =
        holders.contains(content.path) || !paths.isDisjoint(with: FileSystem.folders(above: content.path))
      let mayMove = content.isSole && !isPartOfOther && FileSystem.isPath(content.path, inside: own)
      placements.append(Placement(content: content, artifact: artifact, isMoved: mayMove))
    }
    let altered = try place(placements)
    if let first = placements.first(where: { altered.contains($0.artifact.digest) }) {
      throw StoreError(
        code: .artifact,
        message:
          "artifact '\(first.artifact.name)' of attempt \(attempt) cannot be stored: '\(first.content.path)' changed while it was "
          + "copied; a task has to leave a file alone once it has announced it",
        path: first.content.path)
    }
    return stored
  }

  /// Copies contents of another store; a copy counts only if it is what its digest says.
  ///
  /// - Returns: The digests of those that are stored now.
  func adopt(_ wanted: [(artifact: StoredArtifact, path: String)]) throws(StoreError) -> Set<SHA256Digest> {
    let placements = wanted.compactMap { artifact, path -> Placement? in
      guard let content = try? ArtifactContent(of: path), content.byteCount == artifact.byteCount else { return nil }
      return Placement(content: content, artifact: artifact, isMoved: false)
    }
    let altered = try place(placements)
    return Set(placements.map(\.artifact.digest)).subtracting(altered)
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

  private func refusal(_ file: ProducedFile, _ attempt: Int64, _ problem: String) -> StoreError {
    StoreError(
      code: .artifact, message: "artifact '\(file.name)' of attempt \(attempt) cannot be stored: \(problem)",
      path: file.path)
  }
}
