import Glibc

/// Resizes 8-bit images exactly as the Python library Pillow does, which the published preprocessing is defined by.
///
/// - Source: Pillow's `Resample.c`: a cubic filter with a = -0.5, widened when shrinking, in whole numbers of 22 bits.
enum PillowResampling {
  /// One output pixel's part of the input.
  private struct Taps {
    var first: Int
    var weights: [Int]
  }

  private static let precision = 22

  /// Returns the image at another size with the bicubic filter.
  ///
  /// - Parameters:
  ///   - pixels: `[H, W, C]`.
  ///   - width: Columns of the input.
  ///   - height: Rows of the input.
  ///   - channels: Values of a pixel.
  ///   - newWidth: Columns of the result.
  ///   - newHeight: Rows of the result.
  /// - Returns: `newHeight * newWidth * channels` values.
  static func bicubic(
    _ pixels: [UInt8], width: Int, height: Int, channels: Int, newWidth: Int, newHeight: Int
  ) -> [UInt8] {
    var result = pixels
    if newWidth != width {
      result = resampled(
        result, count: height, stride: width * channels, newStride: newWidth * channels, step: channels,
        lanes: channels, taps(width, newWidth))
    }
    if newHeight != height {
      result = resampled(
        result, count: 1, stride: 0, newStride: 0, step: newWidth * channels, lanes: newWidth * channels,
        taps(height, newHeight))
    }
    return result
  }

  /// Filters `count` lines whose places are `step` apart and hold `lanes` values each.
  private static func resampled(
    _ source: [UInt8], count: Int, stride: Int, newStride: Int, step: Int, lanes: Int, _ taps: [Taps]
  ) -> [UInt8] {
    var result = [UInt8](repeating: 0, count: count * taps.count * step)
    for line in 0..<count {
      for (place, tap) in taps.enumerated() {
        for lane in 0..<lanes {
          var sum = 1 << (precision - 1)
          for (offset, weight) in tap.weights.enumerated() {
            sum += weight * Int(source[line * stride + (tap.first + offset) * step + lane])
          }
          result[line * newStride + place * step + lane] = UInt8(clamping: sum >> precision)
        }
      }
    }
    return result
  }

  private static func taps(_ size: Int, _ target: Int) -> [Taps] {
    let scale = Double(size) / Double(target)
    let widening = max(scale, 1)
    let support = 2 * widening
    return (0..<target).map { index in
      let centre = (Double(index) + 0.5) * scale
      let first = max(Int(centre - support + 0.5), 0)
      let last = min(Int(centre + support + 0.5), size)
      let weights = (first..<last).map { cubic((Double($0) - centre + 0.5) / widening) }
      let total = weights.reduce(0, +)
      return Taps(
        first: first,
        weights: weights.map { weight in
          let scaled = weight / total * Double(1 << precision)
          return Int(scaled < 0 ? scaled - 0.5 : scaled + 0.5)
        })
    }
  }

  private static func cubic(_ place: Double) -> Double {
    let x = abs(place)
    if x < 1 { return (1.5 * x - 2.5) * x * x + 1 }
    if x < 2 { return ((-0.5 * x + 2.5) * x - 4) * x + 2 }
    return 0
  }
}
