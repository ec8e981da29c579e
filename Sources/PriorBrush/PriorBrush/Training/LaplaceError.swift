import Foundation

/// The negative log-likelihood of an absolute error under a Laplace distribution, `error / b + log b`, for a clamped `log b`.
package struct LaplaceError: Sendable {
  /// The value, without the constant `log 2`.
  package let value: Float
  /// The derivative by the logarithm of the scale; outside the range it is kept only where descending it leads back inside.
  package let slope: Float

  /// Measures one pixel.
  ///
  /// - Parameters:
  ///   - error: The true absolute error, not negative.
  ///   - logScale: The predicted logarithm of the scale `b`.
  ///   - range: What the logarithm is clamped to.
  package init(_ error: Float, logScale: Float, range: ClosedRange<Float>) {
    let log = min(max(logScale, range.lowerBound), range.upperBound)
    let scaled = error * exp(-log)
    value = scaled + log
    let pull = 1 - scaled
    let leadsInside = logScale > range.upperBound ? pull > 0 : pull < 0
    slope = range.contains(logScale) || leadsInside ? pull : 0
  }
}
