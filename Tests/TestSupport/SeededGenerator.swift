import RandomNumbers

/// Numbers that look random and are the same for the same seed.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var generator: SplitMix64

  /// Begins the sequence of a seed.
  public init(_ seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// Returns the next 64 bits of the sequence.
  public mutating func next() -> UInt64 { generator.next() }

  /// Returns a number from 0 up to, but not including, a limit.
  public mutating func below(_ limit: Int) -> Int { Int.random(in: 0..<limit, using: &self) }
}
