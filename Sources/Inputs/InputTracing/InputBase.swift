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
    digest = Self.digest(of: self.inputs, previousDigest)
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
    digest = Self.digest(of: self.inputs, previousDigest)
    unsettled = Mutex((nil, false))
  }

  /// Makes a reference to a base that is kept elsewhere.
  ///
  /// - Parameter digest: Its digest.
  public init(settled digest: SHA256Digest) {
    inputs = []
    previousDigest = nil
    self.digest = digest
    unsettled = Mutex((nil, true))
  }

  /// ``inputs`` as canonical JSON: an array of [kind, name, value].
  public var text: String { Self.text(of: inputs) }

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

  private static func text(of inputs: [WatchedInput]) -> String { CanonicalJSON.text(of: .array(inputs.map(\.json))) }

  private static func digest(of inputs: [WatchedInput], _ previous: SHA256Digest?) -> SHA256Digest {
    SHA256Digest(of: (previous.map { "\($0.hex)\n" } ?? "") + text(of: inputs))
  }
}

extension InputBase: Hashable {
  /// Whether two have the same digest.
  public static func == (left: InputBase, right: InputBase) -> Bool { left.digest == right.digest }

  /// Enters the digest.
  public func hash(into hasher: inout Hasher) { hasher.combine(digest) }
}
