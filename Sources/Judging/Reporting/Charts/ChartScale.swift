import Glibc

/// A linear or logarithmic map from values to positions, with ticks at round numbers.
package struct ChartScale: Sendable, Equatable {
  /// Least and greatest value of the axis.
  package var domain: ClosedRange<Double>
  /// Positions of the two ends of the domain, in drawing units.
  package var start: Double
  package var end: Double
  /// Whether equal distances are equal ratios; the domain is above 0 then.
  package var isLogarithmic: Bool

  /// Creates a scale.
  package init(domain: ClosedRange<Double>, start: Double, end: Double, isLogarithmic: Bool = false) {
    self.domain = domain
    self.start = start
    self.end = end
    self.isLogarithmic = isLogarithmic
  }

  /// Returns the position of a value; on a logarithmic scale values below the domain stand at its start.
  package func position(_ value: Double) -> Double {
    if isLogarithmic {
      let share = log(max(value, domain.lowerBound) / domain.lowerBound) / log(domain.upperBound / domain.lowerBound)
      return start + share * (end - start)
    }
    let extent = domain.upperBound - domain.lowerBound
    guard extent > 0 else { return (start + end) / 2 }
    return start + (value - domain.lowerBound) / extent * (end - start)
  }

  /// Values at round steps and the decimals that tell them apart.
  package struct Ticks: Sendable, Equatable {
    package var values: [Double]
    package var decimals: Int
    /// What the axis spans: all values, and up to the next tick where that is near.
    package var domain: ClosedRange<Double>
  }

  /// Returns ticks for an axis that encloses the values.
  ///
  /// The step is 1, 2, 2.5 or 5 times a power of ten. Values that do not differ are given room; zero is included when the
  /// values come near it.
  ///
  /// - Parameters:
  ///   - lower: Least value, finite.
  ///   - upper: Greatest value, finite, not below `lower`.
  ///   - count: About how many intervals are wanted.
  /// - Returns: The ticks, two or more, and the extent of the axis.
  package static func ticks(from lower: Double, to upper: Double, count: Int = 5) -> Ticks {
    var (low, high) = (min(lower, upper), max(lower, upper))
    let magnitude = max(abs(low), abs(high))
    if high - low <= magnitude * 1e-9 {
      let room = magnitude > 0 ? magnitude * 0.05 : 0.5
      (low, high) = (low - room, high + room)
    } else {
      let room = (high - low) * 0.06
      let isPositive = low >= 0
      (low, high) = (isPositive && low < high * 0.45 ? 0 : low - room, high + room)
      if isPositive { low = max(low, 0) }
    }
    let rough = (high - low) / Double(max(count, 1))
    let power = pow(10, floor(log10(rough)))
    let factor = [1, 2, 2.5, 5, 10].first { $0 * power >= rough * 0.999 } ?? 10
    let step = factor * power
    // An end is moved out to its tick if that is near, else the axis ends between two ticks.
    let reach = 0.4
    let first = Int((low / step + 1e-9 - reach).rounded(.up))
    let last = Int((high / step - 1e-9 + reach).rounded(.down))
    let ends = [low, high, Double(first) * step, Double(last) * step]
    let exponent = Int(floor(log10(step) + 1e-9))
    return Ticks(
      values: (first...max(last, first + 1)).map { Double($0) * step },
      decimals: min(max(0, -exponent + (factor == 2.5 ? 1 : 0)), 12),
      domain: (ends.min() ?? low)...(ends.max() ?? high))
  }

  /// Whether quantities differ so much that a linear axis would press most of them together: by a factor of 20.
  package static func needsLogarithm(_ values: [Double]) -> Bool {
    guard let low = values.min(), let high = values.max() else { return false }
    return low > 0 && high.isFinite && high >= 20 * low
  }

  /// Returns 1, 2 and 5 times the powers of ten inside a logarithmic axis.
  package static func logarithmicTicks(in domain: ClosedRange<Double>) -> [Double] {
    let first = Int(floor(log10(domain.lowerBound)))
    let last = Int(floor(log10(domain.upperBound)))
    return (first...max(first, last)).flatMap { exponent in [1, 2, 5].map { $0 * pow(10, Double(exponent)) } }
      .filter(domain.contains)
  }
}
