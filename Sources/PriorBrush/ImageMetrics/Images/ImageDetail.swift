public import PNGImage

/// Sharpness and colour of one image, without any reference.
public struct ImageDetail: Sendable, Equatable {
  /// The variance of the Laplacian of luma, in squared 8-bit steps: low for blur, high for speckle.
  public let laplacianVariance: Double
  /// The mean over pixels of the absolute steps of luma to the right and downwards, in 8-bit steps.
  public let totalVariation: Double
  /// The mean saturation `(max - min) / max` of the HSV hexcone, in [0, 1]; 0 for grey images.
  public let saturation: Double
  /// The share of pixels with a channel at 0 or 255, in [0, 1].
  public let clippedShare: Double

  /// Measures an image.
  ///
  /// Luma is `0.299 R + 0.587 G + 0.114 B`; the Laplacian is that of four neighbours with the border reflected about the
  /// outermost pixels. Alpha is ignored.
  ///
  /// - Parameter image: An image of at least 2 x 2 pixels.
  /// - Throws: `MetricError` with code `.tooSmall`.
  /// - Source: Pech-Pacheco et al., "Diatom autofocusing in brightfield microscopy", ICPR 2000, for the sharpness; agrees
  ///   with SciPy's `laplace` in mode `mirror` and with scikit-image's `rgb2hsv`.
  public init(_ image: Image) throws(MetricError) {
    guard image.width > 1, image.height > 1 else {
      throw MetricError(
        .tooSmall, "an image of \(image.width) x \(image.height) pixels has no detail; measure at least 2 x 2")
    }
    let (width, height) = (image.width, image.height)
    let luma = Luma.values(of: image)
    var (sum, squares, steps) = (0.0, 0.0, 0.0)
    luma.withUnsafeBufferPointer { luma in
      for y in 0..<height {
        let up = (y == 0 ? 1 : y - 1) * width
        let down = (y == height - 1 ? height - 2 : y + 1) * width
        for x in 0..<width {
          let left = x == 0 ? 1 : x - 1
          let right = x == width - 1 ? width - 2 : x + 1
          let here = luma[y * width + x]
          let value = luma[up + x] + luma[down + x] + luma[y * width + left] + luma[y * width + right] - 4 * here
          sum += value
          squares += value * value
          if x + 1 < width { steps += abs(luma[y * width + x + 1] - here) }
          if y + 1 < height { steps += abs(luma[down + x] - here) }
        }
      }
    }
    let count = Double(width * height)
    laplacianVariance = squares / count - (sum / count) * (sum / count)
    totalVariation = steps / count
    let colours = image.channels == 1 ? 1 : 3
    var (saturations, clipped) = (0.0, 0)
    image.pixels.withUnsafeBufferPointer { pixels in
      for start in stride(from: 0, to: pixels.count, by: image.channels) {
        var (low, high) = (pixels[start], pixels[start])
        for channel in 1..<colours {
          low = min(low, pixels[start + channel])
          high = max(high, pixels[start + channel])
        }
        if high > 0 { saturations += Double(high - low) / Double(high) }
        if low == 0 || high == 255 { clipped += 1 }
      }
    }
    saturation = saturations / count
    clippedShare = Double(clipped) / count
  }
}

/// The brightness of pixels.
enum Luma {
  /// Returns `0.299 R + 0.587 G + 0.114 B` in 8-bit steps; the only channel of a grey image.
  static func values(of image: Image) -> [Double] {
    guard image.channels > 1 else { return image.pixels.map(Double.init) }
    let pixels = image.pixels
    return stride(from: 0, to: pixels.count, by: image.channels).map { (start: Int) -> Double in
      let red = 0.299 * Double(pixels[start])
      let green = 0.587 * Double(pixels[start + 1])
      return red + green + 0.114 * Double(pixels[start + 2])
    }
  }
}
