/// How often an image finds its own caption among many: R@1 and R@5.
public struct RetrievalScore: Sendable {
  /// For each image the place of its caption in the order of falling similarity, from 1; ties count against it.
  public let ranks: [Int]
  /// For each image the cosine with its own caption, in [-1, 1].
  public let cosines: [Double]
  /// The mean cosine of an image and its own caption, in [-1, 1].
  public var meanCosine: Double { cosines.reduce(0, +) / Double(cosines.count) }

  /// Ranks all captions for each image.
  ///
  /// - Parameters:
  ///   - images: Embeddings of the images, of any length greater than 0.
  ///   - captions: Embeddings of the captions, in the same space.
  ///   - own: For each image the place of its caption.
  /// - Throws: `MetricError` with code `.widthMismatch`, `.countMismatch` or `.badParameter`.
  /// - Complexity: O(n · m · d).
  public init(images: FeatureSet, captions: FeatureSet, own: [Int]) throws(MetricError) {
    try images.check(against: captions)
    guard own.count == images.count else {
      throw MetricError(
        .countMismatch, "\(own.count) captions for \(images.count) images; give the caption of each image")
    }
    if let wrong = own.first(where: { $0 < 0 || $0 >= captions.count }) {
      throw MetricError(.badParameter, "there is no caption \(wrong) among \(captions.count); count from 0")
    }
    let (left, right) = (RetrievalScore.unitRows(images), RetrievalScore.unitRows(captions))
    let products = left.withUnsafeBufferPointer { left in
      right.withUnsafeBufferPointer { Matrix.innerProducts(left, $0, width: images.width) }
    }
    var ranks: [Int] = []
    var cosines: [Double] = []
    for (image, place) in own.enumerated() {
      let row = products[image * captions.count..<(image + 1) * captions.count]
      let mine = row[row.startIndex + place]
      cosines.append(mine)
      ranks.append(row.count { $0 >= mine })
    }
    self.ranks = ranks
    self.cosines = cosines
  }

  /// Returns the share of images whose caption is among the first `k`, in [0, 1].
  ///
  /// - Parameter k: How many captions count, at least 1.
  /// - Returns: R@k; for m captions, k / m is what chance would give.
  public func recall(at k: Int) -> Double { Double(ranks.count { $0 <= k }) / Double(ranks.count) }

  private static func unitRows(_ set: FeatureSet) -> [Double] {
    var values = set.doubles
    for row in 0..<set.count {
      let range = row * set.width..<(row + 1) * set.width
      let norm = values[range].reduce(0) { $0 + $1 * $1 }.squareRoot()
      if norm > 0 {
        for index in range { values[index] /= norm }
      }
    }
    return values
  }
}
