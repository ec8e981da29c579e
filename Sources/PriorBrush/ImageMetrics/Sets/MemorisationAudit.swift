/// Which generated images are copies of training images.
///
/// A generated image counts as memorised if its nearest training image is less than a third as far as the second nearest.
///
/// - Source: Gu et al., "On memorization in diffusion models", arXiv 2310.02664.
public struct MemorisationAudit: Sendable {
  /// What was found for one generated image.
  public struct Finding: Sendable, Equatable {
    /// The place of the nearest training image.
    public let nearest: Int
    /// Its distance.
    public let distance: Double
    /// The distance of the nearest training image of another subject.
    public let secondDistance: Double

    /// The first distance over the second, in [0, 1]; 0 if both are 0.
    public var ratio: Double { secondDistance > 0 ? distance / secondDistance : 0 }
  }

  /// One finding for each generated image.
  public let findings: [Finding]
  /// The ratio below which an image counts as memorised.
  public let threshold: Double

  /// The share of memorised images, in [0, 1].
  public var share: Double { Double(findings.count { $0.ratio < threshold }) / Double(findings.count) }

  /// Looks up the nearest training images of a set.
  ///
  /// - Parameters:
  ///   - features: Generated images; the pixels themselves in the published form.
  ///   - training: All training images, in the same form.
  ///   - subjects: For each training image a number of what it shows, so that several drawings of one thing do not hide
  ///     a copy: the second nearest must show another. If nil each image is its own subject.
  ///   - threshold: The ratio below which an image counts as memorised.
  /// - Throws: `MetricError` with code `.widthMismatch`, `.countMismatch`, or `.tooFew` below two subjects.
  /// - Complexity: O(n · m · d).
  public init(
    _ features: FeatureSet, training: FeatureSet, subjects: [Int]? = nil, threshold: Double = 1.0 / 3
  ) throws(MetricError) {
    try features.check(against: training)
    let subjects = subjects ?? Array(0..<training.count)
    guard subjects.count == training.count else {
      throw MetricError(
        .countMismatch, "\(subjects.count) subjects for \(training.count) training images; give the subject of each")
    }
    guard Set(subjects).count > 1 else {
      throw MetricError(.tooFew, "a memorisation audit needs training images of at least 2 subjects; add images")
    }
    var findings: [Finding] = []
    PairwiseDistances(features, training).forEachRow { _, distances in
      var nearest = 0
      for place in distances.indices where distances[place] < distances[nearest] { nearest = place }
      var second = Double.infinity
      for place in distances.indices where subjects[place] != subjects[nearest] {
        second = min(second, distances[place])
      }
      findings.append(Finding(nearest: nearest, distance: distances[nearest], secondDistance: second))
    }
    self.findings = findings
    self.threshold = threshold
  }
}
