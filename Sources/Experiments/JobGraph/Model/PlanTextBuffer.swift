import Digest
import JSON

/// Collects the text of a plan, or hashes it in large pieces without keeping it.
struct PlanTextBuffer: ~Copyable {
  private static let pieceSize = 1 << 16
  private let keepsText: Bool
  private var bytes: [UInt8] = []
  private var hasher = SHA256Hasher()

  init(keepsText: Bool) {
    self.keepsText = keepsText
  }

  /// What has been appended, if it was kept.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  /// The SHA-256 of what has been appended, if it was not kept.
  consuming func digest() -> SHA256Digest {
    hasher.update(bytes)
    return hasher.finalize()
  }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ value: JSONValue) {
    CanonicalJSON.append(value, to: &bytes)
  }

  mutating func append(_ number: Int) {
    if (0..<10).contains(number) {
      bytes.append(UInt8(ascii: "0") + UInt8(number))
    } else {
      append(String(number))
    }
  }

  mutating func append(_ digest: SHA256Digest) {
    append("\"")
    append(digest.hex)
    append("\"")
  }

  /// Appends elements with commas between them.
  mutating func list<Element>(_ elements: [Element], _ append: (inout PlanTextBuffer, Element) -> Void) {
    var isFirst = true
    for element in elements {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      append(&self, element)
      flush()
    }
  }

  private mutating func flush() {
    guard !keepsText, bytes.count >= Self.pieceSize else { return }
    hasher.update(bytes)
    bytes.removeAll(keepingCapacity: true)
  }
}
