internal import CCrypto

/// Computes a SHA-256 from bytes that arrive in pieces.
///
///     var hasher = SHA256Hasher()
///     hasher.update("ab".utf8)
///     hasher.update("c".utf8)
///     hasher.finalize() == SHA256Digest(of: "abc")   // true
public struct SHA256Hasher: ~Copyable {
  private let context: OpaquePointer

  // `EVP_sha256()` would be looked up in libcrypto's registry by each digest; this is looked up once, never freed and never changed.
  nonisolated(unsafe) private static let algorithm = EVP_MD_fetch(nil, "SHA256", nil)

  /// Starts an empty digest.
  public init() {
    guard let context = EVP_MD_CTX_new(), EVP_DigestInit_ex(context, Self.algorithm, nil) == 1 else {
      preconditionFailure("libcrypto offers no SHA-256")
    }
    self.context = context
  }

  deinit {
    EVP_MD_CTX_free(context)
  }

  /// Appends bytes.
  public mutating func update(_ bytes: UnsafeRawBufferPointer) {
    guard bytes.count > 0 else { return }
    let status = EVP_DigestUpdate(context, bytes.baseAddress, bytes.count)
    precondition(status == 1, "libcrypto refused \(bytes.count) bytes")
  }

  /// Appends bytes.
  public mutating func update(_ bytes: some Sequence<UInt8>) {
    let done: Void? = bytes.withContiguousStorageIfAvailable { update(UnsafeRawBufferPointer($0)) }
    if done == nil {
      let copy = Array(bytes)
      copy.withUnsafeBytes { update($0) }
    }
  }

  /// Returns the digest of everything appended.
  public consuming func finalize() -> SHA256Digest {
    var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
    let status = withUnsafeMutableBytes(of: &words) { bytes in
      EVP_DigestFinal_ex(context, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), nil)
    }
    precondition(status == 1, "libcrypto did not finish a SHA-256")
    return SHA256Digest(memory: words)
  }
}
