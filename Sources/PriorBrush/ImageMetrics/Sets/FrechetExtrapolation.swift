/// The Fréchet distance that infinitely many generated images would have, from a straight line in 1 / n.
///
/// - Source: Chong and Forsyth, "Effectively unbiased FID and Inception Score", CVPR 2020.
public struct FrechetExtrapolation: Sendable {
  /// One measured distance.
  public struct Point: Sendable {
    /// How many generated images were used.
    public let count: Int
    /// Their distance from the whole reference.
    public let distance: Double
  }

  /// The intercept of the line, which is the distance at 1 / n = 0; can be slightly negative.
  public let value: Double
  /// The slope of the line, in distance times images.
  public let slope: Double
  /// What the line was drawn through, by rising count.
  public let points: [Point]

  /// Measures random subsets of several sizes and draws the line.
  ///
  /// - Parameters:
  ///   - features: Vectors of generated images, more than four times their width for the default sizes.
  ///   - reference: Vectors of real images; always used whole, so their own bias stays.
  ///   - sizes: How many sizes, evenly spaced from a quarter of the images to all; at least 3.
  ///   - seed: Chooses the subsets; same seed, same value.
  /// - Throws: `MetricError` with code `.widthMismatch`, `.tooFew`, `.rankDeficient` or `.badParameter`.
  /// - Complexity: O(sizes · (n · d² + d³)).
  public init(
    _ features: FeatureSet, _ reference: FeatureSet, sizes: Int = 15, seed: UInt64 = 0
  ) throws(MetricError) {
    guard sizes >= 3 else {
      throw MetricError(.badParameter, "a line through \(sizes) sizes says nothing; use at least 3")
    }
    try features.require(4 * sizes, for: "an extrapolation over \(sizes) sizes")
    let smallest = features.count / 4
    guard smallest > features.width else {
      throw MetricError(
        .rankDeficient,
        "a quarter of \(features.count) images cannot give a covariance of \(features.width) features full rank "
          + "(n <= d); use more than \(4 * features.width) images or a narrower network")
    }
    let real = try FeatureStatistics(reference)
    try features.check(against: reference)
    var stream = CounterStream(seed: seed)
    var points: [Point] = []
    for index in 0..<sizes {
      let count = smallest + (features.count - smallest) * index / (sizes - 1)
      let subset = features.subset(stream.permutation(features.count)[..<count])
      let distance = try FeatureStatistics(subset).frechetDistance(to: real)
      points.append(Point(count: count, distance: distance))
    }
    let places = points.map { 1 / Double($0.count) }
    let (meanPlace, meanDistance) = (
      places.reduce(0, +) / Double(sizes), points.reduce(0) { $0 + $1.distance } / Double(sizes)
    )
    var (covariance, variance) = (0.0, 0.0)
    for (place, point) in zip(places, points) {
      covariance += (place - meanPlace) * (point.distance - meanDistance)
      variance += (place - meanPlace) * (place - meanPlace)
    }
    slope = covariance / variance
    value = meanDistance - slope * meanPlace
    self.points = points
  }
}
