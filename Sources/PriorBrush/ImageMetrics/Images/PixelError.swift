import Glibc
public import PNGImage

/// How far two images are apart, pixel by pixel.
public struct PixelError: Sendable, Equatable {
  /// The mean of the squared differences over all pixels and channels, in squared units of the data.
  public let meanSquared: Double
  /// The mean of the absolute differences over all pixels and channels, in units of the data.
  public let meanAbsolute: Double
  /// Largest possible minus smallest possible value of the data.
  public let dataRange: Double

  /// The peak signal-to-noise ratio in decibels; +infinity for identical images.
  ///
  /// - Source: 10 log10(R² / MSE), as in scikit-image.
  public var peakSignalToNoise: Double {
    isIdentical ? .infinity : 10 * log10(dataRange * dataRange / meanSquared)
  }

  /// Whether the images are identical, so that the signal-to-noise ratio is not a finite number.
  public var isIdentical: Bool { meanSquared == 0 }

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
    var squared = 0.0
    var absolute = 0.0
    for (a, b) in zip(image.values, reference.values) {
      squared += (a - b) * (a - b)
      absolute += abs(a - b)
    }
    let count = Double(image.values.count)
    self.init(meanSquared: squared / count, meanAbsolute: absolute / count, dataRange: image.dataRange)
  }

  /// Pools comparisons of equally large images: the error over all their pixels together.
  ///
  /// The signal-to-noise ratio of the pool stays finite when some, but not all, of the images are identical.
  ///
  /// - Parameter comparisons: Comparisons with one data range.
  /// - Returns: The pooled comparison, or nil if there is none or the ranges differ.
  public static func pooled(_ comparisons: [PixelError]) -> PixelError? {
    guard let first = comparisons.first, comparisons.allSatisfy({ $0.dataRange == first.dataRange }) else { return nil }
    let count = Double(comparisons.count)
    return PixelError(
      meanSquared: comparisons.reduce(0) { $0 + $1.meanSquared } / count,
      meanAbsolute: comparisons.reduce(0) { $0 + $1.meanAbsolute } / count, dataRange: first.dataRange)
  }

  private init(meanSquared: Double, meanAbsolute: Double, dataRange: Double) {
    self.meanSquared = meanSquared
    self.meanAbsolute = meanAbsolute
    self.dataRange = dataRange
  }
}
