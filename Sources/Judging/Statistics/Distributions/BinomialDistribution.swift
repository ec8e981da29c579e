import Glibc

/// The number of successes among independent trials.
package enum BinomialDistribution {
  /// Returns the probability of at most `successes` among `trials` with chance one half each.
  package static func fairCumulative(_ successes: Int, trials: Int) -> Double {
    guard successes >= 0 else { return 0 }
    guard successes < trials else { return 1 }
    let n = Double(trials)
    return (0...successes).reduce(0) { sum, count in
      let k = Double(count)
      return sum + exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) - n * M_LN2)
    }
  }
}
