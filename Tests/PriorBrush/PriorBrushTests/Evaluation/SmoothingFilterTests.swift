import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Smoothing filter` {
  private static let side = 8

  /// A grey image, brighter from column 4 on by `step`, with what `change` makes of each value.
  private func image(step: Float = 0, _ change: (_ row: Int, _ column: Int, _ value: Float) -> Float) -> [Float] {
    (0..<Self.side * Self.side * 3).map { index in
      let (row, column) = (index / 3 / Self.side, index / 3 % Self.side)
      return change(row, column, column < 4 ? -0.5 : -0.5 + step)
    }
  }

  @Test(arguments: [SmoothingFilter.median, .bilateral]) func `leaves what is smooth, to the corners`(
    filter: SmoothingFilter
  ) {
    let plain = image { _, _, value in value }
    let made = filter.smoothed(plain + plain, side: Self.side)
    #expect(made.count == 2 * plain.count && made.allSatisfy { abs($0 + 0.5) < 1e-6 })
  }

  @Test(arguments: [SmoothingFilter.median, .bilateral]) func `keeps a straight edge and halves speckle at least`(
    filter: SmoothingFilter
  ) {
    let edge = image(step: 1) { _, _, value in value }
    #expect(distance(filter.smoothed(edge, side: Self.side), edge) < 1e-2)
    var stream = RandomStream(seed: 3, stream: 1)
    let speckled = edge.map { $0 + 0.05 * stream.normal() }
    func error(_ image: [Float]) -> Float { zip(image, edge).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    #expect(error(filter.smoothed(speckled, side: Self.side)) < 0.5 * error(speckled))
  }

  @Test func `removes a single dot as a median and keeps a strong one as a bilateral filter`() {
    let dot = image { row, column, value in row == 3 && column == 5 ? 1 : value }
    #expect(SmoothingFilter.median.smoothed(dot, side: Self.side).allSatisfy { $0 == -0.5 })
    #expect(distance(SmoothingFilter.bilateral.smoothed(dot, side: Self.side), dot) < 1e-2)
  }
}
