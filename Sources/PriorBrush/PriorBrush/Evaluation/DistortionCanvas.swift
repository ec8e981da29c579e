import Foundation
import NeuralNetwork

/// One image to distort, `[R, R, 3]` in [-1, 1]; what comes out may lie beyond the range.
struct DistortionCanvas {
  let pixels: [Float]
  let side: Int

  init(_ pixels: [Float], side: Int) {
    self.pixels = pixels
    self.side = side
  }

  func blurred(_ deviation: Float) -> [Float] {
    let radius = Int((3 * deviation).rounded(.up))
    let kernel = (-radius...radius).map { exp(-Float($0 * $0) / (2 * deviation * deviation)) }
    let total = kernel.reduce(0, +)
    func pass(_ source: [Float], dx: Int, dy: Int) -> [Float] {
      mapped { x, y, channel in
        zip(-radius...radius, kernel).reduce(Float(0)) { sum, tap in
          sum + tap.1 * source[index(clamp(x + tap.0 * dx), clamp(y + tap.0 * dy), channel)]
        } / total
      }
    }
    return pass(pass(pixels, dx: 1, dy: 0), dx: 0, dy: 1)
  }

  func noised(_ deviation: Float, _ stream: inout RandomStream) -> [Float] {
    var result = pixels
    for index in result.indices { result[index] += 2 * deviation * stream.normal() }
    return result
  }

  func saturated(_ factor: Float) -> [Float] {
    mapped { x, y, channel in
      let gray = luma(x, y)
      return gray + factor * (pixels[index(x, y, channel)] - gray)
    }
  }

  func salted(share: Float, _ stream: inout RandomStream) -> [Float] {
    var result = pixels
    for place in 0..<side * side {
      let draw = stream.uniform()
      let colour: Float = stream.uniform() < 0.5 ? -1 : 1
      if draw < share { for channel in 0..<3 { result[place * 3 + channel] = colour } }
    }
    return result
  }

  func shuffled(share: Float, _ stream: inout RandomStream) -> [Float] {
    var order = Array(0..<side * side / 4)
    for last in stride(from: order.count - 1, to: 0, by: -1) {
      order.swapAt(last, stream.integer(below: last + 1))
    }
    let chosen = order.prefix(Int((Float(order.count) * share).rounded()))
    var source = Array(0..<order.count)
    for (place, next) in zip(chosen, chosen.dropFirst() + chosen.prefix(1)) { source[place] = next }
    return mapped { x, y, channel in
      let block = source[y / 2 * (side / 2) + x / 2]
      return pixels[index(block % (side / 2) * 2 + x % 2, block / (side / 2) * 2 + y % 2, channel)]
    }
  }

  func warped(amplitude: Float, _ stream: inout RandomStream) -> [Float] {
    let waves = (0..<4).map { _ in (phase: 2 * Float.pi * stream.uniform(), turns: 1 + stream.uniform()) }
    let scale = 2 * Float.pi / Float(side)
    return mapped { x, y, channel in
      let (u, v) = (Float(x) * scale, Float(y) * scale)
      let right = sin(waves[0].turns * v + waves[0].phase) + sin(waves[1].turns * u + waves[1].phase)
      let down = sin(waves[2].turns * u + waves[2].phase) + sin(waves[3].turns * v + waves[3].phase)
      return sample(Float(x) + amplitude * right / 2, Float(y) + amplitude * down / 2, channel)
    }
  }

  /// - Source: The luminance table and quality scale of the Independent JPEG Group, without colour subsampling.
  func compressed(quality: Double) -> [Float] {
    let scale = quality < 50 ? 5000 / quality : 200 - 2 * quality
    let steps = Self.quantisation.map { Float(min(max((Double($0) * scale + 50) / 100, 1), 255).rounded(.down)) }
    var result = pixels
    for channel in 0..<3 {
      for top in stride(from: 0, to: side, by: 8) {
        for left in stride(from: 0, to: side, by: 8) {
          let block = (0..<64).map { 127.5 * pixels[index(left + $0 % 8, top + $0 / 8, channel)] }
          var coefficients = Self.transform(block, Self.cosines)
          for index in 0..<64 { coefficients[index] = (coefficients[index] / steps[index]).rounded() * steps[index] }
          let restored = Self.transform(coefficients, Self.transposedCosines)
          for place in 0..<64 { result[index(left + place % 8, top + place / 8, channel)] = restored[place] / 127.5 }
        }
      }
    }
    return result
  }

  private func mapped(_ value: (_ x: Int, _ y: Int, _ channel: Int) -> Float) -> [Float] {
    (0..<side * side * 3).map { value($0 / 3 % side, $0 / (3 * side), $0 % 3) }
  }

  private func index(_ x: Int, _ y: Int, _ channel: Int) -> Int { (y * side + x) * 3 + channel }

  private func clamp(_ place: Int) -> Int { min(max(place, 0), side - 1) }

  private func luma(_ x: Int, _ y: Int) -> Float {
    0.299 * pixels[index(x, y, 0)] + 0.587 * pixels[index(x, y, 1)] + 0.114 * pixels[index(x, y, 2)]
  }

  private func sample(_ x: Float, _ y: Float, _ channel: Int) -> Float {
    let (left, top) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    let (right, down) = (x - Float(left), y - Float(top))
    func at(_ x: Int, _ y: Int) -> Float { pixels[index(clamp(x), clamp(y), channel)] }
    let upper = at(left, top) * (1 - right) + at(left + 1, top) * right
    let lower = at(left, top + 1) * (1 - right) + at(left + 1, top + 1) * right
    return upper * (1 - down) + lower * down
  }

  private static let cosines: [Float] = (0..<64).map { index in
    let (frequency, place) = (index / 8, index % 8)
    let scale = frequency == 0 ? (1.0 / 8).squareRoot() : 0.5
    return Float(scale * cos(Double((2 * place + 1) * frequency) * .pi / 16))
  }
  private static let transposedCosines: [Float] = (0..<64).map { cosines[$0 % 8 * 8 + $0 / 8] }

  /// `M · block · Mᵀ` of 8 × 8 matrices.
  private static func transform(_ block: [Float], _ matrix: [Float]) -> [Float] {
    func product(_ a: (Int, Int) -> Float, _ b: (Int, Int) -> Float) -> [Float] {
      (0..<64).map { index in (0..<8).reduce(Float(0)) { $0 + a(index / 8, $1) * b($1, index % 8) } }
    }
    let half = product({ matrix[$0 * 8 + $1] }, { block[$0 * 8 + $1] })
    return product({ half[$0 * 8 + $1] }, { matrix[$1 * 8 + $0] })
  }

  private static let quantisation = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
  ]
}
