public import PNGImage

/// An image as numbers together with the width of their range; what the metrics compare.
///
/// Kept as one plane of doubles for each channel, so that sums over 8-bit values are exact.
public struct SampledImage: Sendable {
  /// Columns.
  public let width: Int
  /// Rows.
  public let height: Int
  /// Channels; alpha counts like any other.
  public let channels: Int
  /// Largest possible minus smallest possible value: 255 for 8-bit images, 1 for [0, 1], 2 for [-1, 1].
  public let dataRange: Double

  /// `[C, H, W]`.
  let values: [Double]

  /// Takes an 8-bit image; the range of its data is 255.
  ///
  /// - Parameter image: The image.
  public init(_ image: Image) {
    self.init(
      width: image.width, height: image.height, channels: image.channels, dataRange: 255,
      values: SampledImage.planes(image.pixels, channels: image.channels) { Double($0) })
  }

  /// Takes floats.
  ///
  /// - Parameters:
  ///   - width: Columns, at least 1.
  ///   - height: Rows, at least 1.
  ///   - channels: Channels, at least 1.
  ///   - values: `height * width * channels` values, `[H, W, C]`.
  ///   - dataRange: Largest possible minus smallest possible value, such as 2 for [-1, 1].
  /// - Throws: `MetricError` with code `.notFinite` or `.badDataRange`.
  public init(width: Int, height: Int, channels: Int, values: [Float], dataRange: Double) throws(MetricError) {
    precondition(
      width > 0 && height > 0 && channels > 0 && values.count == width * height * channels,
      "\(values.count) values for an image of \(width) x \(height) x \(channels)")
    guard dataRange.isFinite, dataRange > 0 else {
      throw MetricError(
        .badDataRange, "a data range of \(dataRange) is not a positive number; give 2 for values in [-1, 1]")
    }
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      let pixel = index / channels
      throw MetricError(
        .notFinite,
        "the value at column \(pixel % width), row \(pixel / width), channel \(index % channels) is \(values[index]); "
          + "only finite values can be compared")
    }
    self.init(
      width: width, height: height, channels: channels, dataRange: dataRange,
      values: SampledImage.planes(values, channels: channels) { Double($0) })
  }

  private init(width: Int, height: Int, channels: Int, dataRange: Double, values: [Double]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.dataRange = dataRange
    self.values = values
  }

  /// Throws unless both images have one shape and one range.
  func check(against other: SampledImage) throws(MetricError) {
    guard width == other.width, height == other.height, channels == other.channels else {
      throw MetricError(
        .shapeMismatch,
        "an image of \(width) x \(height) x \(channels) cannot be compared with one of \(other.width) x \(other.height) x "
          + "\(other.channels); bring both to one size and number of channels")
    }
    guard dataRange == other.dataRange else {
      throw MetricError(
        .badDataRange,
        "a data range of \(dataRange) cannot be compared with one of \(other.dataRange); bring both to one range")
    }
  }

  private static func planes<Value>(
    _ values: [Value], channels: Int, _ convert: (Value) -> Double
  ) -> [Double] {
    let count = values.count / channels
    return [Double](unsafeUninitializedCapacity: values.count) { target, initialized in
      values.withUnsafeBufferPointer { source in
        for channel in 0..<channels {
          for index in 0..<count { target[channel * count + index] = convert(source[index * channels + channel]) }
        }
      }
      initialized = values.count
    }
  }
}
