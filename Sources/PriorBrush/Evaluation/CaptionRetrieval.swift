/// How well images fit their captions in an embedding space.
public struct CaptionRetrieval: Sendable {
  /// Mean cosine of an image and its own caption, in [-1, 1].
  public private(set) var cosine = 0.0
  /// Share of images whose own caption is the nearest of all candidates, in [0, 1].
  public private(set) var topOne = 0.0
  /// Share of images whose own caption is among the five nearest of all candidates, in [0, 1].
  public private(set) var topFive = 0.0

  /// Measures images against candidates; a candidate that ties with the own caption counts as less near if it comes later.
  ///
  /// - Parameters:
  ///   - images: `N` unit vectors.
  ///   - candidates: `M` unit vectors of captions, for each image.
  ///   - own: For each image the position of its own caption among the candidates.
  ///   - width: Values of a vector.
  public init(images: [Float], candidates: (_ image: Int) -> [Float], own: [Int], width: Int) {
    for image in own.indices {
      let captions = candidates(image)
      let cosines = (0..<captions.count / width).map { position in
        var cosine: Float = 0
        for index in 0..<width { cosine += images[image * width + index] * captions[position * width + index] }
        return cosine
      }
      let mine = cosines[own[image]]
      let nearer = cosines.indices.count { cosines[$0] > mine || (cosines[$0] == mine && $0 < own[image]) }
      cosine += Double(mine) / Double(own.count)
      if nearer == 0 { topOne += 1 / Double(own.count) }
      if nearer < 5 { topFive += 1 / Double(own.count) }
    }
  }
}
