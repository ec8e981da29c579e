import Statistics

/// Student's one-sample test of "the mean is above zero" and of its contrary.
///
/// Two of them with shifted values are Schuirmann's equivalence test, see `EquivalenceTest`.
struct OneSidedTest: Sendable {
  let count: Int
  let mean: Double
  let deviation: Double
  /// Risk of calling the mean positive if it is not; 1 for fewer than two values.
  let positiveP: Double
  /// Risk of calling the mean negative if it is not; 1 for fewer than two values.
  let negativeP: Double

  /// Tests independent finite values.
  init(_ values: [Double]) {
    count = values.count
    guard let summary = try? Summary(of: values) else {
      (mean, deviation, positiveP, negativeP) = (.nan, .nan, 1, 1)
      return
    }
    mean = summary.mean
    deviation = summary.standardDeviation ?? .nan
    guard count > 1 else {
      (positiveP, negativeP) = (1, 1)
      return
    }
    let error = deviation / Double(count).squareRoot()
    if error > 0 {
      positiveP = StudentDistribution.upperTail(mean / error, degreesOfFreedom: Double(count - 1))
      negativeP = StudentDistribution.upperTail(-mean / error, degreesOfFreedom: Double(count - 1))
    } else {
      positiveP = mean > 0 ? 0 : 1
      negativeP = mean < 0 ? 0 : 1
    }
  }

  /// Returns how many values decide the direction that the mean points to, with 80 % probability.
  ///
  /// - Parameter significance: Accepted risk, in (0, 0.5).
  /// - Returns: The least such number, `nil` above 10,000 more than there are.
  /// - Source: the normal approximation to the noncentral t distribution with Student quantiles for both terms.
  func neededCount(significance: Double) -> Int? {
    let limit = count + 10_000
    guard mean != 0, mean.isFinite, deviation.isFinite else { return nil }
    func suffices(_ count: Int) -> Bool {
      let freedom = Double(count - 1)
      let reach =
        StudentDistribution.upperQuantile(significance, degreesOfFreedom: freedom)
        + StudentDistribution.upperQuantile(0.2, degreesOfFreedom: freedom)
      return abs(mean) * Double(count).squareRoot() >= reach * deviation
    }
    guard suffices(limit) else { return nil }
    var (low, high) = (1, limit)
    while high - low > 1 {
      let middle = (low + high) / 2
      if suffices(middle) { high = middle } else { low = middle }
    }
    return high
  }
}
