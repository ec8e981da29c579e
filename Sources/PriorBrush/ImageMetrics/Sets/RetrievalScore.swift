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
    guard own.count == images.count else {
      throw MetricError(
        .countMismatch, "\(own.count) captions for \(images.count) images; give the caption of each image")
    }
    if let wrong = own.first(where: { $0 < 0 || $0 >= captions.count }) {
      throw MetricError(.badParameter, "there is no caption \(wrong) among \(captions.count); count from 0")
    }
    let similarities = try CosineSimilarities(images: images, captions: captions)
    var ranks: [Int] = []
    var cosines: [Double] = []
    for (image, place) in own.enumerated() {
      let row = similarities.row(image)
      cosines.append(row[place])
      ranks.append(row.count { $0 >= row[place] })
    }
    self.ranks = ranks
    self.cosines = cosines
  }

  /// Joins the scores of parts of a set of images, each ranked among captions of its own.
  ///
  /// - Parameter parts: Scores, at least one; their order is kept.
  public init(joining parts: [RetrievalScore]) {
    ranks = parts.flatMap(\.ranks)
    cosines = parts.flatMap(\.cosines)
  }

  /// Returns the share of images whose caption is among the first `k`, in [0, 1].
  ///
  /// - Parameter k: How many captions count, at least 1.
  /// - Returns: R@k; for m captions, k / m is what chance would give.
  public func recall(at k: Int) -> Double { Double(ranks.count { $0 <= k }) / Double(ranks.count) }
}
