import Glibc

/// Faster resampling of many values, where drawing every index one by one would dominate.
extension Bootstrap {
  /// Greatest number of values whose indices are drawn one by one, as in SciPy.
  package static let indexedCount = 256

  /// Medians of resamples whose middle ranks are drawn directly.
  ///
  /// The indices of a resample are ⌊n·U⌋ of n uniform values, so its middle values are those of the middle order
  /// statistics of the uniform values: the lower has a Beta distribution, and the upper is the least of those that are
  /// left above it. This is exact and takes the same time for any n.
  ///
  /// - Source: David and Nagaraja, "Order Statistics", 2003, sections 2.2 and 2.5.
  func resampledMediansByRank(_ sorted: [Double]) -> [Double] {
    var generator = ResamplingGenerator(seed: seed)
    let count = sorted.count
    let lowerRank = (count + 1) / 2
    let ranksAbove = Double(count - lowerRank)
    let isEven = count.isMultiple(of: 2)
    return (0..<resamples).map { _ in
      let below = generator.gamma(shape: Double(lowerRank))
      let above = generator.gamma(shape: ranksAbove + 1)
      let position = below / (below + above)
      let lower = sorted[min(count - 1, Int(Double(count) * position))]
      guard isEven else { return lower }
      let next = 1 - (1 - position) * exp(log(generator.uniform()) / ranksAbove)
      return (lower + sorted[min(count - 1, Int(Double(count) * next))]) / 2
    }
  }

  /// Means of resamples; each 64 random bits give two indices.
  func resampledMeansInPairs(_ sorted: [Double]) -> [Double] {
    var generator = ResamplingGenerator(seed: seed)
    let count = sorted.count
    let bound = UInt64(count)
    let shifted = sorted.map { $0 - sorted[0] }
    return shifted.withUnsafeBufferPointer { shifted in
      (0..<resamples).map { _ in
        var (first, second) = (0.0, 0.0)
        for _ in 0..<count / 2 {
          let bits = generator.next()
          first += shifted[Int(((bits >> 32) &* bound) >> 32)]
          second += shifted[Int(((bits & 0xFFFF_FFFF) &* bound) >> 32)]
        }
        if !count.isMultiple(of: 2) { first += shifted[generator.index(below: count)] }
        return sorted[0] + (first + second) / Double(count)
      }
    }
  }
}

extension ResamplingGenerator {
  /// Returns a value strictly between 0 and 1.
  mutating func uniform() -> Double {
    (Double(next() >> 11) + 0.5) * 0x1p-53
  }

  /// Returns a standard normal value by the polar method.
  mutating func normal() -> Double {
    while true {
      let x = 2 * uniform() - 1
      let y = 2 * uniform() - 1
      let square = x * x + y * y
      if square > 0, square < 1 { return x * (-2 * log(square) / square).squareRoot() }
    }
  }

  /// Returns a value of the gamma distribution with scale 1.
  ///
  /// - Parameter shape: At least 1.
  /// - Returns: A value above 0.
  /// - Source: Marsaglia and Tsang, "A simple method for generating gamma variables", ACM TOMS 2000.
  mutating func gamma(shape: Double) -> Double {
    let centre = shape - 1.0 / 3
    let spread = 1 / (9 * centre).squareRoot()
    while true {
      let x = normal()
      let root = 1 + spread * x
      guard root > 0 else { continue }
      let cube = root * root * root
      let threshold = x * x / 2 + centre * (1 - cube + log(cube))
      if log(uniform()) < threshold { return centre * cube }
    }
  }
}
