import Digest
import Glibc

/// How contents get their final names: all of them are on the disk before the first one has it.
extension ArtifactStore {
  /// A content, and what it is stored as.
  struct Placement {
    var content: ArtifactContent
    let artifact: StoredArtifact
    /// Whether it is moved, otherwise copied.
    let isMoved: Bool
  }

  /// Stores contents under their digests and waits until they are on the disk.
  ///
  /// What is copied is looked at again, since a file may change while it is copied.
  ///
  /// - Parameter placements: Contents with different digests.
  /// - Returns: The digests of those whose copy is something else; they are not stored, the others are.
  /// - Throws: `StoreError` if a file cannot be read, written or waited for.
  func place(_ placements: [Placement]) throws(StoreError) -> Set<SHA256Digest> {
    var altered: Set<SHA256Digest> = []
    var shelves: Set<String> = []
    var hasNewShelf = false
    var ready: [Placement] = []
    var temporaries: [String] = []
    defer { for path in temporaries { FileSystem.remove(path) } }
    for var placement in placements {
      let target = path(of: placement.artifact.digest)
      let shelf = FileSystem.folder(of: target)
      shelves.insert(shelf)
      if isWhole(placement.artifact) {
        placement.content.passExecution(to: target)
        continue
      }
      if !FileSystem.isFolder(shelf) {
        hasNewShelf = true
        try FileSystem.makeFolder(shelf)
      }
      if !placement.isMoved {
        let temporary = temporaryPath(beside: target)
        temporaries.append(temporary)
        placement.content = try placement.content.copied(to: temporary)
        guard (try? placement.content.digest()) == placement.artifact.digest else {
          altered.insert(placement.artifact.digest)
          continue
        }
      }
      ready.append(placement)
    }
    try FileSystem.synchronize(ready.flatMap { $0.content.seal() })
    for placement in ready {
      onStep(.contentSealed)
      try publish(placement.content, as: placement.artifact)
    }
    try FileSystem.synchronize(shelves.sorted())
    if hasNewShelf {
      try FileSystem.synchronize(root)
      try FileSystem.synchronize(folder)
    }
    return altered
  }

  /// Gives a content its final name, after it is on the disk.
  private func publish(_ content: ArtifactContent, as artifact: StoredArtifact) throws(StoreError) {
    let target = path(of: artifact.digest)
    if rename(content.path, target) == 0 { return }
    guard [EEXIST, ENOTEMPTY, ENOTDIR, EISDIR].contains(errno) else {
      throw FileSystem.failure("rename to '\(target)'", content.path, errno)
    }
    // Another attempt was faster with the same content, or what is there is damaged.
    if isWhole(artifact) { return content.passExecution(to: target) }
    let damaged = temporaryPath(beside: target)
    try FileSystem.rename(target, to: damaged)
    try FileSystem.rename(content.path, to: target)
    FileSystem.remove(damaged)
  }

  private func temporaryPath(beside target: String) -> String {
    "\(target).\(getpid()).\(UInt64.random(in: 0...UInt64.max)).tmp"
  }
}
