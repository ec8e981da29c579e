import Glibc
import RandomNumbers

/// Random numbers that are a function of seed and position alone, so that a script in another language can make them too.
///
/// - Source: Steele et al., "Fast splittable pseudorandom number generators", OOPSLA 2014: the mixer of SplitMix64.
package struct CounterStream {
  private let key: UInt64
  private var position: UInt64 = 0

  package init(seed: UInt64, stream: UInt64 = 0) {
    key = SplitMix64.mix(seed &+ stream &* 0xD1B5_4A32_D192_ED03)
  }

  /// Returns the next 64 bits.
  package mutating func word() -> UInt64 {
    position &+= 1
    return SplitMix64.mix(key &+ position &* SplitMix64.increment)
  }

  /// Returns a whole number in `0..<bound`; the bias is below bound / 2^64.
  package mutating func integer(below bound: Int) -> Int { Int(word() % UInt64(bound)) }

  /// Returns a number in [0, 1) with 53 random bits.
  package mutating func uniform() -> Double { Double(word() >> 11) * 0x1p-53 }

  /// Returns a normal number with mean 0 and variance 1, from two words.
  package mutating func normal() -> Double {
    let radius = sqrt(-2 * log(1 - uniform()))
    return radius * cos(2 * .pi * uniform())
  }

  /// Returns the numbers `0..<count` in random order.
  package mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for index in stride(from: count - 1, to: 0, by: -1) { order.swapAt(index, integer(below: index + 1)) }
    return order
  }
}
