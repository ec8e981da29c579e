import Foundation

/// Smoothing that knows nothing of images: the control that a refinement has to beat, because a distance that rewards blur would not
/// tell them apart.
public enum SmoothingFilter: Sendable, Hashable {
  /// The median of 3 × 3 pixels, each channel on its own.
  case median
  /// Means of 5 × 5 pixels, weighted by their nearness in place and in colour.
  case bilateral

  /// Standard deviation of the bilateral weights in pixels.
  private static let spatialDeviation: Float = 1
  /// Standard deviation of the bilateral weights in colour, the root mean square over the channels in [-1, 1]: about twice the speckle
  /// that one-step students leave.
  private static let colourDeviation: Float = 0.2

  /// Smooths images; pixels beyond the border are the nearest ones within.
  ///
  /// - Parameters:
  ///   - images: `N · side · side · 3` values.
  ///   - side: Side of the images in pixels.
  /// - Returns: As many values.
  public func smoothed(_ images: [Float], side: Int) -> [Float] {
    var result = images
    let size = side * side * 3
    for start in stride(from: 0, to: images.count, by: size) {
      for row in 0..<side {
        for column in 0..<side {
          let centre = start + (row * side + column) * 3
          let colour = value(at: centre, in: images, row: row, column: column, start: start, side: side)
          for channel in 0..<3 { result[centre + channel] = colour[channel] }
        }
      }
    }
    return result
  }

  private func value(
    at centre: Int, in images: [Float], row: Int, column: Int, start: Int, side: Int
  ) -> [Float] {
    func neighbours(_ reach: Int) -> [(distance: Int, index: Int)] {
      (-reach...reach).flatMap { down in
        (-reach...reach).map { right in
          let (y, x) = (min(max(row + down, 0), side - 1), min(max(column + right, 0), side - 1))
          return (down * down + right * right, start + (y * side + x) * 3)
        }
      }
    }
    switch self {
    case .median:
      let window = neighbours(1)
      return (0..<3).map { channel in window.map { images[$0.index + channel] }.sorted()[4] }
    case .bilateral:
      var sum: [Float] = [0, 0, 0]
      var total: Float = 0
      for (distance, index) in neighbours(2) {
        let colour = (0..<3).reduce(Float(0)) { sum, channel in
          let difference = images[index + channel] - images[centre + channel]
          return sum + difference * difference / 3
        }
        let weight = exp(
          -Float(distance) / (2 * Self.spatialDeviation * Self.spatialDeviation)
            - colour / (2 * Self.colourDeviation * Self.colourDeviation))
        for channel in 0..<3 { sum[channel] += weight * images[index + channel] }
        total += weight
      }
      return sum.map { $0 / total }
    }
  }
}
