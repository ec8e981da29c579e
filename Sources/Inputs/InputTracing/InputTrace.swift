public import Digest

/// Everything that an attempt's result depends on besides its fingerprint, with the values that held from its start to its end.
public struct InputTrace: Sendable, Hashable {
  /// What is watched, sorted, each kind and name once.
  public var inputs: [WatchedInput]
  /// What is watched besides, as the attempts of one worker's process share it.
  public var base: InputBase?
  /// Why reads may have been missed; `nil` if the attempt was observed whole.
  public var gap: String?
  /// The contents of the artifacts that it was given, as one digest; `nil` if it was given none.
  public var consumed: SHA256Digest?

  /// Makes a trace.
  ///
  /// - Parameters:
  ///   - inputs: What is watched, in any order; of two with the same kind and name the first one counts.
  ///   - base: What is watched besides.
  ///   - gap: Why reads may have been missed.
  ///   - consumed: The contents of the artifacts that it was given.
  public init(
    inputs: [WatchedInput], base: InputBase? = nil, gap: String? = nil, consumed: SHA256Digest? = nil
  ) {
    var seen = Set<WatchedInput.Name>(minimumCapacity: inputs.count)
    self.inputs = inputs.filter { seen.insert(.init(kind: $0.kind, name: $0.name)).inserted }.sorted()
    self.base = base
    self.gap = gap
    self.consumed = consumed
  }

  /// Puts a name to contents that a job is given: the SHA-256 of a line for each input with its name and the digests in order.
  ///
  /// - Parameter artifacts: Digests by the input's name.
  /// - Returns: The digest; `nil` if there are none.
  public static func consumed(_ artifacts: [String: [SHA256Digest]]) -> SHA256Digest? {
    guard !artifacts.isEmpty else { return nil }
    var hasher = SHA256Hasher()
    for (name, digests) in artifacts.sorted(by: { $0.key < $1.key }) {
      hasher.update("\(name)\0".utf8)
      for digest in digests { hasher.update("\(digest.hex)\n".utf8) }
    }
    return hasher.finalize()
  }
}
