/// How far the regions that real and generated images fill in feature space overlap: fidelity and variety apart.
///
/// A region is the union of balls around the vectors of a set that reach to their k-th nearest neighbour in the set.
///
/// - Source: Kynkäänniemi et al., "Improved precision and recall metric", NeurIPS 2019, for precision and recall; Naeem et
///   al., "Reliable fidelity and diversity metrics", ICML 2020, for density and coverage; agrees with the package prdc.
public struct ManifoldOverlap: Sendable {
  /// Share of generated images within the region of the real ones, in [0, 1].
  public let precision: Double
  /// Share of real images within the region of the generated ones, in [0, 1].
  public let recall: Double
  /// Mean number of real balls that hold a generated image, over k; about 1 for equal distributions, can exceed 1.
  public let density: Double
  /// Share of real images with a generated one in their ball, in [0, 1].
  public let coverage: Double

  /// Compares two sets.
  ///
  /// - Parameters:
  ///   - features: Vectors of generated images.
  ///   - reference: Vectors of real images, of the same network; equally many, for figures that can be compared.
  ///   - neighbours: k; 3 is usual for precision and recall, 5 for density and coverage.
  /// - Throws: `MetricError` with code `.widthMismatch`, `.tooFew` or `.badParameter`.
  /// - Complexity: O(n² · d).
  public init(_ features: FeatureSet, _ reference: FeatureSet, neighbours: Int = 5) throws(MetricError) {
    guard neighbours >= 1 else {
      throw MetricError(.badParameter, "a ball to neighbour \(neighbours) does not exist; use at least 1")
    }
    try features.check(against: reference)
    for set in [features, reference] {
      try set.require(neighbours + 1, for: "overlap with \(neighbours) neighbours")
    }
    let realRadii = reference.neighbourDistances(rank: neighbours)
    let madeRadii = features.neighbourDistances(rank: neighbours)
    var ballsOfMade = [Int](repeating: 0, count: features.count)
    var (recalled, covered) = (0, 0)
    PairwiseDistances(reference, features).forEachRow { real, distances in
      var isRecalled = false
      var isCovered = false
      for (made, distance) in distances.enumerated() {
        if distance < realRadii[real] {
          ballsOfMade[made] += 1
          isCovered = true
        }
        if distance < madeRadii[made] { isRecalled = true }
      }
      recalled += isRecalled ? 1 : 0
      covered += isCovered ? 1 : 0
    }
    precision = Double(ballsOfMade.count { $0 > 0 }) / Double(features.count)
    recall = Double(recalled) / Double(reference.count)
    density = Double(ballsOfMade.reduce(0, +)) / Double(neighbours * features.count)
    coverage = Double(covered) / Double(reference.count)
  }
}
