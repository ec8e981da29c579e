/// Sorts many numbers by their digits, three passes of eleven bits, several times as fast as by comparisons.
///
/// - Source: Knuth, "The Art of Computer Programming", volume 3, section 5.2.5.
struct RadixSort {
  private var keys: [UInt32]
  private var spare: [UInt32]

  /// Prepares room for `count` numbers.
  init(count: Int) {
    keys = [UInt32](repeating: 0, count: count)
    spare = keys
  }

  /// Returns `count` numbers that lie `stride` apart, in rising order; none may be NaN.
  mutating func callAsFunction(_ values: [Float], first: Int, stride: Int) -> [Float] {
    for index in keys.indices {
      let bits = values[first + index * stride].bitPattern
      // Negative numbers are turned round, positive ones put behind them.
      keys[index] = bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) >> 31) | 0x8000_0000)
    }
    for shift in [0, 11, 22] as [UInt32] {
      var places = [Int](repeating: 0, count: 2049)
      for key in keys { places[Int(key >> shift & 0x7FF) + 1] += 1 }
      for digit in 1...2048 { places[digit] += places[digit - 1] }
      for key in keys {
        let digit = Int(key >> shift & 0x7FF)
        spare[places[digit]] = key
        places[digit] += 1
      }
      swap(&keys, &spare)
    }
    return keys.map { Float(bitPattern: $0 & 0x8000_0000 == 0 ? ~$0 : $0 ^ 0x8000_0000) }
  }
}
