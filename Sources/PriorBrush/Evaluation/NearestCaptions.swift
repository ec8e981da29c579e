/// For each image the caption nearest to it in an embedding space.
public struct NearestCaptions: Sendable {
  /// For each image the position of the nearest caption; of equally near ones the first.
  public private(set) var positions: [Int] = []
  /// For each image the cosine of the angle to that caption, in [-1, 1].
  public private(set) var cosines: [Double] = []

  /// Finds the nearest captions.
  ///
  /// - Parameters:
  ///   - images: `N` unit vectors.
  ///   - captions: `M` unit vectors, at least one.
  ///   - width: Values of a vector.
  public init(images: [Float], captions: [Float], width: Int) {
    precondition(captions.count >= width && width > 0, "no caption to compare with")
    for image in stride(from: 0, to: images.count, by: width) {
      var best = (position: 0, cosine: -Float.infinity)
      for caption in 0..<captions.count / width {
        var cosine: Float = 0
        for index in 0..<width { cosine += images[image + index] * captions[caption * width + index] }
        if cosine > best.cosine { best = (caption, cosine) }
      }
      positions.append(best.position)
      cosines.append(Double(best.cosine))
    }
  }
}
