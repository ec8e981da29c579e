import Digest
import JSON

/// Collects the text of a plan.
struct PlanTextBuffer: ~Copyable {
  private var bytes: [UInt8] = []

  /// What has been appended.
  var text: String { String(decoding: bytes, as: UTF8.self) }

  mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  mutating func append(_ value: JSONValue) { CanonicalJSON.append(value, to: &bytes) }

  mutating func append(_ number: Int) {
    if (0..<10).contains(number) {
      bytes.append(UInt8(ascii: "0") + UInt8(number))
    } else {
      append(String(number))
    }
  }

  mutating func append(_ digest: SHA256Digest) {
    bytes.append(UInt8(ascii: "\""))
    digest.appendHex(to: &bytes)
    bytes.append(UInt8(ascii: "\""))
  }

  /// Appends elements with commas between them.
  mutating func list<Element>(_ elements: [Element], _ append: (inout PlanTextBuffer, Element) -> Void) {
    var isFirst = true
    for element in elements {
      if !isFirst { bytes.append(UInt8(ascii: ",")) }
      isFirst = false
      append(&self, element)
    }
  }
}
