/// Returns Wilson's interval of a proportion.
///
/// Unlike the textbook interval it stays inside [0, 1] and keeps its level for rare successes.
///
/// - Parameters:
///   - successes: How often something happened, from 0 to `trials`.
///   - trials: Number of independent trials, at least 1.
///   - level: Nominal coverage, in (0, 1).
/// - Returns: The interval, a share in [0, 1].
/// - Throws: `StatisticsError` with code `.outOfRange`.
/// - Source: Wilson, "Probable inference, the law of succession, and statistical inference", JASA 1927; agrees with
///   statsmodels' `proportion_confint(method="wilson")` to 1e-12.
public func proportionInterval(
  successes: Int, of trials: Int, level: Double = 0.95
) throws(StatisticsError) -> ConfidenceInterval {
  try check(level: level, for: "the interval of a proportion")
  guard trials >= 1, (0...trials).contains(successes) else {
    throw StatisticsError(
      .outOfRange,
      "a proportion needs successes from 0 to the trials and at least 1 trial, not \(successes) of \(trials)")
  }
  let n = Double(trials)
  let share = Double(successes) / n
  let z = NormalDistribution.quantile(1 - (1 - level) / 2)
  let centre = (share + z * z / (2 * n)) / (1 + z * z / n)
  let reach = z * (share * (1 - share) / n + z * z / (4 * n * n)).squareRoot() / (1 + z * z / n)
  return ConfidenceInterval(
    lower: successes == 0 ? 0 : centre - reach, upper: successes == trials ? 1 : centre + reach, level: level)
}
