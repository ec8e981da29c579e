import RandomNumbers

/// A fast reproducible stream of random numbers for resampling; the same seed gives the same stream everywhere.
///
/// - Source: Blackman and Vigna, "Scrambled linear pseudorandom number generators", ACM TOMS 2021 (xoshiro256**); its
///   state is filled by `SplitMix64`.
public struct ResamplingGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// Starts a stream.
  ///
  /// - Parameter seed: Any value; to be recorded beside the result.
  public init(seed: UInt64) {
    var filling = SplitMix64(seed: seed)
    state = (filling.next(), filling.next(), filling.next(), filling.next())
  }

  /// Returns the next 64 random bits.
  ///
  /// - Returns: A value uniform over all 64-bit integers.
  public mutating func next() -> UInt64 {
    let scrambled = state.1 &* 5
    let result = ((scrambled << 7) | (scrambled >> 57)) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = (state.3 << 45) | (state.3 >> 19)
    return result
  }

  /// Returns a random index.
  ///
  /// - Parameter count: Upper bound, at least 1, not included.
  /// - Returns: The high word of `next() * count`; its bias is below `count` / 2⁶⁴.
  public mutating func index(below count: Int) -> Int {
    Int(next().multipliedFullWidth(by: UInt64(count)).high)
  }
}
