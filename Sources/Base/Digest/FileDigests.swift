import Dispatch
import Glibc
import Synchronization

/// The digests of files, each version read once: what is known of a file holds until its stamp changes.
///
/// With a cache file the knowledge outlives the process. A cache that is damaged, or that may not be written, costs time and nothing else.
public final class FileDigests: Sendable {
  private struct Known: Sendable {
    var stamp: FileStamp
    var digest: SHA256Digest
    /// Whether it may be kept: a later write would change the stamp.
    var isSettled: Bool
  }

  private struct State {
    var known: [String: Known] = [:]
    /// What this process knew of versions that are gone: a file may get back its content, or only another name or other rights.
    var former: [String: [FileStamp: SHA256Digest]] = [:]
    var isLoaded = false
    var hasNews = false
  }

  private let cachePath: String?
  private let state = Mutex(State())

  /// Makes an access to digests.
  ///
  /// - Parameter cachePath: The file that keeps them for later processes; none if absent.
  public init(cachePath: String? = nil) {
    self.cachePath = cachePath
  }

  /// Returns the digest of a file's content.
  ///
  /// - Parameter path: A regular file; symbolic links are followed.
  /// - Returns: The digest, and the stamp of the version that has it. Of a file that is written all the while, what was read last.
  /// - Throws: `DigestError` if it cannot be read.
  /// - Complexity: One `stat` if the file is known, else O(size).
  public func digest(ofFile path: String) throws(DigestError) -> (digest: SHA256Digest, stamp: FileStamp) {
    if knows(path) {
      guard let stamp = FileStamp(ofFile: path) else { throw Self.problem(with: path) }
      if let digest = known(path, stamp) { return (digest, stamp) }
    }
    var tries = 0
    while true {
      let now = FileStamp.present
      let (digest, before, after) = try SHA256Digest.read(path)
      tries += 1
      if before == after { remember(digest, of: before, path: path, at: now) }
      if before == after || tries == 3 { return (digest, before) }
    }
  }

  /// Returns the digests of many files, of which several are looked at at a time.
  ///
  /// - Parameter paths: Regular files.
  /// - Returns: For each what ``digest(ofFile:)`` gives; `nil` for one that cannot be read.
  public func digests(ofFiles paths: [String]) -> [(digest: SHA256Digest, stamp: FileStamp)?] {
    let stretch = 64
    let found = Mutex([(digest: SHA256Digest, stamp: FileStamp)?](repeating: nil, count: paths.count))
    DispatchQueue.concurrentPerform(iterations: (paths.count + stretch - 1) / stretch) { part in
      let range = (part * stretch)..<min((part + 1) * stretch, paths.count)
      let part = paths[range].map { try? digest(ofFile: $0) }
      found.withLock { $0.replaceSubrange(range, with: part) }
    }
    return found.withLock(\.self)
  }

  /// Whether any version of a file has been read.
  private func knows(_ path: String) -> Bool {
    state.withLock { state in
      load(&state)
      return state.known[path] != nil || state.former[path] != nil
    }
  }

  /// Returns what is known of a version of a file without reading it.
  ///
  /// - Parameters:
  ///   - path: The file.
  ///   - stamp: The version.
  /// - Returns: Its digest; `nil` if it was never read.
  public func known(_ path: String, _ stamp: FileStamp) -> SHA256Digest? {
    state.withLock { state in
      load(&state)
      if let known = state.known[path], known.stamp == stamp { return known.digest }
      return state.former[path]?[stamp]
    }
  }

  /// Takes note of the content of a file that this process has just written or read.
  ///
  /// - Parameters:
  ///   - digest: The content.
  ///   - stamp: The version that has it.
  ///   - path: The file.
  ///   - now: When that was known, see ``FileStamp/present``.
  public func remember(_ digest: SHA256Digest, of stamp: FileStamp, path: String, at now: Int64 = FileStamp.present) {
    state.withLock { state in
      load(&state)
      let isSettled = stamp.isSettled(at: now)
      if isSettled { state.hasNews = true }
      if let old = state.known[path], old.stamp != stamp {
        if state.former[path]?.count == Self.formerVersions { state.former[path] = nil }
        state.former[path, default: [:]][old.stamp] = old.digest
      }
      state.known[path] = isSettled ? Known(stamp: stamp, digest: digest, isSettled: true) : nil
    }
  }

