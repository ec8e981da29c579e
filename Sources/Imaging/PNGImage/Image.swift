/// An 8-bit image, rows from top to bottom, channels interleaved (`[H, W, C]`).
///
/// One channel is grey, three are red, green and blue, four add straight (not premultiplied) alpha. Values are sRGB.
public struct Image: Sendable, Equatable {
  /// The longest side that is read or written, in pixels.
  public static let maximumSide = 16_384

  /// Pixels in a row.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Values in a pixel: 1, 3 or 4.
  public let channels: Int
  /// All values, `height * width * channels` of them.
  public internal(set) var pixels: [UInt8]

  /// Creates an image from its values.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row, at least 1.
  ///   - height: Rows, at least 1.
  ///   - channels: 1, 3 or 4.
  ///   - pixels: `height * width * channels` values, `[H, W, C]`.
  public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
    precondition(width > 0 && height > 0, "an image of \(width) x \(height) pixels")
    precondition(channels == 1 || channels == 3 || channels == 4, "an image with \(channels) channels")
    precondition(
      pixels.count == width * height * channels,
      "\(pixels.count) values for an image of \(width) x \(height) x \(channels)")
    self.width = width
    self.height = height
    self.channels = channels
    self.pixels = pixels
  }

  /// Creates an image of one colour.
  ///
  /// - Parameters:
  ///   - width: Pixels in a row, at least 1.
  ///   - height: Rows, at least 1.
  ///   - colour: The values of each pixel; their number is the number of channels.
  public init(width: Int, height: Int, colour: [UInt8]) {
    var pixels: [UInt8] = []
    pixels.reserveCapacity(width * height * colour.count)
    for _ in 0..<(width * height) { pixels.append(contentsOf: colour) }
    self.init(width: width, height: height, channels: colour.count, pixels: pixels)
  }

  /// The value of a channel of a pixel.
  ///
  /// - Parameters:
  ///   - x: Column, from 0 at the left.
  ///   - y: Row, from 0 at the top.
  ///   - channel: Channel, from 0.
  /// - Returns: The value, 0...255.
  public subscript(x: Int, y: Int, channel: Int) -> UInt8 {
    get {
      precondition(contains(x, y) && channel >= 0 && channel < channels, "no value at (\(x), \(y), \(channel))")
      return pixels[(y * width + x) * channels + channel]
    }
    set {
      precondition(contains(x, y) && channel >= 0 && channel < channels, "no value at (\(x), \(y), \(channel))")
      pixels[(y * width + x) * channels + channel] = newValue
    }
  }

  /// Whether the image has an alpha channel with a value below 255.
  public var isTranslucent: Bool {
    guard channels == 4 else { return false }
    return stride(from: 3, to: pixels.count, by: 4).contains { pixels[$0] < 255 }
  }

  private func contains(_ x: Int, _ y: Int) -> Bool {
    x >= 0 && x < width && y >= 0 && y < height
  }
}
