import COneDNN
import Glibc
import NeuralNetwork

/// Times the kernels at the shapes of the residual blocks, one thread unless stated otherwise.
@main
struct KernelBenchmarks {
  static let shapes = [(16, 48), (8, 96), (4, 192)]

  static func main() throws {
    for batch in [1, 16] {
      for (side, channels) in shapes { convolutions(Shape(batch, side, side, channels)) }
    }
    for (side, channels) in shapes { passes(Shape(16, side, side, channels)) }
    for (queries, channels) in [(64, 96), (16, 192)] {
      for batch in [1, 16] { attention(batch, queries, queries + 16, channels) }
    }
    for (rows, inputs, outputs) in [
      (1, 192, 384), (1, 64, 192), (16, 192, 384), (4, 192, 384), (1280, 96, 96), (512, 192, 192), (80, 96, 96),
      (16, 192, 192),
    ] {
      linear(rows, inputs, outputs)
    }
    flat()
    try scaling()
  }

  static func convolutions(_ shape: Shape) {
    for (side, stride) in [(3, 1), (1, 1), (3, 2)] {
      var layout = ParameterLayout()
      let c = shape.channels
      let kernel = layout.add("kernel", [c, c, side, side], .fanIn(c * side * side))
      let bias = layout.add("bias", [c], .zeros)
      let weights = Weights(layout, seed: 1)
      let gradients = Gradients(layout)
      let session = Session()
      let values = [Float](repeating: 0.5, count: shape.count)
      let pixels = shape.rows / (stride * stride)
      let work = 2 * Double(pixels * c * c * side * side)
      let forward = seconds {
        session.reset(recording: false)
        let pass = Pass(session: session, weights: weights)
        _ = pass.convolution(session.tensor(shape), weight: kernel, bias: bias, stride: stride)
      }
      func training(_ gradients: Gradients?, tracked: Bool) -> Double {
        seconds {
          session.reset(recording: true)
          let pass = Pass(session: session, weights: weights, gradients: gradients)
          let x = tracked ? session.variable(shape, copying: values) : session.tensor(shape)
          let y = pass.convolution(x, weight: kernel, bias: bias, stride: stride)
          session.backward(from: [(y, y)])
        }
      }
      let data = training(nil, tracked: true) - forward
      let weight = training(gradients, tracked: false) - forward
      let repack =
        seconds {
          weights.markChanged()
          session.reset(recording: false)
          let pass = Pass(session: session, weights: weights)
          _ = pass.convolution(session.tensor(shape), weight: kernel, bias: bias, stride: stride)
        } - forward
      row(
        "conv \(side)x\(side)/\(stride) \(shape)",
        [
          ("fwd", work / forward / 1e9), ("data", work / data / 1e9), ("weights", work / weight / 1e9),
          ("fwd us", forward * 1e6), ("repack us", repack * 1e6),
        ])
    }
  }

  static func passes(_ shape: Shape) {
    var layout = ParameterLayout()
    let scale = layout.add("scale", [shape.channels], .ones)
    let shift = layout.add("shift", [shape.channels], .zeros)
    let weights = Weights(layout, seed: 1)
    let gradients = Gradients(layout)
    let session = Session()
    let bytes = Double(shape.count * 4)
    let values = [Float](repeating: 0.5, count: shape.count)
    func time(_ recording: Bool, _ body: (Pass, Tensor) -> Tensor) -> Double {
      seconds {
        session.reset(recording: recording)
        let pass = Pass(session: session, weights: weights, gradients: recording ? gradients : nil)
        let x = recording ? session.variable(shape, copying: values) : session.tensor(shape)
        let y = body(pass, x)
        if recording { session.backward(from: [(y, y)]) }
      }
    }
    let norm = { (pass: Pass, x: Tensor) in
      pass.groupNorm(x, scale: scale, shift: shift, groups: shape.channels / 8, modulation: nil, silu: true)
    }
    let both = { (pass: Pass, x: Tensor) in pass.session.add(x, x) }
    let forward = time(false, norm)
    let overhead = time(true) { pass, x in x }
    let forwardAdd = time(false, both)
    row(
      "elementwise \(shape)",
      [
        ("norm+silu fwd GB/s", 2 * bytes / forward / 1e9),
        ("norm+silu bwd GB/s", 3 * bytes / (time(true, norm) - forward - overhead) / 1e9),
        ("silu GB/s", 2 * bytes / time(false) { $0.session.silu($1) } / 1e9),
        ("add GB/s", 3 * bytes / forwardAdd / 1e9),
      ])
  }

