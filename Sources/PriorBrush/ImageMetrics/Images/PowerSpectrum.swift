import Glibc
public import PNGImage

/// The power of luma by spatial frequency, averaged over directions and images: tells blur from speckle without a network.
///
///     let difference = try PowerSpectrum(of: made).difference(from: PowerSpectrum(of: real))
///     print(difference.signedFineDetail)        // below 0: blurred; above 0: speckled
public struct PowerSpectrum: Sendable {
  /// For each ring of frequencies the mean over images and directions of `10 log10(power + 1e-10)`, in decibels.
  ///
  /// Ring `r`, from 1, holds the frequencies that round to `r` periods over the shorter side; the last ring is that of
  /// stripes one pixel wide. Power is `|F|² / (W · H)` of luma in [0, 1].
  public let decibels: [Double]
  /// The width of the images, in pixels.
  public let width: Int
  /// The height of the images, in pixels.
  public let height: Int

  /// Measures images.
  ///
  /// - Parameter images: Images of one size, at least 4 x 4.
  /// - Throws: `MetricError` with code `.tooFew` if there is none, `.tooSmall` or `.shapeMismatch`.
  /// - Complexity: O(n · H · W · log(H · W)).
  public init(of images: [Image]) throws(MetricError) {
    guard let first = images.first else {
      throw MetricError(.tooFew, "a power spectrum of no image; give at least one")
    }
    guard min(first.width, first.height) >= 4 else {
      throw MetricError(
        .tooSmall, "an image of \(first.width) x \(first.height) pixels has no spectrum; measure at least 4 x 4")
    }
    if let other = images.first(where: { $0.width != first.width || $0.height != first.height }) {
      throw MetricError(
        .shapeMismatch,
        "spectra of images of \(first.width) x \(first.height) and \(other.width) x \(other.height) pixels cannot be "
          + "averaged; bring all to one size")
    }
    (width, height) = (first.width, first.height)
    let (rows, columns) = (FourierTransform(count: width), FourierTransform(count: height))
    let rings = PowerSpectrum.rings(width, height)
    let ringCount = min(width, height) / 2
    var sums = [Double](repeating: 0, count: ringCount + 1)
    var counts = [Int](repeating: 0, count: ringCount + 1)
    for ring in rings where ring <= ringCount { counts[ring] += 1 }
    let scale = 1 / Double(width * height)
    for image in images {
      let power = PowerSpectrum.power(Luma.values(of: image), width, height, rows, columns)
      for (ring, value) in zip(rings, power) where ring <= ringCount { sums[ring] += 10 * log10(value * scale + 1e-10) }
    }
    decibels = (1...ringCount).map { sums[$0] / Double(counts[$0] * images.count) }
  }

  /// How one spectrum departs from another.
  public struct Difference: Sendable {
    /// The mean absolute difference over all rings, in decibels.
    public let overall: Double
    /// The mean absolute difference over the upper half of the rings, in decibels.
    public let fineDetail: Double
    /// The mean difference over the upper half of the rings, in decibels; negative for blur, positive for speckle.
    public let signedFineDetail: Double
  }

  /// Compares with the spectrum of real images.
  ///
  /// - Parameter reference: A spectrum of images of the same size.
  /// - Returns: The differences.
  /// - Throws: `MetricError` with code `.shapeMismatch`.
  public func difference(from reference: PowerSpectrum) throws(MetricError) -> Difference {
    guard width == reference.width, height == reference.height else {
      throw MetricError(
        .shapeMismatch,
        "spectra of \(width) x \(height) and \(reference.width) x \(reference.height) pixels cannot be compared; bring the "
          + "images to one size")
    }
    let differences = zip(decibels, reference.decibels).map { $0 - $1 }
    let fine = differences[(differences.count / 2)...]
    return Difference(
      overall: differences.reduce(0) { $0 + abs($1) } / Double(differences.count),
      fineDetail: fine.reduce(0) { $0 + abs($1) } / Double(fine.count),
      signedFineDetail: fine.reduce(0, +) / Double(fine.count))
  }

  /// Returns the ring of each frequency, `[H, W]`; 0 is the mean.
  private static func rings(_ width: Int, _ height: Int) -> [Int] {
    let side = Double(min(width, height))
    return (0..<height).flatMap { y in
      (0..<width).map { x in
        let fx = Double(min(x, width - x)) / Double(width)
        let fy = Double(min(y, height - y)) / Double(height)
        return Int(((fx * fx + fy * fy).squareRoot() * side).rounded())
      }
    }
  }

  private static func power(
    _ luma: [Double], _ width: Int, _ height: Int, _ rows: FourierTransform, _ columns: FourierTransform
  ) -> [Double] {
    var real = luma.map { $0 / 255 }
    var imaginary = [Double](repeating: 0, count: luma.count)
    let silent = [Double](repeating: 0, count: width)
    for y in 0..<height {
      let row = rows(.init(real: Array(real[y * width..<(y + 1) * width]), imaginary: silent))
      for x in 0..<width { (real[y * width + x], imaginary[y * width + x]) = (row.real[x], row.imaginary[x]) }
    }
    var power = [Double](repeating: 0, count: luma.count)
    for x in 0..<width {
      let places = stride(from: x, to: luma.count, by: width)
      let column = columns(.init(real: places.map { real[$0] }, imaginary: places.map { imaginary[$0] }))
      for y in 0..<height {
        power[y * width + x] = column.real[y] * column.real[y] + column.imaginary[y] * column.imaginary[y]
      }
    }
    return power
  }
}
