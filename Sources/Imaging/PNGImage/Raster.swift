import Glibc

/// A filter for changing the size of an image.
public enum ResamplingFilter: Sendable {
  /// The exact mean over the area that an output pixel covers.
  case area
  /// A windowed sinc of three lobes, widened when shrinking; overshoot is clamped.
  case lanczos
}

/// Values as floats, colour premultiplied by alpha where there is alpha; what resampling works on.
package struct Raster {
  package let width: Int
  package let height: Int
  package let channels: Int
  /// `[H, W, C]`, 0...255.
  package var values: [Float]

  package init(_ image: Image) {
    width = image.width
    height = image.height
    channels = image.channels
    values = image.pixels.map(Float.init)
    guard channels == 4 else { return }
    for start in stride(from: 0, to: values.count, by: 4) {
      let alpha = values[start + 3] / 255
      for channel in 0..<3 { values[start + channel] *= alpha }
    }
  }

  private init(width: Int, height: Int, channels: Int, values: [Float]) {
    self.width = width
    self.height = height
    self.channels = channels
    self.values = values
  }

  /// Returns the raster at another size, values clamped to what premultiplied colours can be.
  package func resized(width newWidth: Int, height newHeight: Int, filter: ResamplingFilter) -> Raster {
    var result = resampled(rows: false, to: newWidth, filter: filter).resampled(
      rows: true, to: newHeight, filter: filter)
    result.clampValues()
    return result
  }

  /// Returns the image with straight alpha, values rounded to the nearest integer.
  package func image() -> Image {
    var pixels = [UInt8](repeating: 0, count: values.count)
    guard channels == 4 else {
      for index in pixels.indices { pixels[index] = Raster.byte(values[index]) }
      return Image(width: width, height: height, channels: channels, pixels: pixels)
    }
    for start in stride(from: 0, to: values.count, by: 4) {
      let alpha = Raster.byte(values[start + 3])
      guard alpha > 0 else { continue }
      pixels[start + 3] = alpha
      for channel in 0..<3 { pixels[start + channel] = Raster.byte(values[start + channel] * 255 / values[start + 3]) }
    }
    return Image(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// Returns a value of 0...255 as the nearest byte; halves go up.
  package static func byte(_ value: Float) -> UInt8 {
    UInt8(min(max(value, 0), 255) + 0.5)
  }

  private mutating func clampValues() {
    guard channels == 4 else {
      for index in values.indices { values[index] = min(max(values[index], 0), 255) }
      return
    }
    for start in stride(from: 0, to: values.count, by: 4) {
      let alpha = min(max(values[start + 3], 0), 255)
      values[start + 3] = alpha
      for channel in 0..<3 { values[start + channel] = min(max(values[start + channel], 0), alpha) }
    }
  }

  private func resampled(rows: Bool, to size: Int, filter: ResamplingFilter) -> Raster {
    let length = rows ? height : width
    guard size != length else { return self }
    let taps = Raster.taps(from: length, to: size, filter: filter)
    let newWidth = rows ? width : size
    let newHeight = rows ? size : height
    let step = rows ? width * channels : channels
    var result = [Float](repeating: 0, count: newWidth * newHeight * channels)
    values.withUnsafeBufferPointer { source in
      result.withUnsafeMutableBufferPointer { target in
        for y in 0..<newHeight {
          for x in 0..<newWidth {
            let tap = taps[rows ? y : x]
            let base = rows ? (tap.first * width + x) * channels : (y * width + tap.first) * channels
            for channel in 0..<channels {
              var sum: Float = 0
              for (offset, weight) in tap.weights.enumerated() {
                sum += weight * source[base + offset * step + channel]
              }
              target[(y * newWidth + x) * channels + channel] = sum
            }
          }
        }
      }
    }
    return Raster(width: newWidth, height: newHeight, channels: channels, values: result)
  }

  private static func taps(from length: Int, to size: Int, filter: ResamplingFilter) -> [(first: Int, weights: [Float])]
  {
    let scale = Double(length) / Double(size)
    return (0..<size).map { index in
      var first: Int
      var weights: [Double] = []
      switch filter {
      case .area:
        let start = Double(index) * scale
        let end = min(start + scale, Double(length))
        first = min(Int(start), length - 1)
        let last = max(min(Int(end.rounded(.up)), length), first + 1)
        weights = (first..<last).map { max(min(end, Double($0 + 1)) - max(start, Double($0)), 0) }
      case .lanczos:
        let width = max(scale, 1)
        let centre = (Double(index) + 0.5) * scale
        first = max(Int((centre - 3 * width).rounded(.down)), 0)
        let last = min(Int((centre + 3 * width).rounded(.up)), length)
        weights = (first..<last).map { lanczos((Double($0) + 0.5 - centre) / width) }
      }
      let total = weights.reduce(0, +)
      return (first, weights.map { Float($0 / total) })
    }
  }

  private static func lanczos(_ x: Double) -> Double {
    guard abs(x) < 3 else { return 0 }
    guard x != 0 else { return 1 }
    let angle = Double.pi * x
    return 3 * sin(angle) * sin(angle / 3) / (angle * angle)
  }
}
