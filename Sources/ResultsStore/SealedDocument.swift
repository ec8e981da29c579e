import Digest
package import JSON

/// A JSON file that carries the digest of its own content, so that any damage is noticed.
///
/// The file is canonical JSON: `{"content":…,"sha256":"…"}` with the digest of the canonical bytes of `content`.
package enum SealedDocument {
  /// Returns the file's bytes.
  package static func bytes(of content: JSONValue) -> [UInt8] {
    let digest = SHA256Digest(of: CanonicalJSON.bytes(of: content))
    return CanonicalJSON.bytes(of: ["content": content, "sha256": .string(digest.hex)])
  }

  /// Returns the content; nil unless every byte is as it was written.
  package static func content(of bytes: [UInt8]) -> JSONValue? {
    guard let document = try? JSONValue(parsing: bytes), let content = document["content"] else { return nil }
    return Self.bytes(of: content) == bytes ? content : nil
  }
}
