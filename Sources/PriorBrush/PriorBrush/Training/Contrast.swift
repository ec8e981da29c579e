import Foundation

/// The symmetric contrastive loss of a batch and its gradients.
package struct Contrast: Sendable {
  /// Mean cross entropy of both directions in nats.
  package private(set) var loss = 0.0
  /// Gradient with respect to the image embeddings before normalisation.
  package private(set) var imageGradient: [Float]
  /// Gradient with respect to the caption embeddings before normalisation.
  package private(set) var captionGradient: [Float]

  /// Measures a batch.
  ///
  /// - Parameters:
  ///   - images: `N` embeddings before normalisation.
  ///   - captions: `N` embeddings before normalisation, each of the image at the same place.
  ///   - temperature: What cosines are divided by.
  package init(images: [Float], captions: [Float], temperature: Float) {
    let width = ImageTextEncoder.width
    let count = images.count / width
    let image = UnitRows(images, width: width)
    let caption = UnitRows(captions, width: width)
    var logits = [Float](repeating: 0, count: count * count)
    for row in 0..<count {
      for column in 0..<count { logits[row * count + column] = image.dot(row, caption, column) / temperature }
    }
    var slope = [Float](repeating: 0, count: count * count)
    for line in 0..<count {
      loss += Self.addSoftmaxSlope(logits, &slope, start: line * count, stride: 1, target: line, count: count)
      loss += Self.addSoftmaxSlope(logits, &slope, start: line, stride: count, target: line, count: count)
    }
    loss /= Double(2 * count)
    let factor = 1 / (temperature * Float(2 * count))
    imageGradient = [Float](repeating: 0, count: images.count)
    captionGradient = [Float](repeating: 0, count: captions.count)
    for row in 0..<count {
      for column in 0..<count {
        let weight = slope[row * count + column] * factor
        for index in 0..<width {
          imageGradient[row * width + index] += weight * caption.values[column * width + index]
          captionGradient[column * width + index] += weight * image.values[row * width + index]
        }
      }
    }
    image.pullBack(&imageGradient)
    caption.pullBack(&captionGradient)
  }

  private static func addSoftmaxSlope(
    _ logits: [Float], _ slope: inout [Float], start: Int, stride: Int, target: Int, count: Int
  ) -> Double {
    var top = -Float.infinity
    for index in 0..<count { top = max(top, logits[start + index * stride]) }
    var sum: Float = 0
    for index in 0..<count { sum += exp(logits[start + index * stride] - top) }
    for index in 0..<count {
      slope[start + index * stride] += exp(logits[start + index * stride] - top) / sum - (index == target ? 1 : 0)
    }
    return Double(top + log(sum) - logits[start + target * stride])
  }
}

/// Rows scaled to length 1.
struct UnitRows: Sendable {
  let values: [Float]
  private let lengths: [Float]
  private let width: Int

  init(_ rows: [Float], width: Int) {
    self.width = width
    var values = rows
    var lengths: [Float] = []
    for row in 0..<rows.count / width {
      let range = row * width..<(row + 1) * width
      let length = max(range.reduce(Float(0)) { $0 + rows[$1] * rows[$1] }.squareRoot(), 1e-8)
      lengths.append(length)
      for index in range { values[index] /= length }
    }
    self.values = values
    self.lengths = lengths
  }

  func dot(_ row: Int, _ other: UnitRows, _ column: Int) -> Float {
    var sum: Float = 0
    for index in 0..<width { sum += values[row * width + index] * other.values[column * width + index] }
    return sum
  }

  /// Turns a gradient with respect to the unit rows into one with respect to the rows before scaling.
  func pullBack(_ gradient: inout [Float]) {
    for (row, length) in lengths.enumerated() {
      let range = row * width..<(row + 1) * width
      let along = range.reduce(Float(0)) { $0 + gradient[$1] * values[$1] }
      for index in range { gradient[index] = (gradient[index] - along * values[index]) / length }
    }
  }
}
