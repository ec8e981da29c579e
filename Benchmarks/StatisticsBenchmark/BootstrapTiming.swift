import Statistics
import StatisticsSimulation

/// Times a bootstrap of the median ratio of 1,000 pairs and one of the mean of 1,000 values, 10,000 resamples each.
///
/// Prints the seconds of each round, one a line.
struct BootstrapTiming {
  var rounds: Int

  func write() throws {
    var generator = ResamplingGenerator(seed: 1)
    let denominators = Population.logNormal.sample(1000, using: &generator)
    let numerators = Population.logNormal.sample(1000, using: &generator)
    for method in [Bootstrap.Method.percentile, .accelerated] {
      for _ in 0..<rounds {
        let bootstrap = Bootstrap(resamples: 10_000, method: method)
        let time = try ContinuousClock().measure {
          let comparison = try PairedComparison(
            numerators: numerators, denominators: denominators, bootstrap: bootstrap)
          guard comparison.interval != nil else { return }
        }
        print(method == .percentile ? "median/percentile" : "median/BCa", time / .seconds(1))
      }
    }
    for _ in 0..<rounds {
      let time = try ContinuousClock().measure {
        guard try Bootstrap().interval(of: .mean, from: numerators).level > 0 else { return }
      }
      print("mean/percentile", time / .seconds(1))
    }
  }
}
