import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `Batch runner` {
  private struct Failure: Error {}

  @Test(arguments: [1, 2, 5], [1, 3, 32])
  func `keeps the order for any number of threads and any batch`(threads: Int, batch: Int) throws {
    var runner = BatchRunner()
    (runner.threads, runner.batch) = (threads, batch)
    let seeds = (0..<11).map { UInt64($0 * $0) }
    let made = try runner.images(captions: Micro.captions().repeating(0, times: 11), seeds: seeds) {
      _, captions, seeds in
      #expect(captions.count == seeds.count && seeds.count <= batch)
      return seeds.map(Float.init)
    }
    #expect(made == seeds.map(Float.init))
  }

  @Test func `makes the same images in any batch`() throws {
    let models = try MicroModels()
    let set = try ModelSet(models.files)
    let captions = Micro.captions().rows([0, 1, 2, 3, 0, 1, 2])
    let seeds = (0..<7).map { UInt64($0) }
    func images(_ threads: Int, _ batch: Int) throws -> [Float] {
      var runner = BatchRunner()
      (runner.threads, runner.batch) = (threads, batch)
      return try runner.images(captions: captions, seeds: seeds) { session, captions, seeds in
        try set.priorBrush(session: session).generate(captions: captions, seeds: seeds, steps: 1).refined
      }
    }
    let whole = try images(1, 7)
    #expect(try distance(images(2, 7), whole) == 0)
    // Matrix products are blocked by the size of the batch, so the last bits may differ.
    #expect(try distance(images(2, 3), whole) < 1e-5)
    #expect(try distance(images(2, 1), whole) < 1e-5)
  }

  @Test func `passes an error on`() {
    #expect(throws: Failure.self) {
      try BatchRunner().images(captions: Micro.captions(), seeds: [1, 2, 3, 4]) { _, _, _ in throw Failure() }
    }
  }

  @Test func `makes nothing of nothing`() throws {
    let made = try BatchRunner().images(captions: Micro.captions().rows([Int]()), seeds: []) { _, _, _ in [1] }
    #expect(made.isEmpty)
  }
}
