import PriorBrush
import Testing

@Suite struct `Caption retrieval` {
  @Test func `counts how often the own caption is the nearest`() {
    let images: [Float] = [1, 0, 0, 1, 0.6, 0.8]
    let candidates: [Float] = [1, 0, 0.8, 0.6, 0, 1]
    let retrieval = CaptionRetrieval(images: images, candidates: { _ in candidates }, own: [0, 2, 0], width: 2)
    #expect(abs(retrieval.topOne - 2.0 / 3) < 1e-9)
    #expect(abs(retrieval.cosine - (1 + 1 + 0.6) / 3) < 1e-6)
  }

  @Test func `has candidates of its own for every image`() {
    let retrieval = CaptionRetrieval(
      images: [1, 0, 1, 0], candidates: { $0 == 0 ? [1, 0] : [0, 1, 1, 0] }, own: [0, 0], width: 2)
    #expect(abs(retrieval.topOne - 0.5) < 1e-9)
    #expect(abs(retrieval.cosine - 0.5) < 1e-9)
  }

  @Test func `counts the own caption among the five nearest`() {
    let candidates: [Float] = [1, 0, 0.9, 0, 0.8, 0, 0.7, 0, 0.6, 0, 0.5, 0]
    let retrieval = CaptionRetrieval(images: [1, 0, 1, 0], candidates: { _ in candidates }, own: [4, 5], width: 2)
    #expect(retrieval.topOne == 0 && retrieval.topFive == 0.5)
  }
}
