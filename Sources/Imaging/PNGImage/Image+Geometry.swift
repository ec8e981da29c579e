extension Image {
  /// Returns the image at an exact size; colours are premultiplied by alpha while they are mixed.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row of the result, at least 1.
  ///   - height: Rows of the result, at least 1.
  ///   - filter: How values are mixed.
  /// - Returns: The resized image, with as many channels.
  /// - Complexity: O(result pixels × scale).
  public func resized(width: Int, height: Int, filter: ResamplingFilter = .lanczos) -> Image {
    precondition(width > 0 && height > 0, "an image of \(width) x \(height) pixels")
    return Raster(self).resized(width: width, height: height, filter: filter).image()
  }

  /// Returns the image enlarged by a whole factor, each pixel a square block.
  ///
  /// - Parameter factor: At least 1.
  /// - Returns: An image of `factor` times the width and height.
  public func enlarged(by factor: Int) -> Image {
    precondition(factor > 0, "an enlargement by \(factor)")
    var result = [UInt8](repeating: 0, count: pixels.count * factor * factor)
    let newWidth = width * factor
    for y in 0..<(height * factor) {
      for x in 0..<newWidth {
        let source = ((y / factor) * width + x / factor) * channels
        let target = (y * newWidth + x) * channels
        for channel in 0..<channels { result[target + channel] = pixels[source + channel] }
      }
    }
    return Image(width: newWidth, height: height * factor, channels: channels, pixels: result)
  }

  /// Returns the image at half the size, each pixel the mean of two by two; halves round up.
  ///
  /// Colours are averaged premultiplied if there is alpha. An odd last row or column is left out.
  ///
  /// - Returns: The image at half the size, at least 1 x 1.
  public func boxHalved() -> Image {
    guard width > 1, height > 1 else { return self }
    let even = cropped(x: 0, y: 0, width: width / 2 * 2, height: height / 2 * 2)
    return even.resized(width: width / 2, height: height / 2, filter: .area)
  }

  /// Returns a part of the image.
  ///
  /// - Parameters:
  ///   - x: First column.
  ///   - y: First row.
  ///   - newWidth: Columns; all must lie in the image.
  ///   - newHeight: Rows; all must lie in the image.
  /// - Returns: The part.
  public func cropped(x: Int, y: Int, width newWidth: Int, height newHeight: Int) -> Image {
    precondition(
      x >= 0 && y >= 0 && newWidth > 0 && newHeight > 0 && x + newWidth <= width && y + newHeight <= height,
      "a part of \(newWidth) x \(newHeight) at (\(x), \(y)) of an image of \(width) x \(height)")
    guard newWidth != width || newHeight != height else { return self }
    var result: [UInt8] = []
    result.reserveCapacity(newWidth * newHeight * channels)
    for row in y..<(y + newHeight) {
      let start = (row * width + x) * channels
      result.append(contentsOf: pixels[start..<(start + newWidth * channels)])
    }
    return Image(width: newWidth, height: newHeight, channels: channels, pixels: result)
  }

  /// Returns the image with left and right exchanged.
  ///
  /// - Returns: The mirrored image.
  public func mirrored() -> Image {
    var result = self
    for y in 0..<height {
      for x in 0..<width {
        for channel in 0..<channels {
          result.pixels[(y * width + x) * channels + channel] = pixels[(y * width + width - 1 - x) * channels + channel]
        }
      }
    }
    return result
  }

  /// Returns the image moved by whole pixels; what leaves is lost.
  ///
  /// - Parameters:
  ///   - right: Columns to the right; negative to the left.
  ///   - down: Rows downwards; negative upwards.
  ///   - fill: The colour of what comes in, one value for each channel.
  /// - Returns: An image of the same size.
  public func shifted(right: Int, down: Int, fill: [UInt8]) -> Image {
    precondition(fill.count == channels, "\(fill.count) fill values for \(channels) channels")
    var result = Image(width: width, height: height, colour: fill)
    result.draw(self, x: right, y: down)
    return result
  }

  /// Copies another image into this one; what lies outside is cut off.
  ///
  /// Alpha is copied, not blended.
  ///
  /// - Parameters:
  ///   - other: An image with as many channels.
  ///   - x: Column of its left edge, may be negative.
  ///   - y: Row of its top edge, may be negative.
  public mutating func draw(_ other: Image, x: Int, y: Int) {
    precondition(other.channels == channels, "\(other.channels) channels drawn on \(channels)")
    let firstColumn = max(0, -x)
    let lastColumn = min(other.width, width - x)
    guard firstColumn < lastColumn else { return }
    let count = (lastColumn - firstColumn) * channels
    for row in max(0, -y)..<max(max(0, -y), min(other.height, height - y)) {
      let source = (row * other.width + firstColumn) * channels
      let target = ((row + y) * width + firstColumn + x) * channels
      for offset in 0..<count { pixels[target + offset] = other.pixels[source + offset] }
    }
  }

  /// Returns the image as three channels over one colour.
  ///
  /// - Parameter colour: Red, green, blue of the background.
  /// - Returns: An image of three channels; grey becomes three equal channels.
  public func composited(over colour: (red: UInt8, green: UInt8, blue: UInt8) = (255, 255, 255)) -> Image {
    guard channels != 3 else { return self }
    var result = [UInt8](repeating: 0, count: width * height * 3)
    let background = [Int(colour.red), Int(colour.green), Int(colour.blue)]
    for index in 0..<(width * height) {
      for channel in 0..<3 {
        if channels == 1 {
          result[index * 3 + channel] = pixels[index]
        } else {
          let alpha = Int(pixels[index * 4 + 3])
          let sum = Int(pixels[index * 4 + channel]) * alpha + background[channel] * (255 - alpha)
          result[index * 3 + channel] = UInt8((sum + 127) / 255)
        }
      }
    }
    return Image(width: width, height: height, channels: 3, pixels: result)
  }

  /// Returns the image with four channels; what had no alpha is opaque.
  ///
  /// - Returns: An image of four channels.
  public func withAlpha() -> Image {
    guard channels != 4 else { return self }
    let colour = composited()
    var result = [UInt8](repeating: 255, count: width * height * 4)
    for index in 0..<(width * height) {
      for channel in 0..<3 { result[index * 4 + channel] = colour.pixels[index * 3 + channel] }
    }
    return Image(width: width, height: height, channels: 4, pixels: result)
  }
}
