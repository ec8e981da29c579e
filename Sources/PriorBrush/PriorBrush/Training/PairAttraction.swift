/// The pull of a generated image towards what the teacher's sampler made of the same noise: `weight / 2 · |x - y|²`.
package struct PairAttraction: Sendable {
  /// The factor of half the squared difference, at least 0.
  package var weight: Float

  /// Creates the pull.
  ///
  /// - Parameter weight: The factor of half the squared difference, at least 0.
  package init(weight: Float) { self.weight = weight }

  /// Returns the gradient of the image, to be descended.
  ///
  /// - Parameters:
  ///   - image: The generated image.
  ///   - teacher: The teacher's image, as many values.
  /// - Returns: As many values.
  package func gradient(of image: ArraySlice<Float>, teacher: ArraySlice<Float>) -> [Float] {
    zip(image, teacher).map { weight * ($0 - $1) }
  }
}