  static func attention(_ batch: Int, _ queries: Int, _ keys: Int, _ channels: Int) {
    let session = Session()
    let q = [Float](repeating: 0.1, count: batch * queries * channels)
    let k = [Float](repeating: 0.1, count: batch * keys * channels)
    let forward = seconds {
      session.reset(recording: false)
      let key = session.tensor(.tokens(batch, keys, channels))
      let query = session.tensor(.tokens(batch, queries, channels))
      _ = session.attention(query: query, key: key, value: key, headDimension: 32)
    }
    let both = seconds {
      session.reset(recording: true)
      let query = session.variable(.tokens(batch, queries, channels), copying: q)
      let key = session.variable(.tokens(batch, keys, channels), copying: k)
      let value = session.variable(.tokens(batch, keys, channels), copying: k)
      let y = session.attention(query: query, key: key, value: value, headDimension: 32)
      session.backward(from: [(y, y)])
    }
    let work = 4 * Double(batch * queries * keys * channels)
    row(
      "attention \(batch) x \(queries) to \(keys) x \(channels)",
      [
        ("fwd us", forward * 1e6), ("fwd GFLOP/s", work / forward / 1e9), ("fwd+bwd us", both * 1e6),
        ("GFLOP/s", 3.5 * work / both / 1e9),
      ])
  }

  static func linear(_ rows: Int, _ inputs: Int, _ outputs: Int) {
    var layout = ParameterLayout()
    let weight = layout.add("weight", [outputs, inputs], .fanIn(inputs))
    let bias = layout.add("bias", [outputs], .zeros)
    let weights = Weights(layout, seed: 1)
    let gradients = Gradients(layout)
    let session = Session()
    let values = [Float](repeating: 0.5, count: rows * inputs)
    let forward = seconds {
      session.reset(recording: false)
      let pass = Pass(session: session, weights: weights)
      _ = pass.linear(session.tensor(.tokens(1, rows, inputs)), weight: weight, bias: bias)
    }
    let both = seconds {
      session.reset(recording: true)
      let pass = Pass(session: session, weights: weights, gradients: gradients)
      let y = pass.linear(session.variable(.tokens(1, rows, inputs), copying: values), weight: weight, bias: bias)
      session.backward(from: [(y, y)])
    }
    let work = 2 * Double(rows * inputs * outputs)
    row(
      "linear \(rows) x \(inputs) to \(outputs)",
      [
        ("fwd us", forward * 1e6), ("fwd GFLOP/s", work / forward / 1e9), ("fwd+bwd us", both * 1e6),
        ("GFLOP/s", 3 * work / both / 1e9),
      ])
  }

  static func flat() {
    var layout = ParameterLayout()
    _ = layout.add("all", [1000, 3840], .zeros)
    let weights = Weights(layout, seed: 1)
    let gradients = Gradients(layout)
    let optimizer = AdamW(layout)
    let average = ExponentialAverage(weights, decay: 0.999)
    let parallel = DataParallel(layout, shards: 2)
    row(
      "flat buffers of 3.84 M",
      [
        ("AdamW ms", 1e3 * seconds { optimizer.step(weights, gradients, learningRate: 1e-3) }),
        ("average ms", 1e3 * seconds { average.update(from: weights, step: 10_000) }),
        (
          "both, two threads ms",
          1e3
            * seconds {
              parallel.step(optimizer, weights, gradients, learningRate: 1e-3, average: average)
            }
        ),
        ("norm ms", 1e3 * seconds { _ = gradients.norm() }),
      ])
  }

