import PriorBrush
import Testing

@Suite struct NearestCaptionsTests {
  @Test func `each image finds the caption of the smallest angle, and the first of equals`() {
    let nearest = NearestCaptions(
      images: [1, 0, 0.6, 0.8, 0, -1], captions: [0, 1, 1, 0, 1, 0], width: 2)
    #expect(nearest.positions == [1, 0, 1])
    #expect(zip(nearest.cosines, [1, 0.8, 0]).allSatisfy { abs($0 - $1) < 1e-6 })
  }
}
