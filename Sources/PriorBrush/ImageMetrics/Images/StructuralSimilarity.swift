import Glibc
public import PNGImage

/// A window of the structural similarity; the two are different metrics and must not be mixed.
public enum SimilarityWindow: String, Sendable, CaseIterable {
  /// A mean over 7 x 7 pixels with sample covariance (factor 49/48), the default of scikit-image.
  case uniform7 = "ssim-uniform7"
  /// A Gaussian with a standard deviation of 1.5 pixels, cut to 11 x 11, with population covariance (Wang et al. 2004).
  case gaussian = "ssim-gauss"

  /// The side of the window, in pixels.
  public var side: Int {
    switch self {
    case .uniform7: 7
    case .gaussian: 11
    }
  }
}

/// Returns the structural similarity of two 8-bit images.
///
/// The mean of the local index over all windows that lie wholly in the image, for each channel, averaged over channels.
///
///     let score = try structuralSimilarity(student, teacher)   // 0.83
///
/// - Parameters:
///   - image: An image.
///   - reference: An image of the same shape.
///   - window: The window of the local index.
/// - Returns: The index, in [-1, 1]; 1 means equal. Dimensionless.
/// - Throws: `MetricError` with code `.shapeMismatch` if the shapes differ, `.tooSmall` if a side is below the window's.
/// - Complexity: O(H · W · C).
/// - Source: Wang et al., "Image quality assessment", IEEE TIP 2004; agrees with scikit-image 0.26 to 1e-6.
public func structuralSimilarity(
  _ image: Image, _ reference: Image, window: SimilarityWindow = .uniform7
) throws(MetricError) -> Double {
  try structuralSimilarity(SampledImage(image), SampledImage(reference), window: window)
}

/// Returns the structural similarity of two images of numbers, in double precision.
///
/// - Parameters:
///   - image: An image.
///   - reference: An image of the same shape and data range.
///   - window: The window of the local index.
/// - Returns: The index, in [-1, 1]; 1 means equal. Dimensionless.
/// - Throws: `MetricError` with code `.shapeMismatch`, `.badDataRange` or `.tooSmall`.
/// - Complexity: O(H · W · C).
/// - Source: Wang et al., "Image quality assessment", IEEE TIP 2004; agrees with scikit-image 0.26, which works in single
///   precision for such input, to 2e-4.
public func structuralSimilarity(
  _ image: SampledImage, _ reference: SampledImage, window: SimilarityWindow = .uniform7
) throws(MetricError) -> Double {
  try image.check(against: reference)
  guard min(image.width, image.height) >= window.side else {
    throw MetricError(
      .tooSmall,
      "an image of \(image.width) x \(image.height) pixels is smaller than the window of \(window.side) x \(window.side) of "
        + "\(window.rawValue); compare larger images")
  }
  let terms = LocalIndex(dataRange: image.dataRange, covarianceFactor: window == .uniform7 ? 49.0 / 48 : 1)
  let count = image.width * image.height
  var total = 0.0
  image.values.withUnsafeBufferPointer { first in
    reference.values.withUnsafeBufferPointer { second in
      for channel in 0..<image.channels {
        let range = (channel * count)..<((channel + 1) * count)
        let planes = PlanePair(
          first: UnsafeBufferPointer(rebasing: first[range]), second: UnsafeBufferPointer(rebasing: second[range]),
          width: image.width, height: image.height)
        switch window {
        case .uniform7: total += planes.uniformMean(side: 7, terms)
        case .gaussian: total += planes.weightedMean(GaussianWeights.radius5, terms)
        }
      }
    }
  }
  return total / Double(image.channels)
}

/// The formula of the local index with its constants.
struct LocalIndex {
  private let luminance: Double
  private let contrast: Double
  private let covarianceFactor: Double

  init(dataRange: Double, covarianceFactor: Double) {
    luminance = 0.01 * dataRange * (0.01 * dataRange)
    contrast = 0.03 * dataRange * (0.03 * dataRange)
    self.covarianceFactor = covarianceFactor
  }

  /// Returns the index of a window from its mean values; exactly 1 if both images are equal there.
  ///
  /// `squares` is the mean of x² + y², whose two parts are needed together only.
  @inline(__always)
  func value(_ x: Double, _ y: Double, _ squares: Double, _ products: Double) -> Double {
    let means = x * x + y * y
    let variances = covarianceFactor * (squares - means)
    let covariance = covarianceFactor * (products - x * y)
    let numerator = (2 * x * y + luminance) * (2 * covariance + contrast)
    return numerator / ((means + luminance) * (variances + contrast))
  }
}

/// The weights of the Gaussian window, as SciPy computes them.
enum GaussianWeights {
  /// Eleven weights with a standard deviation of 1.5 whose sum is 1.
  static let radius5: [Double] = {
    let weights = (-5...5).map { exp(-0.5 * Double($0 * $0) / 2.25) }
    let total = weights.reduce(0, +)
    return weights.map { $0 / total }
  }()
}
