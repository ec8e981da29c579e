public import PNGImage

/// Where two images differ: the absolute difference of each pixel, averaged over channels.
public struct ErrorMap: Sendable, Equatable {
  /// The difference that is drawn white in every map; nothing is scaled to the image at hand.
  public static let fullScale: Float = 0.25

  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// The differences as shares of the data range, in [0, 1], `[H, W]`.
  public let values: [Float]

  /// Compares two 8-bit images.
  ///
  /// - Parameters:
  ///   - image: An image.
  ///   - reference: An image of the same shape.
  /// - Throws: `MetricError` with code `.shapeMismatch`.
  public init(_ image: Image, _ reference: Image) throws(MetricError) {
    try self.init(SampledImage(image), SampledImage(reference))
  }

  /// Compares two images of numbers.
  ///
  /// - Parameters:
  ///   - image: An image.
  ///   - reference: An image of the same shape and data range.
  /// - Throws: `MetricError` with code `.shapeMismatch` or `.badDataRange`.
  public init(_ image: SampledImage, _ reference: SampledImage) throws(MetricError) {
    try image.check(against: reference)
    let count = image.width * image.height
    let scale = 1 / (image.dataRange * Double(image.channels))
    width = image.width
    height = image.height
    values = (0..<count).map { index in
      var sum = 0.0
      for channel in 0..<image.channels {
        sum += abs(image.values[channel * count + index] - reference.values[channel * count + index])
      }
      return Float(sum * scale)
    }
  }

  /// Draws the map: 0 black, `fullScale` and more white.
  ///
  /// - Returns: An image of one channel, one pixel for each pixel.
  public func image() -> Image {
    Image(
      width: width, height: height, channels: 1,
      pixels: values.map { UInt8((min(max($0 / ErrorMap.fullScale, 0), 1) * 255).rounded()) })
  }

  /// Draws the map enlarged, with a bar beside it that shows the scale.
  ///
  /// - Parameter enlargement: How often each pixel is repeated in both directions, at least 1.
  /// - Returns: An image of three channels.
  public func figure(enlargement: Int = 4) -> Image {
    let map = image().composited().enlarged(by: enlargement)
    let labels = ["0.25+", "0.125", "0"]
    let barWidth = 8
    let height = max(map.height, 3 * (Image.textHeight + 2))
    let gap = 4
    let labelX = gap + map.width + gap + barWidth + 3
    let width = labelX + (labels.map { Image.textWidth($0) }.max() ?? 0) + gap
    var figure = Image(width: width, height: height + 2 * gap, colour: [248, 248, 246])
    figure.draw(map, x: gap, y: gap)
    for row in 0..<height {
      let grey = UInt8(255 - row * 255 / max(height - 1, 1))
      figure.fill(x: gap + map.width + gap, y: gap + row, width: barWidth, height: 1, colour: [grey, grey, grey])
    }
    for (index, label) in labels.enumerated() {
      let y = gap + index * (height - Image.textHeight) / (labels.count - 1)
      figure.draw(text: label, x: labelX, y: y, colour: [40, 40, 48])
    }
    return figure
  }
}
