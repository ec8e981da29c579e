public import NeuralNetwork

extension EvaluationPrompts {
  /// Measures how well images fit their prompts.
  ///
  /// The candidates for each image are the names of all examples on the background that its prompt names.
  ///
  /// - Parameters:
  ///   - images: Embeddings of one image a prompt.
  ///   - space: The embedding space.
  ///   - session: The calling thread's session; it is reset.
  /// - Returns: Mean cosine and top-1 retrieval.
  public func retrieval(of images: [Float], in space: EmbeddingSpace, session: Session) -> CaptionRetrieval {
    var candidates: [String?: [Float]] = [:]
    for background in Set(prompts.map(\.background?.name)) {
      candidates[background] = space.embed(
        captions: exampleNames.map { Augmentation.caption($0, on: background) }, session: session)
    }
    return CaptionRetrieval(
      images: images, candidates: { candidates[prompts[$0].background?.name] ?? [] }, own: prompts.map(\.example),
      width: EmbeddingSpace.width)
  }
}
