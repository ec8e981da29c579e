import Foundation
import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Contrastive loss` {
  private static let width = ImageTextEncoder.width
  private static let count = 5
  private static let temperature = 0.07
  private let images: [Float]
  private let captions: [Float]
  private let contrast: Contrast

  init() {
    var stream = RandomStream(seed: 8, stream: 0)
    images = (0..<Self.count * Self.width).map { _ in stream.normal() }
    captions = images.map { 0.3 * $0 + 2 * stream.normal() }
    contrast = Contrast(images: images, captions: captions, temperature: Float(Self.temperature))
  }

  @Test func `has the loss of plain loops in double precision`() {
    let expected = Self.loss(images.map(Double.init), captions.map(Double.init))
    #expect(abs(contrast.loss - expected) < 1e-4 * expected)
  }

  @Test func `has the gradients of central differences`() {
    let (images, captions) = (images.map(Double.init), captions.map(Double.init))
    for index in stride(from: 0, to: images.count, by: 17) {
      let image = Self.slope(images, index) { Self.loss($0, captions) }
      let caption = Self.slope(captions, index) { Self.loss(images, $0) }
      #expect(abs(Double(contrast.imageGradient[index]) - image) < 1e-4)
      #expect(abs(Double(contrast.captionGradient[index]) - caption) < 1e-4)
    }
    #expect(contrast.imageGradient.contains { abs($0) > 1e-2 })
  }

  @Test func `is small for pairs that fit and large for pairs that were exchanged`() {
    let exchanged = Array(images[Self.width...]) + Array(images[..<Self.width])
    #expect(Contrast(images: images, captions: images, temperature: 0.07).loss < 0.01)
    #expect(Contrast(images: images, captions: exchanged, temperature: 0.07).loss > 5)
  }

  @Test func `stays finite for embeddings of zero`() {
    let zeros = [Float](repeating: 0, count: images.count)
    let contrast = Contrast(images: zeros, captions: captions, temperature: 0.07)
    #expect(abs(contrast.loss - log(Double(Self.count))) < 1e-5)
    #expect((contrast.imageGradient + contrast.captionGradient).allSatisfy { $0.isFinite })
  }

  private static func loss(_ images: [Double], _ captions: [Double]) -> Double {
    func cosine(_ row: Int, _ column: Int) -> Double {
      var (dot, first, second) = (0.0, 0.0, 0.0)
      for index in 0..<width {
        let (a, b) = (images[row * width + index], captions[column * width + index])
        dot += a * b
        first += a * a
        second += b * b
      }
      return dot / (first * second).squareRoot()
    }
    var sum = 0.0
    for own in 0..<count {
      var (row, column) = (0.0, 0.0)
      for other in 0..<count {
        row += exp(cosine(own, other) / temperature)
        column += exp(cosine(other, own) / temperature)
      }
      sum += log(row) + log(column) - 2 * cosine(own, own) / temperature
    }
    return sum / Double(2 * count)
  }

  private static func slope(_ values: [Double], _ index: Int, _ function: ([Double]) -> Double) -> Double {
    var (above, below) = (values, values)
    above[index] += 1e-5
    below[index] -= 1e-5
    return (function(above) - function(below)) / 2e-5
  }
}
