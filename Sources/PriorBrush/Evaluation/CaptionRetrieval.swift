/// How well images fit their captions in an embedding space.
public struct CaptionRetrieval: Sendable {
  /// Mean cosine of an image and its own caption, in [-1, 1].
  public private(set) var cosine = 0.0
  /// Share of images whose own caption is the nearest of all candidates, in [0, 1].
  public private(set) var topOne = 0.0

  /// Measures images against candidates.
  ///
  /// - Parameters:
  ///   - images: `N` unit vectors.
  ///   - candidates: `M` unit vectors of captions, for each image.
  ///   - own: For each image the position of its own caption among the candidates.
  ///   - width: Values of a vector.
  public init(images: [Float], candidates: (_ image: Int) -> [Float], own: [Int], width: Int) {
    for image in own.indices {
      let captions = candidates(image)
      var best = (position: -1, cosine: -Float.infinity)
      for position in 0..<captions.count / width {
        var cosine: Float = 0
        for index in 0..<width { cosine += images[image * width + index] * captions[position * width + index] }
        if cosine > best.cosine { best = (position, cosine) }
        if position == own[image] { self.cosine += Double(cosine) / Double(own.count) }
      }
      if best.position == own[image] { topOne += 1 / Double(own.count) }
    }
  }
}
