public import NeuralNetwork

extension EvaluationPrompts {
  /// Measures how well images fit their prompts.
  ///
  /// The candidates for each image are the different names of all examples, on the background that its prompt names.
  ///
  /// - Parameters:
  ///   - images: Embeddings of one image a prompt.
  ///   - space: The embedding space.
  ///   - session: The calling thread's session; it is reset.
  /// - Returns: Mean cosine and top-1 retrieval.
  public func retrieval(of images: [Float], in space: EmbeddingSpace, session: Session) -> CaptionRetrieval {
    let exampleNames = exampleNames
    let names = Set(exampleNames).sorted()
    let positions = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    var candidates: [String?: [Float]] = [:]
    for background in Set(prompts.map(\.background?.name)) {
      candidates[background] = space.embed(
        captions: names.map { Augmentation.caption($0, on: background) }, session: session)
    }
    return CaptionRetrieval(
      images: images, candidates: { candidates[prompts[$0].background?.name] ?? [] },
      own: prompts.map { positions[exampleNames[$0.example]] ?? 0 }, width: EmbeddingSpace.width)
  }
}
