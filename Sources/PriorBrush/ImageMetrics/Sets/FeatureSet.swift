/// A set of feature vectors, checked once: what the metrics of sets of images compare.
///
/// A vector is what a network says about one image, or the pixels themselves.
public struct FeatureSet: Sendable {
  /// The number of vectors, n.
  public let count: Int
  /// The number of features of a vector, d.
  public let width: Int
  /// The features, `[n, d]`.
  public let values: [Float]

  /// Takes vectors.
  ///
  /// - Parameters:
  ///   - values: `n · width` finite numbers, one vector after the other.
  ///   - width: The number of features of a vector, at least 1.
  /// - Throws: `MetricError` with code `.widthMismatch`, `.tooFew` if there is no vector, or `.notFinite`.
  public init(_ values: [Float], width: Int) throws(MetricError) {
    guard width > 0, values.count % width == 0 else {
      throw MetricError(
        .widthMismatch,
        "\(values.count) numbers do not fill vectors of \(width) features; check the width of the network")
    }
    guard !values.isEmpty else {
      throw MetricError(.tooFew, "a set of feature vectors is empty; give at least one image")
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw MetricError(
        .notFinite,
        "feature \(index % width) of vector \(index / width) is \(values[index]); look for broken weights or images")
    }
    count = values.count / width
    self.width = width
    self.values = values
  }

  /// Returns the vectors at some places, in that order.
  ///
  /// - Parameter places: Places in `0..<count`; at least one.
  /// - Returns: The smaller set.
  public func subset(_ places: some Sequence<Int>) -> FeatureSet {
    var chosen: [Float] = []
    for place in places { chosen += values[place * width..<(place + 1) * width] }
    return FeatureSet(unchecked: chosen, width: width)
  }

  /// Returns one vector.
  func vector(_ place: Int) -> ArraySlice<Float> { values[place * width..<(place + 1) * width] }

  /// The features as doubles.
  var doubles: [Double] { values.map(Double.init) }

  private init(unchecked values: [Float], width: Int) {
    precondition(!values.isEmpty, "a subset of no feature vector")
    count = values.count / width
    self.width = width
    self.values = values
  }

  /// Throws unless both sets have vectors of one width.
  func check(against other: FeatureSet) throws(MetricError) {
    guard width == other.width else {
      throw MetricError(
        .widthMismatch,
        "feature vectors of \(width) and of \(other.width) numbers cannot be compared; use one network for both sets")
    }
  }

  /// Throws unless there are at least `minimum` vectors.
  func require(_ minimum: Int, for metric: String) throws(MetricError) {
    guard count >= minimum else {
      throw MetricError(
        .tooFew, "\(metric) needs at least \(minimum) images in each set, one has \(count); add images")
    }
  }
}
