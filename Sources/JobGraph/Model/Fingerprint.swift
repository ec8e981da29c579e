public import Digest

/// The identity of a job's work: the digests of the named parts it is made of, and the digest of them all.
///
/// Jobs with the same fingerprint are one job, and a result with it can be used again. The digest is the SHA-256 of, for each part in the
/// order of names, the name, a zero byte and the part's digest as 64 hexadecimal digits and a line end.
public struct Fingerprint: Sendable, Hashable {
  /// The digest of all parts.
  public let digest: SHA256Digest
  /// The parts, sorted by the bytes of their names.
  public let parts: [(name: String, digest: SHA256Digest)]

  /// Makes a fingerprint.
  ///
  /// - Parameter parts: Each name once, in any order.
  public init(parts: [(name: String, digest: SHA256Digest)]) {
    let sorted = parts.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(sorted.count * 80)
    for part in sorted {
      bytes += part.name.utf8
      bytes.append(0)
      bytes += part.digest.hex.utf8
      bytes.append(0x0A)
    }
    self.parts = sorted
    digest = SHA256Digest(of: bytes)
  }

  /// The digest of one part; `nil` if there is no such part.
  ///
  /// - Parameter name: The part's name, such as "parameters" or "input.model".
  public subscript(name: String) -> SHA256Digest? {
    parts.first { $0.name == name }?.digest
  }

  /// Returns the names of the parts that differ from earlier ones.
  ///
  /// - Parameter earlier: Digests by part name.
  /// - Returns: The names of changed, added and removed parts, sorted.
  public func changedParts(since earlier: [String: SHA256Digest]) -> [String] {
    var names = parts.filter { earlier[$0.name] != $0.digest }.map(\.name)
    names += earlier.keys.filter { self[$0] == nil }
    return names.sorted()
  }

  /// Compares two fingerprints.
  ///
  /// - Parameters:
  ///   - left: A fingerprint.
  ///   - right: Another fingerprint.
  /// - Returns: Whether their digests, and therefore their parts, are the same.
  public static func == (left: Fingerprint, right: Fingerprint) -> Bool { left.digest == right.digest }

  /// Feeds the digest to a hasher.
  ///
  /// - Parameter hasher: The hasher.
  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
