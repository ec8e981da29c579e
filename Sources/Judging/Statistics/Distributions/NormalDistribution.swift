import Glibc

/// The standard normal distribution.
package enum NormalDistribution {
  /// Returns the probability of a value below `z`.
  package static func cumulative(_ z: Double) -> Double {
    erfc(-z / 2.0.squareRoot()) / 2
  }

  /// Returns the value below which a share `probability` lies; infinite at 0 and 1.
  ///
  /// A coarse start (Abramowitz and Stegun 26.2.23, error below 5e-4), then Halley's method on the distribution itself.
  package static func quantile(_ probability: Double) -> Double {
    guard probability > 0 else { return -.infinity }
    guard probability < 1 else { return .infinity }
    guard probability <= 0.5 else { return -quantile(1 - probability) }
    let t = (-2 * log(probability)).squareRoot()
    let numerator = 2.515517 + t * (0.802853 + t * 0.010328)
    var z = numerator / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308))) - t
    for _ in 0..<3 {
      let density = exp(-z * z / 2) / (2 * Double.pi).squareRoot()
      guard density > 0 else { break }
      let step = (cumulative(z) - probability) / density
      z -= step / (1 + step * z / 2)
    }
    return z
  }
}
