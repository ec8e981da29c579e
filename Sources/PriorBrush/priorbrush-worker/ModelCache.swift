import PriorBrush
import Synchronization

/// The model set that was used last, so that a long-lived worker reads it once.
final class ModelCache: Sendable {
  private struct Entry: Sendable {
    let files: ModelSet.Files
    let set: ModelSet
  }

  private let last = Mutex<Entry?>(nil)

  func set(_ files: ModelSet.Files) throws -> ModelSet {
    if let entry = last.withLock({ $0 }), entry.files == files { return entry.set }
    let entry = Entry(files: files, set: try ModelSet(files))
    last.withLock { $0 = entry }
    return entry.set
  }
}