  /// A residual block at each resolution, batch 16 a shard: one and two shards.
  static func scaling() throws {
    for shards in [1, 2] {
      for (side, channels) in shapes {
        let block = Block(side: side, channels: channels)
        let parallel = DataParallel(block.layout, shards: shards)
        let step = { () throws -> Void in
          try parallel.run(batch: 16 * shards) { block.train($0) }
        }
        try step()
        let (start, cpu) = (now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID))
        let rounds = 20
        for _ in 0..<rounds { try step() }
        let elapsed = (now(CLOCK_MONOTONIC) - start) / Double(rounds)
        let used = (now(CLOCK_PROCESS_CPUTIME_ID) - cpu) / Double(rounds)
        let work = 6 * 2 * Double(16 * shards * side * side * channels * channels * 9)
        row(
          "residual block \(side)x\(side)x\(channels), \(shards) shards of 16",
          [
            ("ms", elapsed * 1e3), ("cores", used / elapsed), ("GFLOP/s", work / elapsed / 1e9),
          ])
      }
    }
  }

  // MARK: Measuring

  static func now(_ clock: clockid_t) -> Double {
    var time = timespec()
    clock_gettime(clock, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// The fastest of several batches of calls, in seconds a call.
  static func seconds(_ body: () -> Void) -> Double {
    body()
    var best = Double.infinity
    var rounds = 1
    var measured = 0
    while measured < 5 {
      let start = now(CLOCK_MONOTONIC)
      for _ in 0..<rounds { body() }
      let elapsed = now(CLOCK_MONOTONIC) - start
      if elapsed < 0.005 {
        rounds *= 2
        continue
      }
      best = min(best, elapsed / Double(rounds))
      measured += 1
    }
    return best
  }

  static func row(_ name: String, _ figures: [(String, Double)]) {
    let text = figures.map { "\($0.0) \(($0.1 * 10).rounded() / 10)" }.joined(separator: "  ")
    print(name.padded(44), text)
  }
}

extension String {
  fileprivate func padded(_ width: Int) -> String { self + String(repeating: " ", count: max(0, width - count)) }
}

/// A residual block: GN-SiLU-conv, modulated GN-SiLU-conv, and the sum.
struct Block {
  let layout: ParameterLayout
  let weights: Weights
  let shape: Shape
  private let parameters: [Parameter]

  init(side: Int, channels: Int) {
    var layout = ParameterLayout()
    parameters = [
      layout.add("a", [channels], .ones), layout.add("b", [channels], .zeros),
      layout.add("c", [channels, channels, 3, 3], .fanIn(9 * channels)), layout.add("d", [channels], .zeros),
      layout.add("e", [channels], .ones), layout.add("f", [channels], .zeros),
      layout.add("g", [channels, channels, 3, 3], .fanIn(9 * channels)), layout.add("h", [channels], .zeros),
      layout.add("i", [2 * channels, 192], .fanIn(192)),
    ]
    self.layout = layout
    weights = Weights(layout, seed: 1)
    shape = Shape(16, side, side, channels)
  }

  func train(_ shard: Shard) {
    let session = shard.session
    session.reset(recording: true)
    let pass = Pass(session: session, weights: weights, gradients: shard.gradients[0])
    let input = session.zeros(shape)
    let x = session.variable(shape, copying: UnsafeBufferPointer(input.buffer))
    let time = session.zeros(.vectors(16, 192))
    let groups = shape.channels / 8
    var h = pass.groupNorm(x, scale: parameters[0], shift: parameters[1], groups: groups, modulation: nil, silu: true)
    h = pass.convolution(h, weight: parameters[2], bias: parameters[3])
    let modulation = pass.linear(time, weight: parameters[8], bias: nil)
    h = pass.groupNorm(
      h, scale: parameters[4], shift: parameters[5], groups: groups, modulation: modulation, silu: true)
    h = pass.convolution(h, weight: parameters[6], bias: parameters[7])
    let y = session.add(x, h)
    session.backward(from: [(y, y)])
  }
}
