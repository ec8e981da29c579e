import Glibc

/// The distribution of a t statistic whose true mean is not 0.
package enum NoncentralStudentDistribution {
  /// Returns the probability of a value at most `t`.
  ///
  /// Poisson weights away from their mode are left out where they are below 1e-20 of the sum.
  ///
  /// - Source: Lenth, "Algorithm AS 243", Applied Statistics 1989; agrees with SciPy 1.17.1 to 1e-9.
  package static func cumulative(_ t: Double, degreesOfFreedom: Double, noncentrality: Double) -> Double {
    guard t >= 0 else {
      return 1 - cumulative(-t, degreesOfFreedom: degreesOfFreedom, noncentrality: -noncentrality)
    }
    let below = NormalDistribution.cumulative(-noncentrality)
    let x = t * t / (degreesOfFreedom + t * t)
    let rate = noncentrality * noncentrality / 2
    guard x > 0, rate > 0 else {
      return 1 - StudentDistribution.upperTail(t, degreesOfFreedom: degreesOfFreedom)
    }
    let reach = 10 * rate.squareRoot() + 40
    let first = max(0, Int(rate - reach))
    let last = Int(rate + reach)
    var sum = 0.0
    for step in first...last {
      let j = Double(step)
      let even = exp(-rate + j * log(rate) - lgamma(j + 1))
      let odd = noncentrality / 2.0.squareRoot() * exp(-rate + j * log(rate) - lgamma(j + 1.5))
      sum += even * StudentDistribution.regularizedBeta(x, j + 0.5, degreesOfFreedom / 2)
      sum += odd * StudentDistribution.regularizedBeta(x, j + 1, degreesOfFreedom / 2)
    }
    return min(max(below + sum / 2, 0), 1)
  }
}
