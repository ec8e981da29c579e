public import Digest

/// The identity of a job's work: the digests of the named parts it is made of, and the digest of them all.
///
/// Jobs with the same fingerprint are one job, and a result with it can be used again. The digest is the SHA-256 of, for each part in the
/// order of names, the name, a zero byte and the part's digest as 64 hexadecimal digits and a line end.
public struct Fingerprint: Sendable, Hashable {
  /// The digest of all parts.
  public let digest: SHA256Digest
  /// What the fingerprints of many jobs have in common.
  private let layout: FingerprintLayout
  /// The digests of the parts that the layout leaves open, in its order.
  private let own: [SHA256Digest]

  /// Makes a fingerprint.
  ///
  /// - Parameter parts: Each name once, in any order.
  public init(parts: [(name: String, digest: SHA256Digest)]) {
    let sorted = parts.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    self.init(layout: FingerprintLayout(open: sorted.map(\.name)), own: sorted.map(\.digest))
  }

  /// Makes a fingerprint of a common layout.
  init(layout: FingerprintLayout, own: [SHA256Digest]) {
    self.layout = layout
    self.own = own
    digest = layout.digest(own)
  }

  /// The parts, sorted by the bytes of their names.
  public var parts: [(name: String, digest: SHA256Digest)] {
    (0..<partCount).map { (layout.names[$0], partDigest($0)) }
  }

  /// The number of parts.
  var partCount: Int { layout.names.count }

  /// The name of a part.
  func partName(_ position: Int) -> String { layout.names[position] }

  /// The digest of a part.
  func partDigest(_ position: Int) -> SHA256Digest {
    switch layout.sources[position] {
    case .common(let digest): digest
    case .own(let slot): own[slot]
    }
  }

  /// The digest of one part; `nil` if there is no such part.
  ///
  /// - Parameter name: The part's name, such as "parameters" or "input.model".
  public subscript(name: String) -> SHA256Digest? {
    layout.names.firstIndex(of: name).map(partDigest)
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
