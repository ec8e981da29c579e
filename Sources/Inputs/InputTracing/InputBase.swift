public import Digest
import JSON
import Synchronization

/// Inputs that attempts have in common: what a worker's process had read when one of its tasks ended, as what came since an earlier one.
///
/// Two are the same if the texts of all their steps are.
public final class InputBase: Sendable {
  /// What came last, sorted.
  public let inputs: [WatchedInput]
  /// Names the base that came before; `nil` if there is none.
  public let previousDigest: SHA256Digest?
  /// The SHA-256 of ``text``, after the digits of ``previousDigest`` and a line feed if there is one.
  public let digest: SHA256Digest
  /// ``inputs`` as canonical JSON: an array of [kind, name, value].
  public let text: String
  /// The base that came before, until both are settled.
  private let unsettled: Mutex<(previous: InputBase?, isSettled: Bool)>

  /// Makes a base.
  ///
  /// - Parameters:
  ///   - inputs: What came last, in any order.
  ///   - previous: What came before.
  public init(_ inputs: [WatchedInput], previous: InputBase? = nil) {
    self.inputs = inputs.sorted()
    previousDigest = previous?.digest
    text = Self.text(of: self.inputs)
    digest = Self.digest(of: text, previousDigest)
    unsettled = Mutex((previous, false))
  }

  /// Makes a base whose earlier ones are kept elsewhere.
  ///
  /// - Parameters:
  ///   - inputs: What came last, in any order.
  ///   - previousDigest: Names the base that came before.
  public init(_ inputs: [WatchedInput], previousDigest: SHA256Digest?) {
    self.inputs = inputs.sorted()
    self.previousDigest = previousDigest
    text = Self.text(of: self.inputs)
    digest = Self.digest(of: text, previousDigest)
    unsettled = Mutex((nil, false))
  }

  /// Makes a reference to a base that is kept elsewhere.
  ///
  /// - Parameter digest: Its digest.
  public init(settled digest: SHA256Digest) {
    inputs = []
    text = "[]"
    previousDigest = nil
    self.digest = digest
    unsettled = Mutex((nil, true))
  }

  /// Takes note that this one and all before are kept elsewhere, and lets go of these.
  public func settle() { unsettled.withLock { $0 = (nil, true) } }

  /// This one and those before that are kept nowhere else, the earliest first; empty once it is settled.
  public var unsettledSteps: [InputBase] {
    var steps: [InputBase] = []
    var next: InputBase? = self
    while let step = next {
      let (previous, isSettled) = step.unsettled.withLock { $0 }
      if isSettled { break }
      steps.append(step)
      next = previous
    }
    return steps.reversed()
  }

  private static func text(of inputs: [WatchedInput]) -> String {
    var bytes = [UInt8(ascii: "[")]
    bytes.reserveCapacity(inputs.count * 128)
    for (position, input) in inputs.enumerated() {
      if position > 0 { bytes.append(UInt8(ascii: ",")) }
      var mark = UInt8(ascii: "[")
      for part in [input.kind.rawValue, input.name, input.value] {
        bytes.append(mark)
        append(part, to: &bytes)
        mark = UInt8(ascii: ",")
      }
      bytes.append(UInt8(ascii: "]"))
    }
    bytes.append(UInt8(ascii: "]"))
    return String(decoding: bytes, as: UTF8.self)
  }

  /// Appends a text in quotes; most need no more.
  private static func append(_ text: String, to bytes: inout [UInt8]) {
    let isPlain = text.utf8.allSatisfy { byte in
      byte >= 0x20 && byte < 0x7F && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }
    guard isPlain else {
      bytes += CanonicalJSON.bytes(of: .string(text))
      return
    }
    bytes.append(UInt8(ascii: "\""))
    bytes += text.utf8
    bytes.append(UInt8(ascii: "\""))
  }

  private static func digest(of text: String, _ previous: SHA256Digest?) -> SHA256Digest {
    guard let previous else { return SHA256Digest(of: text) }
    return SHA256Digest(of: "\(previous.hex)\n" + text)
  }
}

extension InputBase: Hashable {
  /// Whether two have the same digest.
  public static func == (left: InputBase, right: InputBase) -> Bool { left.digest == right.digest }

  /// Enters the digest.
  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
