internal import CCrypto
import Glibc

/// The SHA-256 of some bytes: 32 bytes, written as 64 lower-case hexadecimal digits.
///
///     SHA256Digest(of: "abc").hex   // "ba7816bf…15ad"
///
/// - Source: FIPS 180-4, computed by libcrypto.
public struct SHA256Digest: Hashable, Sendable {
  /// The four 64-bit words of the digest, big-endian order.
  private var words: (UInt64, UInt64, UInt64, UInt64)

  /// Computes the digest of bytes.
  public init(of bytes: some Sequence<UInt8>) {
    var hasher = SHA256Hasher()
    hasher.update(bytes)
    self = hasher.finalize()
  }

  /// Computes the digest of the UTF-8 form of a text.
  public init(of text: String) {
    self.init(of: text.utf8)
  }

  /// Computes the digest of a file's content, read in pieces of at most 256 KiB.
  ///
  /// - Parameter path: A regular file; symbolic links are followed.
  /// - Throws: `DigestError` if the file cannot be opened or read, or is no regular file.
  public init(ofFile path: String) throws(DigestError) { self = try Self.read(path).digest }

  /// Reads a file.
  ///
  /// - Parameter path: A regular file; symbolic links are followed.
  /// - Returns: The digest of its content, and its versions before and after it was read.
  /// - Throws: `DigestError` if the file cannot be opened or read, or is no regular file.
  static func read(_ path: String) throws(DigestError) -> (digest: SHA256Digest, before: FileStamp, after: FileStamp) {
    // A pipe or a device would keep the reader waiting, or never end.
    let descriptor = SystemPath.with(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY) }
    guard descriptor >= 0 else { throw DigestError(path: path, systemError: errno) }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else { throw DigestError(path: path, systemError: errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw DigestError(path: path, systemError: status.st_mode & S_IFMT == S_IFDIR ? EISDIR : EINVAL)
    }
    var hasher = SHA256Hasher()
    // One byte more than it should have, so that the first read of a small file tells its end.
    let size = min(max(Int(status.st_size), 0) + 1, 1 << 18)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: size, alignment: 64)
    defer { buffer.deallocate() }
    while true {
      let count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        throw DigestError(path: path, systemError: errno)
      }
      hasher.update(UnsafeRawBufferPointer(rebasing: UnsafeRawBufferPointer(buffer)[..<count]))
      if count < size, size < 1 << 18 { break }
    }
    let before = FileStamp(status)
    let after = fstat(descriptor, &status) == 0 ? FileStamp(status) : before
    return (hasher.finalize(), before, after)
  }

  /// Reads a digest from 64 lower-case hexadecimal digits; nil for any other text.
  public init?(hex: some StringProtocol) {
    self.init(hexBytes: hex.utf8)
  }

  /// Reads a digest from 64 lower-case hexadecimal digits in ASCII; nil for anything else.
  init?(hexBytes: some Collection<UInt8>) {
    guard hexBytes.count == 64 else { return nil }
    var all: [UInt64] = [0, 0, 0, 0]
    for (index, digit) in hexBytes.enumerated() {
      guard let value = Self.value(ofDigit: digit) else { return nil }
      all[index / 16] = all[index / 16] << 4 | UInt64(value)
    }
    words = (all[0], all[1], all[2], all[3])
  }

  /// Wraps four big-endian words as they lie in memory.
  init(memory words: (UInt64, UInt64, UInt64, UInt64)) {
    self.words = (
      UInt64(bigEndian: words.0), UInt64(bigEndian: words.1), UInt64(bigEndian: words.2), UInt64(bigEndian: words.3)
    )
  }

  /// Wraps 32 raw bytes.
  ///
  /// - Precondition: `rawBytes` has 32 elements.
  init(rawBytes: some Collection<UInt8>) {
    precondition(rawBytes.count == 32, "a SHA-256 has 32 bytes, not \(rawBytes.count)")
    var all: [UInt64] = [0, 0, 0, 0]
    for (index, byte) in rawBytes.enumerated() { all[index / 8] = all[index / 8] << 8 | UInt64(byte) }
    words = (all[0], all[1], all[2], all[3])
  }

  /// The 32 bytes, in the usual order.
  public var bytes: [UInt8] {
    [words.0, words.1, words.2, words.3].flatMap { word in
      (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * UInt64($0))) }
    }
  }

  /// The digest as 64 lower-case hexadecimal digits.
  public var hex: String {
    String(unsafeUninitializedCapacity: 64) { text in
      var position = 0
      for word in [words.0, words.1, words.2, words.3] {
        for shift in stride(from: UInt64(60), through: 0, by: -4) {
          let digit = UInt8(truncatingIfNeeded: word >> shift & 15)
          text[position] = digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10
          position += 1
        }
      }
      return position
    }
  }

  /// Appends the 64 lower-case hexadecimal digits as ASCII.
  package func appendHex(to bytes: inout [UInt8]) {
    for index in 0..<4 {
      let word = index < 2 ? (index == 0 ? words.0 : words.1) : (index == 2 ? words.2 : words.3)
      for shift in stride(from: UInt64(60), through: 0, by: -4) {
        let digit = UInt8(truncatingIfNeeded: word >> shift & 15)
        bytes.append(digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "a") + digit - 10)
      }
    }
  }

  /// The first 64 bits, big-endian.
  package var firstWord: UInt64 { words.0 }

  private static func value(ofDigit digit: UInt8) -> UInt8? {
    switch digit {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
    default: nil
    }
  }

  /// Whether both digests are the same 32 bytes.
  public static func == (left: SHA256Digest, right: SHA256Digest) -> Bool {
    left.words == right.words
  }

  /// Feeds the digest into a hasher.
  public func hash(into hasher: inout Hasher) {
    hasher.combine(words.0)
    hasher.combine(words.1)
    hasher.combine(words.2)
    hasher.combine(words.3)
  }
}

extension SHA256Digest: Comparable {
  /// Orders digests by their bytes.
  public static func < (left: SHA256Digest, right: SHA256Digest) -> Bool {
    left.words < right.words
  }
}

extension SHA256Digest: CustomStringConvertible {
  /// The 64 hexadecimal digits.
  public var description: String { hex }
}
