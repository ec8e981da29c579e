import Glibc

/// How well one quantity orders another.
public struct RankCorrelation: Sendable, Hashable {
  /// Spearman's coefficient, in [−1, 1]; ties share their average rank.
  public var spearman: Double
  /// Two-sided p value of Spearman's coefficient, from Student's t distribution; an approximation that needs some 10
  /// pairs.
  public var pValue: Double
  /// Interval of Spearman's coefficient; `nil` below 10 pairs, where no such interval keeps its level.
  public var interval: ConfidenceInterval?
  /// Kendall's coefficient τ_b, in [−1, 1]: concordant less discordant pairs, ties taken out of the count.
  public var kendall: Double

  /// Correlates pairs.
  ///
  /// - Parameters:
  ///   - first: At least three finite values, not all equal.
  ///   - second: As many finite values in the same order, not all equal.
  ///   - level: Nominal coverage of the interval, in (0, 1).
  /// - Throws: `StatisticsError` with code `.tooFewValues`, `.notFinite`, `.unequalLengths`, `.noSpread` or
  ///   `.outOfRange`.
  /// - Complexity: O(n²).
  /// - Source: Spearman, American Journal of Psychology 1904; Kendall, Biometrika 1945; the interval: Bonett and
  ///   Wright, Psychometrika 2000; agrees with SciPy 1.17.1 to 1e-12.
  public init(_ first: [Double], _ second: [Double], level: Double = 0.95) throws(StatisticsError) {
    try check(first, and: second, atLeast: 3, for: "a rank correlation")
    try check(level: level, for: "a rank correlation")
    let ranksA = RankDistribution.doubledRanks(of: first)
    let ranksB = RankDistribution.doubledRanks(of: second)
    let centre = first.count + 1
    let squaresA = ranksA.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    let squaresB = ranksB.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    guard squaresA > 0, squaresB > 0 else {
      throw StatisticsError(.noSpread, "a rank correlation needs values that differ in both samples")
    }
    let products = zip(ranksA, ranksB).reduce(0) { $0 + ($1.0 - centre) * ($1.1 - centre) }
    let coefficient = Double(products) / (Double(squaresA) * Double(squaresB)).squareRoot()
    let rho = min(max(coefficient, -1), 1)
    let n = Double(first.count)
    let t = abs(rho) * ((n - 2) / (1 - rho * rho)).squareRoot()
    spearman = rho
    pValue = rho == 0 ? 1 : min(1, 2 * StudentDistribution.upperTail(t, degreesOfFreedom: n - 2))
    if first.count >= 10 {
      let reach = NormalDistribution.quantile(1 - (1 - level) / 2) * ((1 + rho * rho / 2) / (n - 3)).squareRoot()
      interval = ConfidenceInterval(lower: tanh(atanh(rho) - reach), upper: tanh(atanh(rho) + reach), level: level)
    }
    var agreement = 0
    for i in ranksA.indices {
      for j in 0..<i { agreement += (ranksA[i] - ranksA[j]).signum() * (ranksB[i] - ranksB[j]).signum() }
    }
    func distinct(_ ranks: [Int]) -> Double {
      Double(ranks.count * (ranks.count - 1) / 2)
        - RankDistribution.tieSizes(of: ranks).reduce(0) { $0 + Double($1 * ($1 - 1) / 2) }
    }
    kendall = Double(agreement) / (distinct(ranksA) * distinct(ranksB)).squareRoot()
  }
}
