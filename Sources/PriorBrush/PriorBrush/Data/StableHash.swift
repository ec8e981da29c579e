/// Numbers that depend on a text only: the same on every machine and in every version.
enum StableHash {
  /// Returns 64 well-mixed bits of a text (FNV-1a, then the finaliser of SplitMix64).
  static func bits(_ text: String) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in text.utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3
    }
    return SplitMix64.mix(hash)
  }

  /// Returns a number in [0, 1) that depends on a text only.
  static func fraction(_ text: String) -> Double {
    Double(bits(text) >> 11) * 0x1p-53
  }
}

/// A small random generator with a 64-bit state (Steele, Lea, Flood 2014); the same numbers everywhere.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  private var state: UInt64

  /// Creates a generator.
  ///
  /// - Parameter seed: Any number; equal seeds give equal sequences.
  public init(seed: UInt64) {
    state = seed
  }

  /// Returns the next 64 bits.
  ///
  /// - Returns: A number, uniform over all of `UInt64`.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return SplitMix64.mix(state)
  }

  static func mix(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}

/// Draws that are the same in every version of the standard library, unlike `Int.random(in:using:)`.
extension RandomNumberGenerator {
  mutating func uniform() -> Float {
    Float(next() >> 40) * 0x1p-24
  }

  mutating func integer(below bound: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(bound)).high)
  }

  mutating func integer(in range: ClosedRange<Int>) -> Int {
    range.lowerBound + integer(below: range.count)
  }
}
