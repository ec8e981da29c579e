import Foundation
import PriorBrush
import Testing

@Suite struct `Degradation pairs` {
  @Test func `average the error over three by three pixels of the same image`() {
    let (side, size) = (4, 16)
    var coarse = [Float](repeating: 0, count: 2 * size * 3)
    coarse[0...2] = [0.9, -0.6, 0.3]
    let real = [Float](repeating: 0, count: coarse.count)
    let errors = DegradationPairs(
      coarse: coarse, nearestReal: real, captions: Micro.captions(["red", "blue"]), side: side
    ).errors
    var expected = [Float](repeating: 0, count: 2 * size)
    (expected[0], expected[1], expected[4], expected[5]) = (0.6 / 4, 0.6 / 6, 0.6 / 6, 0.6 / 9)
    #expect(distance(errors, expected) < 1e-6)
  }

  @Test func `have no error for equal images`() {
    let images = Micro.images(2)
    let pairs = DegradationPairs(
      coarse: images, nearestReal: images, captions: Micro.captions(["red", "blue"]), side: Micro.side)
    #expect(pairs.errors == [Float](repeating: 0, count: 2 * Micro.side * Micro.side))
  }
}

@Suite struct `Laplace error` {
  private let range: ClosedRange<Float> = -6...1

  @Test(arguments: [Float(-5), -2, 0, 0.9], [Float(0), 0.02, 0.5, 3])
  func `has the slope of central differences inside its range`(logScale: Float, error: Float) {
    let found = LaplaceError(error, logScale: logScale, range: range)
    func value(_ log: Double) -> Double { Double(error) * exp(-log) + log }
    let slope = (value(Double(logScale) + 1e-5) - value(Double(logScale) - 1e-5)) / 2e-5
    #expect(abs(Double(found.value) - value(Double(logScale))) < 1e-5 * max(1, abs(value(Double(logScale)))))
    #expect(abs(Double(found.slope) - slope) < 1e-4 * max(1, abs(slope)))
  }

  @Test func `is least where the scale is the error`() {
    #expect(abs(LaplaceError(0.2, logScale: log(0.2), range: range).slope) < 1e-6)
  }

  @Test func `can only be pulled back from outside its range`() {
    #expect(LaplaceError(0.1, logScale: 2, range: range).slope > 0)
    #expect(LaplaceError(10, logScale: 2, range: range).slope == 0)
    #expect(LaplaceError(0.1, logScale: -9, range: range).slope < 0)
    #expect(LaplaceError(0, logScale: -9, range: range).slope == 0)
    #expect(LaplaceError(0.1, logScale: 50, range: range).value == LaplaceError(0.1, logScale: 1, range: range).value)
  }
}

@Suite struct `Degradation training` {
  @Test func `moves the map towards the true error`() throws {
    let coarse = Micro.images(4)
    let pairs = DegradationPairs(
      coarse: coarse, nearestReal: coarse.map { $0 + 0.05 }, captions: Micro.captions(), side: Micro.side)
    let training = DegradationTraining(
      estimator: Micro.estimator, pairs: pairs, side: Micro.side, steps: 40, seed: 1)
    let losses = try (0..<12).map { _ in try training.advance() }
    // log b starts at 0, where the loss is the error itself.
    #expect(abs(losses[0] - 0.05) < 1e-4)
    #expect(losses[11] < losses[0] - 0.01)
  }
}
