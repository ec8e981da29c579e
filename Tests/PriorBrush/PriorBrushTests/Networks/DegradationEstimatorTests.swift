import Foundation
import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Degradation estimator` {
  @Test(arguments: [Float(0.05), 5])
  func `gives positive maps between its limits`(spread: Float) {
    let maps = maps(Micro.weights(Micro.estimator.layout, seed: 4, spread: spread), rows: [0, 1, 2])
    #expect(maps.count == 3 * Micro.side * Micro.side)
    #expect(maps.allSatisfy { $0 >= 0.99 * exp(-6) && $0 <= 1.01 * exp(1) })
    #expect(Set(maps).count > 3)
  }

  @Test func `expects an error of 1 everywhere before training`() {
    #expect(maps(Weights(Micro.estimator.layout, seed: 1), rows: [0]).allSatisfy { $0 == 1 })
  }

  @Test func `treats every image of a batch as if it were alone`() {
    let weights = Micro.weights(Micro.estimator.layout, seed: 4)
    let batch = maps(weights, rows: [0, 1, 2])
    let pixels = Micro.side * Micro.side
    for row in 0..<3 {
      #expect(distance(maps(weights, rows: [row]), batch[row * pixels..<(row + 1) * pixels]) < 1e-5)
    }
  }

  private func maps(_ weights: Weights, rows: [Int]) -> [Float] {
    let images = Micro.images(3)
    return Micro.estimator.maps(
      rows.flatMap { images[$0 * Micro.size..<($0 + 1) * Micro.size] }, captions: Micro.captions().rows(rows),
      side: Micro.side, weights: weights, session: Session())
  }
}
