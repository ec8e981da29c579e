package import ExperimentSpec
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

  /// An axis of quantities: what it spans, and what its ticks say.
  package struct Axis: Sendable {
    package var domain: ClosedRange<Double>
    package var isLogarithmic: Bool
    package var ticks: [(value: Double, label: String)]
  }

  /// Returns an axis that encloses values, or spans what its author says.
  ///
  /// - Parameters:
  ///   - values: Finite; those not above 0 do not count for a logarithmic axis.
  ///   - extent: What the author says.
  /// - Returns: The axis, with ticks inside its domain.
  package static func axis(for values: [Double], _ extent: ChartRequest.Extent = .init()) -> Axis {
    if extent.isLogarithmic { return logarithmicAxis(for: values, extent) }
    let low = extent.from ?? values.min() ?? min(0, extent.to ?? 0)
    let high = extent.to ?? values.max() ?? max(1, low)
    var round = ticks(from: low, to: high)
    if extent.from != nil || extent.to != nil {
      let start = extent.from ?? min(round.domain.lowerBound, high)
      let end = extent.to ?? round.domain.upperBound
      let domain = start < end ? start...end : start...(start + max(abs(start) * 0.1, 1e-9))
      let room = (domain.upperBound - domain.lowerBound) * 1e-9
      func inside(_ value: Double) -> Bool { value >= domain.lowerBound - room && value <= domain.upperBound + room }
      for count in [5, 8, 12] {
        round = ticks(from: domain.lowerBound, to: domain.upperBound, count: count)
        if round.values.count(where: inside) > 2 { break }
      }
      round.values = round.values.filter(inside)
      round.domain = domain
    }
    return Axis(
      domain: round.domain, isLogarithmic: false,
      ticks: round.values.map { ($0, NumberFormat.fixed($0, round.decimals)) })
  }

  private static func logarithmicAxis(for values: [Double], _ extent: ChartRequest.Extent) -> Axis {
    let positive = values.filter { $0 > 0 }
    let low = extent.from ?? (positive.min() ?? 1) / 1.25
    let high = max(extent.to ?? (positive.max() ?? 10) * 1.25, low * 1.0001)
    return Axis(
      domain: low...high, isLogarithmic: true,
      ticks: logarithmicTicks(in: low...high).map { value in
        let text = NumberFormat.significant(value, 1)
        return (value, text.hasPrefix("1 × ") ? String(text.dropFirst(4)) : text)
      })
  }

  /// Whether the axis has a place for a value.
  package func shows(_ value: Double) -> Bool {
    let room = isLogarithmic ? 0 : (domain.upperBound - domain.lowerBound) * 1e-9
    return value >= domain.lowerBound - room && value <= domain.upperBound + room
  }

  /// The value of the domain that is nearest to a value.
  package func clamped(_ value: Double) -> Double { min(max(value, domain.lowerBound), domain.upperBound) }

  /// Returns 1, 2 and 5 times the powers of ten inside a logarithmic axis, of a long one the powers alone, of a very long one some.
  package static func logarithmicTicks(in domain: ClosedRange<Double>) -> [Double] {
    let first = Int(floor(log10(domain.lowerBound)))
    let last = Int(floor(log10(domain.upperBound)))
    let stride = max(1, (last - first) / 8)
    let factors: [Double] = last - first > 3 ? [1] : [1, 2, 5]
    return (first...max(first, last)).filter { $0.isMultiple(of: stride) }
      .flatMap { exponent in factors.map { $0 * pow(10, Double(exponent)) } }.filter(domain.contains)
  }
}
