import Digest
package import JSON

/// A JSON file that carries the digest of its own content, so that any damage is noticed.
///
/// The file is canonical JSON: `{"content":…,"sha256":"…"}` with the digest of the canonical bytes of `content`.
package enum SealedDocument {
  /// Returns the file's bytes.
  package static func bytes(of content: JSONValue) -> [UInt8] {
    let inner = CanonicalJSON.bytes(of: content)
    return Array(#"{"content":"#.utf8) + inner + Array(#","sha256":"\#(SHA256Digest(of: inner).hex)"}"#.utf8)
  }

  /// Returns the content; nil unless every byte is as it was written.
  package static func content(of bytes: [UInt8]) -> JSONValue? {
    // No conditional expression: `nil` would be a JSON null there.
    guard let document = try? JSONValue(parsing: bytes), let content = document["content"],
      Self.bytes(of: content) == bytes
    else { return nil }
    return content
  }
}
