/// Brings images to a smaller side by the mean of square blocks, so that an encoder of one size can measure images of another.
public enum BoxReduction {
  /// Reduces images.
  ///
  /// - Parameters:
  ///   - images: `N · side · side · 3` values.
  ///   - side: Their side in pixels.
  ///   - newSide: The wanted side, a divisor of `side`.
  /// - Returns: `N · newSide · newSide · 3` values.
  public static func reduced(_ images: [Float], side: Int, to newSide: Int) -> [Float] {
    precondition(newSide > 0 && side % newSide == 0, "blocks of \(side) pixels do not make \(newSide)")
    guard newSide != side else { return images }
    let factor = side / newSide
    let scale = 1 / Float(factor * factor)
    let rows = images.count / (side * 3)
    var result = [Float](repeating: 0, count: images.count / (factor * factor))
    for row in 0..<rows {
      for column in 0..<side {
        let target = (row / factor * newSide + column / factor) * 3
        let source = (row * side + column) * 3
        for channel in 0..<3 { result[target + channel] += images[source + channel] * scale }
      }
    }
    return result
  }
}
