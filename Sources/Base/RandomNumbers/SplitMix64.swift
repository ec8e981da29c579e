/// A small random generator with a 64-bit state; the same numbers everywhere.
///
/// - Source: Steele, Lea and Flood, "Fast splittable pseudorandom number generators", OOPSLA 2014.
public struct SplitMix64: RandomNumberGenerator, Sendable {
  @usableFromInline var state: UInt64

  /// What the state grows by with each number.
  public static let increment: UInt64 = 0x9E37_79B9_7F4A_7C15

  /// Creates a generator.
  ///
  /// - Parameter seed: Any number; equal seeds give equal sequences.
  @inlinable
  public init(seed: UInt64) {
    state = seed
  }

  /// Returns the next 64 bits.
  ///
  /// - Returns: A number, uniform over all of `UInt64`.
  @inlinable
  public mutating func next() -> UInt64 {
    state &+= Self.increment
    return Self.mix(state)
  }

  /// Returns a number that depends on every bit of another.
  ///
  /// - Parameter value: Any number.
  /// - Returns: Another number for each.
  @inlinable
  public static func mix(_ value: UInt64) -> UInt64 {
    var bits = value
    bits = (bits ^ (bits >> 30)) &* 0xBF58_476D_1CE4_E5B9
    bits = (bits ^ (bits >> 27)) &* 0x94D0_49BB_1331_11EB
    return bits ^ (bits >> 31)
  }
}
