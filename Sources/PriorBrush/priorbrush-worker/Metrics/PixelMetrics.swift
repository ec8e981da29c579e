import ImageMetrics
import PNGImage
import WorkerProtocol

/// The metrics that need no network.
enum PixelMetrics {
  /// Random directions of the sliced distance: one of the four repetitions of the published 512, with its standard error beside it.
  private static let directions = 128

  /// Sliced Wasserstein distance and fine detail of equally many images of one size.
  static func sets(_ images: [Image], _ real: [Image], seed: UInt64) throws -> [TaskMeasurements.Metric] {
    let sliced = try SlicedWassersteinDistance(images, real, directions: directions, seed: seed)
    let spectrum = try PowerSpectrum(of: images).difference(from: PowerSpectrum(of: real))
    return [
      .init(name: "sliced", value: sliced.mean), .init(name: "sliced.error", value: sliced.standardError),
      .init(name: "detail", value: spectrum.signedFineDetail, unit: "dB"),
    ]
  }

  /// SSIM and PSNR of pairs; the latter of all pairs together, left out if they are identical.
  static func pairs(
    _ images: [Image], _ real: [Image], suffix: String
  ) throws -> [TaskMeasurements.Metric] {
    let similarities = try zip(images, real).map { try structuralSimilarity($0, $1) }
    let mean = similarities.reduce(0, +) / Double(similarities.count)
    var metrics: [TaskMeasurements.Metric] = [.init(name: "ssim" + suffix, value: mean)]
    if let pooled = PixelError.pooled(try zip(images, real).map { try PixelError($0, $1) }) {
      metrics.append(.init(name: "psnr" + suffix, value: pooled.peakSignalToNoise, unit: "dB"))
      metrics.append(.init(name: "mae" + suffix, value: pooled.meanAbsolute / pooled.dataRange))
    }
    return metrics
  }

  /// Means of sharpness, variation, saturation and clipping over images.
  static func detail(of images: [Image], suffix: String = "") throws -> [TaskMeasurements.Metric] {
    let details = try images.map { try ImageDetail($0) }
    func mean(_ name: String, _ value: (ImageDetail) -> Double) -> TaskMeasurements.Metric {
      .init(name: name + suffix, value: details.reduce(0) { $0 + value($1) } / Double(details.count))
    }
    return [
      mean("sharpness", \.laplacianVariance), mean("variation", \.totalVariation), mean("saturation", \.saturation),
      mean("clipped", \.clippedShare),
    ]
  }
}
