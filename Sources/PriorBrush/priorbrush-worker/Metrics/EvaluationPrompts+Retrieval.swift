import ImageMetrics
import PriorBrush

extension EvaluationPrompts {
  /// Measures how well images fit their prompts.
  ///
  /// The candidates for each image are the different names of all examples, on the background that its prompt names.
  ///
  /// - Parameters:
  ///   - images: Embeddings of one image a prompt.
  ///   - encoder: What embedded them.
  /// - Returns: The ranks of the images' own captions, grouped by background.
  /// - Throws: `MetricError` if an embedding is not finite.
  func retrieval(of images: FeatureSet, by encoder: EncoderMetrics) throws -> RetrievalScore {
    let exampleNames = exampleNames
    let names = Set(exampleNames).sorted()
    let positions = Dictionary(zip(names, names.indices), uniquingKeysWith: { first, _ in first })
    let groups = Dictionary(grouping: prompts.indices) { prompts[$0].background?.name }
    return try RetrievalScore(
      joining: groups.sorted { $0.value[0] < $1.value[0] }.map { background, rows in
        try RetrievalScore(
          images: images.subset(rows),
          captions: encoder.features(captions: names.map { Augmentation.caption($0, on: background) }),
          own: rows.compactMap { positions[exampleNames[prompts[$0].example]] })
      })
  }
}
