/// Sorts many numbers by their digits, three passes of eleven bits, several times as fast as by comparisons.
///
/// Not to be used by two threads at once.
///
/// - Source: Knuth, "The Art of Computer Programming", volume 3, section 5.2.5.
final class RadixSort {
  private let count: Int
  private let keys: UnsafeMutablePointer<UInt32>
  private let spare: UnsafeMutablePointer<UInt32>
  private let places: UnsafeMutablePointer<UInt32>

  /// Prepares room for `count` numbers, fewer than 2^32.
  init(count: Int) {
    self.count = count
    keys = .allocate(capacity: count)
    spare = .allocate(capacity: count)
    places = .allocate(capacity: 3 * RadixSort.digits)
    keys.initialize(repeating: 0, count: count)
    spare.initialize(repeating: 0, count: count)
  }

  deinit {
    keys.deallocate()
    spare.deallocate()
    places.deallocate()
  }

  /// Brings `count` numbers into rising order; none may be NaN.
  func sort(_ values: UnsafeMutablePointer<Float>) {
    places.initialize(repeating: 0, count: 3 * RadixSort.digits)
    for index in 0..<count {
      let bits = values[index].bitPattern
      // Negative numbers are turned round, positive ones put behind them.
      let key = bits ^ (UInt32(bitPattern: Int32(bitPattern: bits) >> 31) | 0x8000_0000)
      keys[index] = key
      places[Int(key & 0x7FF)] &+= 1
      places[RadixSort.digits + Int(key >> 11 & 0x7FF)] &+= 1
      places[2 * RadixSort.digits + Int(key >> 22)] &+= 1
    }
    scatter(keys, to: spare, shift: 0)
    scatter(spare, to: keys, shift: 11)
    scatter(keys, to: spare, shift: 22)
    for index in 0..<count {
      let key = spare[index]
      values[index] = Float(bitPattern: key & 0x8000_0000 == 0 ? ~key : key ^ 0x8000_0000)
    }
  }

  /// Orders by one digit, whose counts become the first free places.
  private func scatter(_ source: UnsafeMutablePointer<UInt32>, to target: UnsafeMutablePointer<UInt32>, shift: UInt32) {
    let free = places + Int(shift) / 11 * RadixSort.digits
    var start: UInt32 = 0
    for digit in 0..<RadixSort.digits {
      let size = free[digit]
      free[digit] = start
      start &+= size
    }
    for index in 0..<count {
      let key = source[index]
      let digit = Int(key >> shift & 0x7FF)
      target[Int(free[digit])] = key
      free[digit] &+= 1
    }
  }

  private static let digits = 2048
}
