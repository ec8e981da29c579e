import RandomNumbers

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
