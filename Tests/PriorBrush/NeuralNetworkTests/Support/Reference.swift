import Glibc
import NeuralNetwork

/// The operations as plain loops in double precision, straight from their definitions.
enum Reference {
  static func convolution(
    _ x: [Double], _ s: Shape, _ w: [Double], _ kernel: [Int], _ bias: [Double]?, stride: Int, padding: Int
  ) -> [Double] {
    let (outs, ins, kh, kw) = (kernel[0], kernel[1], kernel[2], kernel[3])
    let height = (s.height + 2 * padding - kh) / stride + 1
    let width = (s.width + 2 * padding - kw) / stride + 1
    var result: [Double] = []
    for n in 0..<s.batch {
      for y in 0..<height {
        for x0 in 0..<width {
          for o in 0..<outs {
            var sum = bias?[o] ?? 0
            for i in 0..<kh {
              for j in 0..<kw {
                let (row, column) = (y * stride + i - padding, x0 * stride + j - padding)
                if row < 0 || row >= s.height || column < 0 || column >= s.width { continue }
                for c in 0..<ins {
                  sum += x[((n * s.height + row) * s.width + column) * ins + c] * w[((o * ins + c) * kh + i) * kw + j]
                }
              }
            }
            result.append(sum)
          }
        }
      }
    }
    return result
  }

  static func linear(_ x: [Double], _ w: [Double], inputs: Int, outputs: Int, bias: [Double]?) -> [Double] {
    (0..<x.count / inputs).flatMap { row in
      (0..<outputs).map { o in
        (0..<inputs).reduce(bias?[o] ?? 0) { $0 + x[row * inputs + $1] * w[o * inputs + $1] }
      }
    }
  }

  static func groupNorm(
    _ x: [Double], _ s: Shape, scale: [Double], shift: [Double], groups: Int, modulation: [Double]?, silu: Bool
  ) -> [Double] {
    var result = x
    let size = s.channels / groups
    for n in 0..<s.batch {
      for g in 0..<groups {
        let places = (0..<s.pixels).flatMap { p in
          (0..<size).map { (n * s.pixels + p) * s.channels + g * size + $0 }
        }
        let mean = places.reduce(0) { $0 + x[$1] } / Double(places.count)
        let variance = places.reduce(0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / Double(places.count)
        for place in places {
          let c = place % s.channels
          var value = (x[place] - mean) / sqrt(variance + 1e-5) * scale[c] + shift[c]
          if let modulation {
            let start = n * 2 * s.channels
            value = value * (1 + modulation[start + c]) + modulation[start + s.channels + c]
          }
          result[place] = silu ? value / (1 + exp(-value)) : value
        }
      }
    }
    return result
  }

  static func layerNorm(_ x: [Double], channels: Int, scale: [Double], shift: [Double]) -> [Double] {
    groupNorm(
      x, .vectors(x.count / channels, channels), scale: scale, shift: shift, groups: 1, modulation: nil, silu: false)
  }

  static func attention(
    _ q: [Double], _ k: [Double], _ v: [Double], _ queries: Shape, _ keys: Shape, head: Int, mask: [Double]?
  ) -> [Double] {
    let channels = queries.channels
    var result = [Double](repeating: 0, count: q.count)
    for n in 0..<queries.batch {
      for h in 0..<channels / head {
        for t in 0..<queries.pixels {
          let from = (n * queries.pixels + t) * channels + h * head
          let weights = (0..<keys.pixels).map { u -> Double in
            if let mask, mask[n * keys.pixels + u] == 0 { return 0 }
            let to = (n * keys.pixels + u) * channels + h * head
            return exp((0..<head).reduce(0) { $0 + q[from + $1] * k[to + $1] } / sqrt(Double(head)))
          }
          let total = weights.reduce(0, +)
          for u in 0..<keys.pixels where total > 0 {
            let to = (n * keys.pixels + u) * channels + h * head
            for c in 0..<head { result[from + c] += weights[u] / total * v[to + c] }
          }
        }
      }
    }
    return result
  }

  static func gelu(_ x: Double) -> Double { 0.5 * x * (1 + tanh(sqrt(2 / Double.pi) * (x + 0.044715 * x * x * x))) }

  static func silu(_ x: Double) -> Double { x / (1 + exp(-x)) }

  static func pixelUnshuffle(_ x: [Double], _ s: Shape, _ r: Int) -> [Double] {
    var result: [Double] = []
    for n in 0..<s.batch {
      for y in 0..<s.height / r {
        for x0 in 0..<s.width / r {
          for c in 0..<s.channels {
            for i in 0..<r {
              for j in 0..<r {
                result.append(x[((n * s.height + y * r + i) * s.width + x0 * r + j) * s.channels + c])
              }
            }
          }
        }
      }
    }
    return result
  }

  static func upsample(_ x: [Double], _ s: Shape) -> [Double] {
    var result: [Double] = []
    for n in 0..<s.batch {
      for y in 0..<2 * s.height {
        for x0 in 0..<2 * s.width {
          let start = ((n * s.height + y / 2) * s.width + x0 / 2) * s.channels
          result += x[start..<start + s.channels]
        }
      }
    }
    return result
  }
}
