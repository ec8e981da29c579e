internal import CReadLog
import Digest
import Glibc
package import Synchronization

/// A piece of memory in which the processes of an attempt, or of a worker, note the files that they open.
///
/// It vanishes with this process. Programs find it by the variables of ``environment``, which preload the observer into them; statically
/// linked ones do not, and are not observed.
public final class ReadLog: Sendable {
  /// Something that a process did.
  struct Entry: Sendable, Hashable {
    enum Kind: Sendable, Hashable {
      case read, update, written, program, executed, library, looked, dated, extended, moved, followed, listed, link
    }

    var kind: Kind
    /// Absolute.
    var path: String
    /// What it is called now, if it was moved.
    var newPath: String?
    var stamp: FileStamp
  }

  private struct State {
    /// Bytes of entries that have been read.
    var position = 0
    var entries: [Entry] = []
  }

  private let descriptor: Int32
  private let observer: String
  private let state = Mutex(State())
  /// What the first so many entries mean; a worker's log is looked at after each of its tasks.
  private let sorted = Mutex((count: 0, files: ObservedFiles()))
  /// Whether something has changed that a worker's process has read: what it does next rests on what is gone.
  package let isOutdated = Atomic(false)
  /// What it was found to have read when the tasks of a worker ended.
  let shared = Mutex(SharedReads())

  /// Makes an empty log; `nil` if the library is missing, or the system gives no memory.
  ///
  /// - Parameter observer: Absolute path of the library that is preloaded.
  public init?(observer: String) {
    guard access(observer, R_OK) == 0 else { return nil }
    descriptor = read_log_create()
    guard descriptor >= 0 else { return nil }
    self.observer = observer
  }

  deinit { close(descriptor) }

  /// The variables of a process that is observed.
  ///
  /// - Parameter environment: Its other variables.
  /// - Returns: What to add to them.
  public func variables(besides environment: [String: String]) -> [String: String] {
    let others = environment["LD_PRELOAD"].map { ":" + $0 } ?? ""
    return ["LD_PRELOAD": observer + others, READ_LOG_VARIABLE: "/proc/\(getpid())/fd/\(descriptor)"]
  }

  /// What has been noted so far, sorted out; what was sorted out before is not looked at again.
  func files(in project: ProjectFolder, _ distributions: PythonDistributions) -> ObservedFiles {
    let (entries, isWhole) = entries()
    return sorted.withLock { sorted in
      if sorted.count < entries.count || !isWhole || entries.isEmpty {
        let news = entries[sorted.count...]
        sorted.files.add(news, isWhole: isWhole, project: project, distributions: distributions)
        sorted.count = entries.count
      }
      return sorted.files
    }
  }

  /// What has been noted so far, in order.
  func entries() -> (entries: [Entry], isWhole: Bool) {
    state.withLock { state in
      var header = read_log_header()
      let size = MemoryLayout<read_log_header>.size
      guard pread(descriptor, &header, size, 0) == size else { return (state.entries, false) }
      let end = Int(clamping: min(header.tail, UInt64(READ_LOG_ENTRY_BYTES)))
      if end > state.position { read(from: state.position, to: end, into: &state) }
      return (state.entries, header.lost == 0)
    }
  }

  private func read(from start: Int, to end: Int, into state: inout State) {
    let count = end - start
    let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      let offset = off_t(READ_LOG_TABLE_OFFSET) + off_t(READ_LOG_SLOTS) * 8 + off_t(start)
      filled = max(pread(descriptor, buffer.baseAddress, count, offset), 0)
    }
    let headSize = MemoryLayout<read_log_entry>.size
    bytes.withUnsafeBytes { bytes in
      var position = 0
      while position + headSize <= bytes.count {
        let head = bytes.loadUnaligned(fromByteOffset: position, as: read_log_entry.self)
        let length = Int(head.path_length)
        // A gap that a killed process left.
        guard head.mark == READ_LOG_MARK, position + headSize + length <= bytes.count else {
          position += 8
          continue
        }
        let path = UnsafeRawBufferPointer(rebasing: bytes[(position + headSize)..<(position + headSize + length)])
        if let kind = Self.kind(head.kind) {
          let stamp = FileStamp(
            inode: head.inode, size: head.size, modified: head.modified_ns, changed: head.changed_ns)
          state.entries.append(Self.entry(kind, path, stamp))
        }
        position += (headSize + length + 7) & ~7
      }
    }
    state.position = end
  }

  private static func entry(_ kind: Entry.Kind, _ path: UnsafeRawBufferPointer, _ stamp: FileStamp) -> Entry {
    guard kind == .moved, let end = path.firstIndex(of: 0) else {
      return Entry(kind: kind, path: SystemPath.text(of: path), stamp: stamp)
    }
    let parts = [path[..<end], path[(end + 1)...]].map { SystemPath.text(of: UnsafeRawBufferPointer(rebasing: $0)) }
    return Entry(kind: kind, path: parts[0], newPath: parts[1], stamp: stamp)
  }

  private static func kind(_ number: UInt16) -> Entry.Kind? {
    switch UInt32(number) {
    case READ_LOG_READ.rawValue: .read
    case READ_LOG_UPDATE.rawValue: .update
    case READ_LOG_WRITTEN.rawValue: .written
    case READ_LOG_PROGRAM.rawValue: .program
    case READ_LOG_EXECUTED.rawValue: .executed
    case READ_LOG_LIBRARY.rawValue: .library
    case READ_LOG_LOOKED.rawValue: .looked
    case READ_LOG_EXTENDED.rawValue: .extended
    case READ_LOG_MOVED.rawValue: .moved
    case READ_LOG_FOLLOWED.rawValue: .followed
    case READ_LOG_LINK.rawValue: .link
    case READ_LOG_LISTED.rawValue: .listed
    case READ_LOG_DATED.rawValue: .dated
    default: nil
    }
  }
}
