extension Image {
  /// Returns all values as floats, 0 becoming -1 and 255 becoming 1, `[H, W, C]`.
  ///
  /// - Returns: `height * width * channels` values in [-1, 1].
  public func signedFloats() -> [Float] {
    pixels.map { Float($0) / 127.5 - 1 }
  }

  /// Creates an image from floats, rounded to the nearest of 256 steps; values beyond [-1, 1] are clamped.
  ///
  /// NaN becomes 0: a broken generator leaves black pixels, never a crash.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row, at least 1.
  ///   - height: Rows, at least 1.
  ///   - channels: 1, 3 or 4.
  ///   - values: `height * width * channels` values in [-1, 1], `[H, W, C]`.
  public init(width: Int, height: Int, channels: Int, signedFloats values: UnsafeBufferPointer<Float>) {
    precondition(
      values.count == width * height * channels,
      "\(values.count) values for an image of \(width) x \(height) x \(channels)")
    let pixels = values.map { value in value.isNaN ? 0 : Raster.byte((value + 1) * 127.5) }
    self.init(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// Creates an image from floats, rounded to the nearest of 256 steps; values beyond [-1, 1] are clamped.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row, at least 1.
  ///   - height: Rows, at least 1.
  ///   - channels: 1, 3 or 4.
  ///   - values: `height * width * channels` values in [-1, 1], `[H, W, C]`; NaN becomes 0.
  public init(width: Int, height: Int, channels: Int, signedFloats values: [Float]) {
    self = values.withUnsafeBufferPointer {
      Image(width: width, height: height, channels: channels, signedFloats: $0)
    }
  }
}
