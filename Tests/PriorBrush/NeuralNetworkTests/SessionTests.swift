import COneDNN
import Glibc
import NeuralNetwork
import Testing

@Suite struct SessionTests {
  /// A small network in inference or training.
  struct Network {
    let weights: Weights
    let gradients: Gradients
    private let parameters: [Parameter]

    init() {
      var layout = ParameterLayout()
      parameters = [
        layout.add("a", [16, 12, 3, 3], .fanIn(108)), layout.add("b", [16], .zeros), layout.add("c", [16], .ones),
        layout.add("d", [16], .zeros), layout.add("e", [32, 16, 3, 3], .fanIn(144)),
        layout.add("f", [32, 32], .fanIn(32)),
      ]
      weights = Weights(layout, seed: 1)
      gradients = Gradients(layout)
    }

    func run(_ session: Session, recording: Bool) {
      session.reset(recording: recording)
      let pass = Pass(session: session, weights: weights, gradients: recording ? gradients : nil)
      let x = session.zeros(Shape(1, 8, 8, 12))
      let inner = session.scoped(Shape(1, 8, 8, 16)) {
        let h = pass.convolution(x, weight: parameters[0], bias: parameters[1])
        return pass.groupNorm(h, scale: parameters[2], shift: parameters[3], groups: 2, modulation: nil, silu: true)
      }
      let h = pass.convolution(inner, weight: parameters[4], bias: nil, stride: 2)
      let tokens = session.reshape(h, .tokens(1, 16, 32))
      let q = pass.linear(tokens, weight: parameters[5], bias: nil)
      let y = session.add(tokens, session.attention(query: q, key: tokens, value: tokens, headDimension: 16))
      if recording { session.backward(from: [(y, y)]) }
    }
  }

  @Test func `a warm session takes no more memory`() async {
    await #expect(processExitsWith: .success) {
      let network = Network()
      let session = Session()
      for recording in [false, true] {
        for _ in 0..<10 { network.run(session, recording: recording) }
        let (held, heap) = (session.counters, nn_heap_bytes())
        for _ in 0..<1000 { network.run(session, recording: recording) }
        guard session.counters == held, nn_heap_bytes() < heap + 65536 else { exit(1) }
      }
    }
  }

  @Test func `a session uses the calling thread alone`() async {
    await #expect(processExitsWith: .success) {
      var layout = ParameterLayout()
      let kernel = layout.add("kernel", [96, 96, 3, 3], .fanIn(864))
      let weights = Weights(layout, seed: 1)
      let session = Session()
      func run() {
        for _ in 0..<40 {
          session.reset(recording: false)
          let pass = Pass(session: session, weights: weights)
          _ = pass.convolution(session.zeros(Shape(16, 8, 8, 96)), weight: kernel, bias: nil)
        }
      }
      // Other linked libraries start threads of their own, which spin for a moment before they sleep.
      run()
      let before = (cpuSeconds(CLOCK_PROCESS_CPUTIME_ID), cpuSeconds(CLOCK_THREAD_CPUTIME_ID))
      run()
      let process = cpuSeconds(CLOCK_PROCESS_CPUTIME_ID) - before.0
      let thread = cpuSeconds(CLOCK_THREAD_CPUTIME_ID) - before.1
      guard process < 1.2 * thread else { exit(1) }
    }
  }

  @Test func `released temporaries make room for later ones`() {
    let session = Session()
    session.reset(recording: false)
    let kept = session.constant(.vectors(1, 4), copying: [1, 2, 3, 4])
    let mark = session.mark()
    let first = session.tensor(.vectors(1, 100)).data
    session.release(mark)
    #expect(session.tensor(.vectors(1, 100)).data == first)
    #expect(kept.values == [1, 2, 3, 4])
    let sum = session.scoped(.vectors(1, 4)) { session.add(session.add(kept, kept), kept) }
    #expect(sum.values == [3, 6, 9, 12])
  }

  @Test func `gradients add up over several outputs, and constants are skipped`() {
    let session = Session()
    session.reset(recording: true)
    let x = session.variable(.vectors(1, 2), copying: [3, 5])
    let square = session.multiply(x, x)
    let double = session.scale(x, by: 2)
    let constant = session.constant(.vectors(1, 2), copying: [1, 1])
    session.backward(from: [(square, [1, 1]), (double, [1, 10]), (constant, [1, 1])])
    #expect(session.gradient(of: x).map(Array.init) == [8, 30])
    #expect(session.gradient(of: constant) == nil)
    session.reset(recording: false)
    #expect(!session.variable(.vectors(1, 1), copying: [1]).isTracked)
  }

  @Test func `a tape of many operations needs no stack`() {
    let session = Session()
    session.reset(recording: true)
    let x = session.variable(.vectors(1, 1), copying: [1])
    var y = x
    for _ in 0..<200_000 { y = session.scale(y, by: 1) }
    session.backward(from: [(y, [2])])
    #expect(session.gradient(of: x).map(Array.init) == [2])
  }

  @Test func `two sessions may share weights at the same time`() throws {
    let network = Network()
    let parallel = DataParallel(shards: 2)
    for _ in 0..<50 {
      try parallel.run(batch: 2) { network.run($0.session, recording: false) }
      network.weights.markChanged()
    }
  }
}

private func cpuSeconds(_ clock: clockid_t) -> Double {
  var time = timespec()
  clock_gettime(clock, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}
