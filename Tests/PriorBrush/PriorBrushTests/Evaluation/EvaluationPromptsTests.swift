import NeuralNetwork
import PNGImage
import PriorBrush
import Testing
import TestSupport

@Suite struct `Evaluation prompts` {
  private let dataset = sampleSet(count: 10, side: 64)
  private let sampler: ExampleSampler

  init() throws {
    sampler = try ExampleSampler(dataset: dataset, resolution: 16)
  }

  @Test func `are the same for the same seed`() {
    let first = EvaluationPrompts(sampler, count: 40, seed: 1)
    let second = EvaluationPrompts(sampler, count: 40, seed: 1)
    #expect(first.texts == second.texts)
    #expect(distance(first.realImages(seed: 5), second.realImages(seed: 5)) == 0)
    #expect(distance(first.realImages(seed: 6), second.realImages(seed: 5)) > 0.1)
    #expect(EvaluationPrompts(sampler, count: 40, seed: 2).texts != first.texts)
    #expect(Array(EvaluationPrompts(sampler, count: 60, seed: 1).texts.prefix(40)) == first.texts)
  }

  @Test func `name trained examples on trained backgrounds`() {
    let prompts = EvaluationPrompts(sampler, count: 2000, seed: 3).prompts
    let heldOut = sampler.heldOutPairs
    #expect(!heldOut.isEmpty)
    for prompt in prompts {
      #expect(!dataset.examples[prompt.example].isHeldOut)
      #expect(!heldOut.contains { $0.index == prompt.example && $0.colour == prompt.background })
      #expect(
        prompt.text == Augmentation.caption(dataset.examples[prompt.example].caption, on: prompt.background?.name))
    }
    let white = Double(prompts.count { $0.background == nil }) / 2000
    #expect(abs(white - 0.65) < 0.04)
  }

  @Test func `name no background of opaque images`() throws {
    let opaque = try ExampleSampler(
      dataset: ShapesDataset(resolution: 64).captioned(count: 30), resolution: 16)
    let prompts = EvaluationPrompts(opaque, count: 50, seed: 1)
    #expect(prompts.prompts.allSatisfy { $0.background == nil })
    #expect(prompts.prompts.allSatisfy { $0.text == opaque.dataset.examples[$0.example].caption })
  }

  @Test func `find every real image among their versions`() {
    let prompts = EvaluationPrompts(sampler, count: 12, seed: 4)
    let real = prompts.realImages(seed: 7)
    #expect(distance(prompts.nearestReal(to: real), real) == 0)
    var stream = RandomStream(seed: 1, stream: 0)
    let noisy = real.map { $0 + 0.01 * stream.normal() }
    #expect(distance(prompts.nearestReal(to: noisy), real) < 0.5)
    func squares(_ a: [Float], _ b: [Float]) -> Float { zip(a, b).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) } }
    #expect(squares(prompts.nearestReal(to: noisy), noisy) <= squares(real, noisy))
  }

  @Test func `are embedded as unit vectors, images in any number`() throws {
    let folder = try TemporaryFolder()
    let (space, _) = try embeddingSpace(in: folder)
    #expect(space.resolution == 16)
    let images = Micro.images(70)
    let session = Session()
    let embedded = space.embed(images: images, session: session)
    #expect(embedded.count == 70 * EmbeddingSpace.width)
    let alone = space.embed(images: Array(images[(69 * Micro.size)...]), session: session)
    #expect(distance(alone, embedded[(69 * EmbeddingSpace.width)...]) < 1e-5)
    for row in [0, 64, 69] {
      let vector = embedded[row * EmbeddingSpace.width..<(row + 1) * EmbeddingSpace.width]
      #expect(abs(vector.reduce(0) { $0 + $1 * $1 } - 1) < 1e-4)
    }
  }

  @Test func `cannot be embedded by an encoder of another vocabulary`() throws {
    let folder = try TemporaryFolder()
    _ = try embeddingSpace(in: folder)
    let error = #expect(throws: PriorBrushError.self) {
      try EmbeddingSpace(contentsOf: folder.path + "/encoder", vocabulary: Vocabulary(covering: ["other"]))
    }
    #expect(error?.code == .invalidModel && error?.message.contains("was trained with") == true)
  }

  private func embeddingSpace(in folder: TemporaryFolder) throws -> (EmbeddingSpace, Vocabulary) {
    let vocabulary = Vocabulary(covering: sampler.texts)
    let encoder = ImageTextEncoder(vocabulary: vocabulary.count, resolution: 16)
    let path = folder.path + "/encoder"
    try ModelFile.write(
      path, kind: .encoder, configuration: .micro(vocabulary: vocabulary.count),
      weights: [("encoder.", Weights(encoder.layout, seed: 3))])
    return (try EmbeddingSpace(contentsOf: path, vocabulary: vocabulary), vocabulary)
  }
}
