import Digest

/// The names of fingerprint parts, and the digests that are the same for all jobs of a stage: held once, however many jobs there are.
final class FingerprintLayout: Sendable {
  /// Where the digest of a part comes from.
  enum Source: Sendable, Hashable {
    /// The same in all fingerprints of the layout.
    case common(SHA256Digest)
    /// The fingerprint's own one, by position among its own.
    case own(Int)
  }

  /// The names, sorted by their bytes.
  let names: [String]
  /// For each name the source of its digest.
  let sources: [Source]
  /// For each part the text that is hashed, as far as it is known: name, zero byte and, for common ones, digest and line end.
  private let texts: [[UInt8]]
  private let byteCount: Int

  /// Makes a layout of parts with and without a common digest.
  ///
  /// - Parameter parts: Each name once, in any order; own digests are given in the order of names.
  init(_ parts: [(name: String, common: SHA256Digest?)]) {
    let sorted = parts.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    var slot = 0
    var sources: [Source] = []
    var texts: [[UInt8]] = []
    for part in sorted {
      var text = Array(part.name.utf8) + [0]
      if let digest = part.common {
        text += Array(digest.hex.utf8) + [0x0A]
        sources.append(.common(digest))
      } else {
        sources.append(.own(slot))
        slot += 1
      }
      texts.append(text)
    }
    names = sorted.map(\.name)
    self.sources = sources
    self.texts = texts
    byteCount = texts.reduce(0) { $0 + $1.count } + 65 * slot
  }

  /// Makes a layout without common digests.
  convenience init(open names: [String]) {
    self.init(names.map { ($0, nil) })
  }

  /// Returns the digest of a fingerprint.
  func digest(_ own: [SHA256Digest]) -> SHA256Digest {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(byteCount)
    for (text, source) in zip(texts, sources) {
      bytes += text
      guard case .own(let slot) = source else { continue }
      own[slot].appendHex(to: &bytes)
      bytes.append(0x0A)
    }
    return SHA256Digest(of: bytes)
  }
}
