import NeuralNetwork
import PriorBrush
import Testing

@Suite struct `U-Net` {
  @Test func `predicts zero before training`() {
    let velocity = predict(Weights(Micro.network.layout, seed: 1), rows: [0, 1])
    #expect(velocity.count == 2 * Micro.size)
    #expect(velocity.allSatisfy { $0 == 0 })
  }

  @Test func `treats every image of a batch as if it were alone`() {
    let batch = predict(Micro.teacher, rows: [0, 1, 2, 3])
    #expect(batch.contains { abs($0) > 0.1 })
    for row in 0..<4 {
      let alone = predict(Micro.teacher, rows: [row])
      #expect(distance(alone, batch[row * Micro.size..<(row + 1) * Micro.size]) < 1e-5)
    }
  }

  @Test func `depends on time and caption`() {
    let velocity = predict(Micro.teacher, rows: [0])
    #expect(distance(predict(Micro.teacher, rows: [0], time: 0.7), velocity) > 1e-3)
    #expect(distance(predict(Micro.teacher, rows: [0], captions: ["blue square"]), velocity) > 1e-3)
  }

  @Test func `does not see what fills up a caption`() throws {
    let words = try #require(Micro.encoder.layout.parameter(named: "words"))
    let changed = Micro.text.weights.copy()
    for index in 0..<Micro.configuration.textWidth { changed[words][index] = 100 }
    let session = Session()
    func velocity(_ weights: Weights) -> [Float] {
      let captions = EncodedCaptions([[1, 3, 4]], encoder: Micro.encoder, weights: weights, session: session)
      return Micro.denoiser(session: session).cleanImages(Micro.noise(1), times: [0.5], captions: captions)
    }
    #expect(distance(velocity(changed), velocity(Micro.text.weights)) == 0)
  }

  @Test func `sees the order of words after a few steps of training`() throws {
    let source = ShapesDataset(resolution: 16)
    let vocabulary = Vocabulary(covering: source.texts)
    let configuration = NetworkConfiguration.micro(vocabulary: vocabulary.count)
    var recipe = TeacherRecipe()
    // The rate rises over 200 steps; of these only the first are made.
    (recipe.batch, recipe.images, recipe.averageDecay, recipe.learningRate) = (4, 48, 0, 0.2)
    let training = try TeacherTraining(
      configuration, recipe: recipe, examples: TrainingExamples(source: source, vocabulary: vocabulary))
    while training.step < training.steps { _ = try training.advance() }
    let session = Session()
    let text = TextModel(
      vocabulary: vocabulary, encoder: TextEncoder(configuration), weights: training.average.text)
    let captions = text.encode(["red circle above blue square", "blue square above red circle"], session: session)
    let noise = Micro.noise(1)
    let clean = Denoiser(network: UNet(configuration), weights: training.average.network, session: session)
      .cleanImages(noise + noise, times: [0.8, 0.8], captions: captions)
    #expect(distance(clean[..<Micro.size], clean[Micro.size...]) > 1e-6)
  }

  private func predict(
    _ weights: Weights, rows: [Int], time: Float = 0.5,
    captions: [String] = ["red circle", "blue square", "green disc shape", "dark"]
  ) -> [Float] {
    let noise = Micro.noise(4)
    let session = Session()
    let text = Micro.captions(captions).rows(rows)
    session.reset(recording: false)
    let input = session.constant(
      Shape(rows.count, Micro.side, Micro.side, 3),
      copying: rows.flatMap { noise[$0 * Micro.size..<($0 + 1) * Micro.size] })
    return Micro.network(
      input, times: rows.map { time + 0.1 * Float($0) }, text: text.features(in: session),
      Pass(session: session, weights: weights)
    ).values
  }
}
