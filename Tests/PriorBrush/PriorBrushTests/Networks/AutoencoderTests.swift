import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Autoencoder network` {
  private static let side = 16
  private let autoencoder = Autoencoder()
  private let weights = Micro.weights(Autoencoder().layout, seed: 21)
  private let images = Array(Micro.images(3)[..<(3 * side * side * 3)])

  @Test func `makes 12 channels of a quarter of the side, and images again`() {
    let made = run(weights, images)
    #expect(made.shapes == [Shape(3, 4, 4, 12), Shape(3, 16, 16, 3)])
    #expect(made.restored.allSatisfy(\.isFinite) && Set(made.restored).count > 100)
  }

  @Test func `treats every image of a batch as if it were alone`() {
    let all = run(weights, images).restored
    let size = Self.side * Self.side * 3
    for row in 0..<3 {
      let part = row * size..<(row + 1) * size
      #expect(distance(run(weights, Array(images[part])).restored, all[part]) < 1e-5)
    }
  }

  @Test func `is linear before training`() {
    let fresh = Weights(autoencoder.layout, seed: 3)
    let restored = run(fresh, images).restored
    let doubled = run(fresh, images.map { 2 * $0 }).restored
    #expect(restored.contains { abs($0) > 0.1 })
    #expect(distance(doubled, restored.map { 2 * $0 }) < 1e-4)
  }

  @Test func `has the gradients that the finite differences of its error have`() {
    let target = Array(Micro.images(3, seed: 31)[..<images.count])
    func error(_ weights: Weights, _ gradients: Gradients?) -> Double {
      let session = Session()
      session.reset(recording: true)
      let pass = Pass(session: session, weights: weights, gradients: gradients)
      let input = session.constant(Shape(3, Self.side, Self.side, 3), copying: images)
      let restored = autoencoder.decode(autoencoder.encode(input, pass), pass)
      // A squared error, because the absolute one has kinks between the two ends of a difference.
      let errors = zip(restored.values, target).map { $0 - $1 }
      if gradients != nil {
        errors.map { 2 * $0 / Float(errors.count) }.withUnsafeBufferPointer { session.backward(from: [(restored, $0)]) }
      }
      return errors.reduce(0) { $0 + Double($1 * $1) } / Double(errors.count)
    }
    let gradients = Gradients(autoencoder.layout)
    _ = error(weights, gradients)
    for (number, parameter) in autoencoder.layout.parameters.enumerated() {
      // Along the gradient of one parameter, so that the slope is its squared norm.
      let direction = Array(gradients[parameter])
      let norm = direction.reduce(0) { $0 + Double($1 * $1) }.squareRoot()
      guard norm > 1e-4 else { continue }
      func moved(_ distance: Double) -> Double {
        let changed = weights.copy()
        let values = changed[parameter]
        for index in values.indices { values[index] += Float(distance / norm) * direction[index] }
        changed.markChanged()
        return error(changed, nil)
      }
      let slope = (moved(0.01) - moved(-0.01)) / 0.02
      #expect(abs(slope / norm - 1) < 0.02, "parameter \(number), \(parameter.name)")
    }
  }

  private func run(_ weights: Weights, _ images: [Float]) -> (restored: [Float], shapes: [Shape]) {
    let session = Session()
    session.reset(recording: false)
    let pass = Pass(session: session, weights: weights)
    let input = session.constant(
      Shape(images.count / (Self.side * Self.side * 3), Self.side, Self.side, 3), copying: images)
    let latents = autoencoder.encode(input, pass)
    let restored = autoencoder.decode(latents, pass)
    return (restored.values, [latents.shape, restored.shape])
  }
}
