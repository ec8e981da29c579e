/// The cosine of the angle between every image and every caption in a common embedding space.
public struct CosineSimilarities: Sendable {
  /// The number of captions, m.
  public let captions: Int
  private let values: [Double]

  /// Compares every image with every caption.
  ///
  /// - Parameters:
  ///   - images: Embeddings of n images, of any length greater than 0.
  ///   - captions: Embeddings of m captions, in the same space.
  /// - Throws: `MetricError` with code `.widthMismatch`.
  /// - Complexity: O(n · m · d).
  public init(images: FeatureSet, captions: FeatureSet) throws(MetricError) {
    try images.check(against: captions)
    self.captions = captions.count
    values = Self.unitRows(images).withUnsafeBufferPointer { left in
      Self.unitRows(captions).withUnsafeBufferPointer { Matrix.innerProducts(left, $0, width: images.width) }
    }
  }

  /// Returns the cosines of one image with all captions.
  ///
  /// - Parameter image: The place of the image, from 0.
  /// - Returns: m values in [-1, 1].
  public func row(_ image: Int) -> [Double] { Array(values[image * captions..<(image + 1) * captions]) }

  /// Returns the caption nearest to an image.
  ///
  /// - Parameter image: The place of the image, from 0.
  /// - Returns: The place of the caption, of equally near ones the first, and its cosine in [-1, 1].
  public func nearest(to image: Int) -> (caption: Int, cosine: Double) {
    let row = row(image)
    let best = row.indices.reduce(0) { row[$1] > row[$0] ? $1 : $0 }
    return (best, row[best])
  }

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
