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
  /// - Complexity: O(n · d² + d³), and O(n² · d) where both sets have fewer vectors than features.
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
    value =
      max(features.count, reference.count) < features.width
      ? FrechetDistance.ofFewVectors(features, reference)
      : try FeatureStatistics(features).frechetDistance(to: FeatureStatistics(reference))
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

  /// The distance of sets with fewer vectors than features, without any matrix of features by features.
  ///
  /// With the centred vectors as rows of `X` and `Y`, the trace of the root of the product of covariances is the sum of the
  /// singular values of `X · Yᵀ`, over the root of both divisors.
  private static func ofFewVectors(_ features: FeatureSet, _ reference: FeatureSet) -> Double {
    let width = features.width
    let (first, second) = (CentredVectors(features), CentredVectors(reference))
    var means = 0.0
    for (a, b) in zip(first.mean, second.mean) { means += (a - b) * (a - b) }
    let products = first.values.withUnsafeBufferPointer { first in
      second.values.withUnsafeBufferPointer { Matrix.innerProducts(first, $0, width: width) }
    }
    let squares = products.withUnsafeBufferPointer { Matrix.innerProducts($0, $0, width: reference.count) }
    let values = SymmetricEigen(squares, count: features.count, wantsVectors: false).values
    let overlap = values.reduce(0) { $0 + max($1, 0).squareRoot() }
    let divisors = (Double(features.count - 1), Double(reference.count - 1))
    return means + first.squaredNorm / divisors.0 + second.squaredNorm / divisors.1
      - 2 * overlap / (divisors.0 * divisors.1).squareRoot()
  }
}

/// Vectors from which their mean has been taken.
private struct CentredVectors {
  var mean: [Double]
  var values: [Double]

  init(_ set: FeatureSet) {
    let width = set.width
    mean = [Double](repeating: 0, count: width)
    values = set.doubles
    for (index, value) in values.enumerated() { mean[index % width] += value }
    for column in 0..<width { mean[column] /= Double(set.count) }
    for index in values.indices { values[index] -= mean[index % width] }
  }

  var squaredNorm: Double { values.reduce(0) { $0 + $1 * $1 } }
}
