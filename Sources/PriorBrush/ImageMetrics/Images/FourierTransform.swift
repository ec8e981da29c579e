import Glibc

/// The discrete Fourier transform of complex sequences of any length, prepared for one length.
///
/// - Complexity: O(n log n).
/// - Source: Cooley and Tukey, 1965, for powers of two; Bluestein, 1970, for other lengths.
struct FourierTransform {
  /// Complex numbers, real and imaginary parts apart.
  struct Signal {
    var real: [Double]
    var imaginary: [Double]
  }

  private let count: Int
  private let padded: Int
  private let chirp: Signal
  private let chirpSpectrum: Signal

  /// Prepares transforms of `count` numbers.
  init(count: Int) {
    self.count = count
    guard count & (count - 1) != 0 else {
      padded = count
      chirp = Signal(real: [], imaginary: [])
      chirpSpectrum = chirp
      return
    }
    var size = 1
    while size < 2 * count - 1 { size *= 2 }
    padded = size
    // The square is reduced first, so that large angles keep their digits.
    let angles = (0..<count).map { Double.pi * Double($0 * $0 % (2 * count)) / Double(count) }
    chirp = Signal(real: angles.map { cos($0) }, imaginary: angles.map { -sin($0) })
    var filter = Signal(real: .init(repeating: 0, count: size), imaginary: .init(repeating: 0, count: size))
    for index in 0..<count {
      for place in [index, (size - index) % size] {
        filter.real[place] = chirp.real[index]
        filter.imaginary[place] = -chirp.imaginary[index]
      }
    }
    chirpSpectrum = FourierTransform.ofPowerOfTwo(filter)
  }

  /// Returns `Σ x[n] exp(-2πi kn / N)`.
  func callAsFunction(_ input: Signal) -> Signal {
    if padded == count { return FourierTransform.ofPowerOfTwo(input) }
    var work = Signal(real: .init(repeating: 0, count: padded), imaginary: .init(repeating: 0, count: padded))
    for index in 0..<count {
      work.real[index] = input.real[index] * chirp.real[index] - input.imaginary[index] * chirp.imaginary[index]
      work.imaginary[index] = input.real[index] * chirp.imaginary[index] + input.imaginary[index] * chirp.real[index]
    }
    work = FourierTransform.ofPowerOfTwo(work)
    // The inverse transform is the transform with real and imaginary parts exchanged, twice.
    var swapped = work
    for index in 0..<padded {
      let (a, b) = (work.real[index], work.imaginary[index])
      let (c, d) = (chirpSpectrum.real[index], chirpSpectrum.imaginary[index])
      swapped.imaginary[index] = a * c - b * d
      swapped.real[index] = a * d + b * c
    }
    swapped = FourierTransform.ofPowerOfTwo(swapped)
    var result = Signal(real: .init(repeating: 0, count: count), imaginary: .init(repeating: 0, count: count))
    for index in 0..<count {
      let (a, b) = (swapped.imaginary[index] / Double(padded), swapped.real[index] / Double(padded))
      result.real[index] = a * chirp.real[index] - b * chirp.imaginary[index]
      result.imaginary[index] = a * chirp.imaginary[index] + b * chirp.real[index]
    }
    return result
  }

  private static func ofPowerOfTwo(_ input: Signal) -> Signal {
    let count = input.real.count
    guard count > 1 else { return input }
    var result = input
    let bits = count.trailingZeroBitCount
    for index in 0..<count {
      let place = Int(UInt64(index).bitReversed >> UInt64(64 - bits))
      result.real[index] = input.real[place]
      result.imaginary[index] = input.imaginary[place]
    }
    var size = 2
    while size <= count {
      let half = size / 2
      for offset in 0..<half {
        let angle = -2 * Double.pi * Double(offset) / Double(size)
        let (cosine, sine) = (cos(angle), sin(angle))
        for start in stride(from: offset, to: count, by: size) {
          let (a, b) = (result.real[start + half], result.imaginary[start + half])
          let (real, imaginary) = (a * cosine - b * sine, a * sine + b * cosine)
          result.real[start + half] = result.real[start] - real
          result.imaginary[start + half] = result.imaginary[start] - imaginary
          result.real[start] += real
          result.imaginary[start] += imaginary
        }
      }
      size *= 2
    }
    return result
  }
}

extension UInt64 {
  /// The number with its bits in opposite order.
  fileprivate var bitReversed: UInt64 {
    var value = byteSwapped
    value = (value >> 4) & 0x0F0F_0F0F_0F0F_0F0F | (value & 0x0F0F_0F0F_0F0F_0F0F) << 4
    value = (value >> 2) & 0x3333_3333_3333_3333 | (value & 0x3333_3333_3333_3333) << 2
    return (value >> 1) & 0x5555_5555_5555_5555 | (value & 0x5555_5555_5555_5555) << 1
  }
}
