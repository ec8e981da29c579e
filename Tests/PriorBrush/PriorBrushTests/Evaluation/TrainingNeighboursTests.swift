import NeuralNetwork
import PriorBrush
import Testing
import TestSupport

@Suite struct `Training neighbours` {
  @Test func `find planted copies, whatever their shift, mirror and background`() throws {
    let dataset = sampleSet(count: 12, side: 64)
    let sampler = try ExampleSampler(dataset: dataset, resolution: 16)
    let folder = try TemporaryFolder()
    let vocabulary = Vocabulary(covering: sampler.texts)
    let encoder = ImageTextEncoder(vocabulary: vocabulary.count, resolution: 16)
    let path = folder.path + "/encoder"
    try ModelFile.write(
      path, kind: .encoder, configuration: .micro(vocabulary: vocabulary.count),
      weights: [("encoder.", Weights(encoder.layout, seed: 3))])
    let space = try EmbeddingSpace(contentsOf: path, vocabulary: vocabulary)
    let neighbours = TrainingNeighbours(sampler, space: space, session: Session())

    let prompts = EvaluationPrompts(sampler, count: 20, seed: 3)
    let copies = neighbours.findings(for: prompts.realImages(seed: 4), of: prompts)
    #expect(copies.count == 20)
    for (finding, prompt) in zip(copies, prompts.prompts) {
      #expect(finding.pixelDistance < 1e-5 && finding.example == prompt.example)
      #expect(finding.secondPixelDistance > finding.pixelDistance)
    }
    #expect(prompts.repeated(2).texts == prompts.texts.flatMap { [$0, $0] })

    var stream = RandomStream(seed: 1, stream: 0)
    let noise = (0..<20 * Micro.size).map { _ in min(max(stream.normal(), -1), 1) }
    let strangers = neighbours.findings(for: noise, of: prompts)
    #expect(strangers.allSatisfy { $0.pixelDistance > 0.3 && $0.embeddedDistance > 0 && $0.image.count == Micro.size })
  }

  @Test func `prompts of a split without examples are refused`() throws {
    var dataset = sampleSet(count: 6, side: 64)
    for index in dataset.examples.indices { dataset.examples[index].isHeldOut = false }
    let sampler = try ExampleSampler(dataset: dataset, resolution: 16)
    let error = #expect(throws: DatasetError.self) {
      try EvaluationPrompts(sampler, drawing: 4, seed: 1, split: .heldOut)
    }
    #expect(error?.code == .empty && error?.message.contains("keeps no example from training") == true)
    #expect(try EvaluationPrompts(sampler, drawing: 4, seed: 1, split: .training).prompts.count == 4)
  }
}

@Suite struct `Box reduction` {
  @Test func `is the mean of square blocks`() {
    let images: [Float] = (0..<2 * 4 * 4 * 3).map { Float($0 % 7) }
    let small = BoxReduction.reduced(images, side: 4, to: 2)
    #expect(small.count == 2 * 2 * 2 * 3)
    for image in 0..<2 {
      for row in 0..<2 {
        for column in 0..<2 {
          for channel in 0..<3 {
            func value(_ y: Int, _ x: Int) -> Float { images[((image * 4 + y) * 4 + x) * 3 + channel] }
            let mean =
              (value(2 * row, 2 * column) + value(2 * row, 2 * column + 1) + value(2 * row + 1, 2 * column)
                + value(2 * row + 1, 2 * column + 1)) / 4
            #expect(abs(small[((image * 2 + row) * 2 + column) * 3 + channel] - mean) < 1e-6)
          }
        }
      }
    }
    #expect(BoxReduction.reduced(images, side: 4, to: 4) == images)
  }
}
