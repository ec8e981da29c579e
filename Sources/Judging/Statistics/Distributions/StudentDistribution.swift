import Glibc
import Synchronization

/// Student's t distribution.
package enum StudentDistribution {
  /// Returns the probability of a value above `t`.
  ///
  /// The upper tail, so that small probabilities keep their digits.
  package static func upperTail(_ t: Double, degreesOfFreedom: Double) -> Double {
    guard t >= 0 else { return 1 - upperTail(-t, degreesOfFreedom: degreesOfFreedom) }
    guard t.isFinite else { return 0 }
    // Near the middle the other form of the integral keeps the digits of t.
    guard t >= 0.5 else {
      return 0.5 - regularizedBeta(t * t / (degreesOfFreedom + t * t), 0.5, degreesOfFreedom / 2) / 2
    }
    return regularizedBeta(degreesOfFreedom / (degreesOfFreedom + t * t), degreesOfFreedom / 2, 0.5) / 2
  }

  /// Returns the value above which a share `probability` lies, 0 < `probability` < 1.
  ///
  /// Newton's method inside a bracket that every step narrows: some eight evaluations of the tail.
  package static func upperQuantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
    guard probability <= 0.5 else { return -upperQuantile(1 - probability, degreesOfFreedom: degreesOfFreedom) }
    guard probability < 0.5 else { return 0 }
    let key = Key(probability: probability, degreesOfFreedom: degreesOfFreedom)
    if let known = quantiles.withLock({ $0[key] }) { return known }
    let value = computedQuantile(probability, degreesOfFreedom: degreesOfFreedom)
    quantiles.withLock { if $0.count < mostQuantiles { $0[key] = value } }
    return value
  }

  private struct Key: Hashable {
    var probability: Double
    var degreesOfFreedom: Double
  }

  /// A report asks for the same few quantiles thousands of times.
  private static let quantiles = Mutex<[Key: Double]>([:])
  private static let mostQuantiles = 1_000

  private static func computedQuantile(_ probability: Double, degreesOfFreedom: Double) -> Double {
    var lower = 0.0
    var upper = 1.0
    while upperTail(upper, degreesOfFreedom: degreesOfFreedom) > probability, upper < 1e300 {
      lower = upper
      upper *= 2
    }
    let half = degreesOfFreedom / 2
    let logScale = lgamma(half + 0.5) - lgamma(half) - 0.5 * log(degreesOfFreedom * Double.pi)
    var t = (lower + upper) / 2
    for _ in 0..<200 {
      let excess = upperTail(t, degreesOfFreedom: degreesOfFreedom) - probability
      guard excess != 0 else { return t }
      if excess > 0 { lower = t } else { upper = t }
      let density = exp(logScale - (half + 0.5) * log1p(t * t / degreesOfFreedom))
      var next = t + excess / density
      if !(next > lower && next < upper) { next = (lower + upper) / 2 }
      guard abs(next - t) > 1e-15 * t, next > lower, next < upper else { return next }
      t = next
    }
    return t
  }

  /// Returns the regularised incomplete beta function I_x(a, b).
  ///
  /// - Source: the continued fraction DLMF 8.17.22, evaluated by Lentz's method.
  package static func regularizedBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
    guard x > 0 else { return 0 }
    guard x < 1 else { return 1 }
    guard x <= (a + 1) / (a + b + 2) else { return 1 - regularizedBeta(1 - x, b, a) }
    let logBeta: Double = lgamma(a) + lgamma(b) - lgamma(a + b)
    let front = exp(a * log(x) + b * log1p(-x) - logBeta) / a
    let tiny = 1e-300
    var numerator = 1.0
    var denominator = 1 - (a + b) * x / (a + 1)
    if abs(denominator) < tiny { denominator = tiny }
    denominator = 1 / denominator
    var fraction = denominator
    for step in 1...10_000 {
      let m = Double(step)
      for term in [
        m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m)),
        -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1)),
      ] {
        denominator = 1 + term * denominator
        if abs(denominator) < tiny { denominator = tiny }
        denominator = 1 / denominator
        numerator = 1 + term / numerator
        if abs(numerator) < tiny { numerator = tiny }
        fraction *= numerator * denominator
      }
      if abs(numerator * denominator - 1) < 1e-16 { break }
    }
    return front * fraction
  }
}
