import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Encoded captions` {
  private let texts = ["red circle", "blue square", "green disc shape"]

  @Test func `can be picked, repeated and joined`() {
    let all = Micro.captions(texts)
    #expect(all.count == 3)
    #expect(all.rows([2, 0, 2]).count == 3)
    expectEqual(all.rows([2, 0, 2]), Micro.captions([texts[2], texts[0], texts[2]]))
    expectEqual(all.rows(1..<3), Micro.captions([texts[1], texts[2]]))
    expectEqual(all.repeating(1, times: 2), Micro.captions([texts[1], texts[1]]))
    expectEqual(all.rows([0]).followed(by: all.rows([2])), Micro.captions([texts[0], texts[2]]))
  }

  @Test func `do not depend on longer captions beside them`() {
    let alone = Micro.captions(["red"])
    let beside = Micro.captions(["red", "green disc shape number 0 1 2"])
    expectEqual(beside.rows([0]), alone)
  }

  @Test func `pass over unknown words`() {
    expectEqual(Micro.captions(["red zebra circle"]), Micro.captions(["red circle"]))
    expectEqual(Micro.captions([""]), Micro.text.encodeNothing(session: Session()))
  }

  private func expectEqual(
    _ first: EncodedCaptions, _ second: EncodedCaptions, sourceLocation: SourceLocation = #_sourceLocation
  ) {
    let session = Session()
    session.reset(recording: false)
    let (a, b) = (first.features(in: session), second.features(in: session))
    #expect(distance(a.tokens.values, b.tokens.values) < 1e-5, sourceLocation: sourceLocation)
    #expect(distance(a.pooled.values, b.pooled.values) < 1e-5, sourceLocation: sourceLocation)
    #expect(a.mask.values == b.mask.values, sourceLocation: sourceLocation)
  }
}
