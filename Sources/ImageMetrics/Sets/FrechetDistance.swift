/// The Fréchet distance between two sets of feature vectors, with what is needed to read it.
///
/// With the features of the published Inception network and 50,000 images this is the FID; with any other network or
/// count it must carry another name. The value falls with the number of images: see `extrapolated`.
public struct FrechetDistance: Sendable {
  /// The squared distance.
  public let value: Double
  /// The number of vectors of each set.
  public let counts: (Int, Int)

  /// Compares two sets.
  ///
  /// - Parameters:
  ///   - features: Vectors of generated images.
  ///   - reference: Vectors of real images, of the same network.
  ///   - allowingRankDeficiency: Whether sets of no more vectors than features are compared all the same. Their value is
  ///     finite and much too large; it says nothing on its own.
  /// - Throws: `MetricError` with code `.widthMismatch`, `.tooFew` or `.rankDeficient`.
  /// - Complexity: O(n · d² + d³).
  /// - Source: Heusel et al., "GANs Trained by a Two Time-Scale Update Rule", 2017; agrees with SciPy to 1e-6.
  public init(
    _ features: FeatureSet, _ reference: FeatureSet, allowingRankDeficiency: Bool = false
  ) throws(MetricError) {
    try features.check(against: reference)
    for set in [features, reference] {
      try set.require(2, for: "the Fréchet distance")
      guard allowingRankDeficiency || set.count > set.width else {
        throw MetricError(
          .rankDeficient,
          "\(set.count) images cannot give a covariance of \(set.width) features full rank (n <= d); use more than "
            + "\(set.width) images, a narrower network, or the kernel distance")
      }
    }
    value = try FeatureStatistics(features).frechetDistance(to: FeatureStatistics(reference))
    counts = (features.count, reference.count)
  }

  /// Returns the distance between two random halves of one set: what even a perfect generator would score.
  ///
  /// - Parameters:
  ///   - real: Vectors of real images.
  ///   - seed: Chooses the halves; same seed, same value.
  /// - Returns: The distance of `n / 2` from `n / 2` vectors.
  /// - Throws: `MetricError` with code `.tooFew` or `.rankDeficient`.
  public static func realBaseline(_ real: FeatureSet, seed: UInt64 = 0) throws(MetricError) -> FrechetDistance {
    try real.require(4, for: "a real-to-real baseline")
    var stream = CounterStream(seed: seed)
    let order = stream.permutation(real.count)
    let half = real.count / 2
    return try FrechetDistance(real.subset(order[..<half]), real.subset(order[half..<2 * half]))
  }
}
