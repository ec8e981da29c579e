import PNGImage

extension Image {
  /// Makes an 8-bit image of one image of a batch.
  ///
  /// - Parameters:
  ///   - side: Side in pixels.
  ///   - batch: Images of `side · side · 3` values in [-1, 1], one after the other.
  ///   - row: Position in the batch.
  init(side: Int, batch: [Float], row: Int) {
    let size = side * side * 3
    self.init(width: side, height: side, channels: 3, signedFloats: Array(batch[row * size..<(row + 1) * size]))
  }
}