  /// Writes the cache file if there is anything new; a file that cannot be written is left as it is.
  public func save() {
    guard let cachePath else { return }
    let known: [String: Known]? = state.withLock { state in
      guard state.hasNews else { return nil }
      state.hasNews = false
      return state.known
    }
    guard let known else { return }
    var bytes = Array((Self.header + "\n").utf8)
    bytes.reserveCapacity(known.count * 160)
    for (path, entry) in known where entry.isSettled && !path.utf8.contains(0x0A) {
      entry.digest.appendHex(to: &bytes)
      let stamp = entry.stamp
      for number in [String(stamp.inode), String(stamp.size), String(stamp.modified), String(stamp.changed), path] {
        bytes.append(0x20)
        bytes += number.utf8
      }
      bytes.append(0x0A)
    }
    let temporary = "\(cachePath).\(getpid()).tmp"
    let descriptor = open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0o666)
    guard descriptor >= 0 else { return }
    let isWhole = bytes.withUnsafeBytes { Self.write($0, to: descriptor) }
    close(descriptor)
    if !isWhole || rename(temporary, cachePath) != 0 { unlink(temporary) }
  }

  private static let header = "file digests 1"
  /// So many versions of a file are remembered besides the present one.
  private static let formerVersions = 16

  private static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32) -> Bool {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = Glibc.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return false }
      rest = rest.dropFirst(count)
    }
    return true
  }

  private func load(_ state: inout State) {
    guard !state.isLoaded else { return }
    state.isLoaded = true
    guard let cachePath, let bytes = Self.contents(of: cachePath) else { return }
    var lines = bytes.split(separator: 0x0A, omittingEmptySubsequences: false)[...]
    // What has no line end was cut.
    guard lines.popLast()?.isEmpty == true, let first = lines.popFirst(), first.elementsEqual(Self.header.utf8) else {
      return
    }
    state.known.reserveCapacity(lines.count)
    for line in lines {
      guard let (path, known) = Self.entry(line) else { continue }
      state.known[path] = known
    }
  }

  /// Reads a line of the cache: digest, inode, size, both times and the path, each behind a space.
  private static func entry(_ line: ArraySlice<UInt8>) -> (path: String, known: Known)? {
    guard line.count > 65, let digest = SHA256Digest(hexBytes: line.prefix(64)) else { return nil }
    var rest = line.dropFirst(64)
    var numbers: [Int64] = []
    numbers.reserveCapacity(4)
    for _ in 0..<4 {
      guard rest.popFirst() == 0x20 else { return nil }
      let isNegative = rest.first == UInt8(ascii: "-")
      if isNegative { rest = rest.dropFirst() }
      var number: UInt64 = 0
      while let byte = rest.first, byte != 0x20 {
        let (product, isBeyond) = number.multipliedReportingOverflow(by: 10)
        guard !isBeyond, byte >= 0x30, byte <= 0x39, product <= .max - 9 else { return nil }
        number = product + UInt64(byte - 0x30)
        rest = rest.dropFirst()
      }
      numbers.append(isNegative ? 0 &- Int64(truncatingIfNeeded: number) : Int64(truncatingIfNeeded: number))
    }
    guard rest.popFirst() == 0x20 else { return nil }
    let stamp = FileStamp(
      inode: UInt64(bitPattern: numbers[0]), size: numbers[1], modified: numbers[2], changed: numbers[3])
    return (text(rest), Known(stamp: stamp, digest: digest, isSettled: true))
  }

  private static func text(_ bytes: ArraySlice<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

  /// A regular file of at most 1 GiB.
  private static func contents(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= 1 << 30 else {
      return nil
    }
    let size = Int(status.st_size)
    return [UInt8](unsafeUninitializedCapacity: size) { buffer, count in
      while count < size {
        let step = read(descriptor, buffer.baseAddress.map { $0 + count }, size - count)
        if step < 0, errno == EINTR { continue }
        guard step > 0 else { break }
        count += step
      }
    }
  }

  private static func problem(with path: String) -> DigestError {
    var status = stat()
    guard SystemPath.with(path, { stat($0, &status) }) == 0 else { return DigestError(path: path, systemError: errno) }
    return DigestError(path: path, systemError: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
  }
}
