import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Reconstruction error` {
  private let shape = Shape(2, 3, 4, 3)
  private let target: [Float]
  private let images: [Float]

  init() {
    var stream = RandomStream(seed: 2, stream: 0)
    target = (0..<shape.count).map { _ in stream.normal() }
    images = (0..<shape.count).map { _ in stream.normal() }
  }

  @Test func `is nothing for equal images, and the difference itself for a shift of all values`() {
    #expect(measure(target).value == 0)
    #expect(abs(measure(target.map { $0 + 0.25 }).value - 0.25) < 1e-6)
  }

  @Test func `counts errors of edges as well as of pixels`() {
    var changed = target
    changed[(1 * 4 + 1) * 3] += 1
    // The pixel, and the differences to its four neighbours.
    #expect(abs(measure(changed).value * Double(shape.count) - 5) < 1e-4)
  }

  @Test func `has the gradient of its finite differences`() {
    let gradient = measure(images).gradient
    for index in stride(from: 0, to: shape.count, by: 5) {
      var (above, below) = (images, images)
      above[index] += 1e-3
      below[index] -= 1e-3
      let slope = (measure(above).value - measure(below).value) / 2e-3
      #expect(abs(slope - Double(gradient[index])) < 2e-4, "value \(index)")
    }
  }

  @Test func `sums over the parts of a batch`() {
    let half = shape.count / 2
    func part(_ range: Range<Int>) -> Double {
      let session = Session()
      let one = Shape(1, 3, 4, 3)
      return ReconstructionError(
        session.constant(one, copying: Array(images[range])),
        target: session.constant(one, copying: Array(target[range])), total: shape.count
      ).value
    }
    #expect(abs(part(0..<half) + part(half..<shape.count) - measure(images).value) < 1e-6)
  }

  private func measure(_ images: [Float]) -> ReconstructionError {
    let session = Session()
    return ReconstructionError(
      session.constant(shape, copying: images), target: session.constant(shape, copying: target), total: shape.count)
  }
}
