/// How much the images of one prompt differ from each other.
public struct PromptDiversity: Sendable {
  /// The mean over prompts of the mean distance between two images of the prompt.
  public let value: Double
  /// The mean distance within each prompt with at least two images, in the order in which prompts first appear.
  public let perPrompt: [Double]

  /// Measures a set.
  ///
  /// A prompt counts once however many images it has, because prompts and not images are independent.
  ///
  /// - Parameters:
  ///   - features: Vectors of generated images.
  ///   - prompts: For each vector a number of its prompt.
  /// - Throws: `MetricError` with code `.countMismatch`, or `.tooFew` if no prompt has two images.
  /// - Complexity: O(Σ m² · d) for prompts of m images.
  public init(_ features: FeatureSet, prompts: [Int]) throws(MetricError) {
    guard prompts.count == features.count else {
      throw MetricError(
        .countMismatch, "\(prompts.count) prompts for \(features.count) images; give the prompt of each image")
    }
    var places: [Int: [Int]] = [:]
    var order: [Int] = []
    for (place, prompt) in prompts.enumerated() {
      if places[prompt] == nil { order.append(prompt) }
      places[prompt, default: []].append(place)
    }
    var means: [Double] = []
    for prompt in order {
      guard let own = places[prompt], own.count > 1 else { continue }
      let set = features.subset(own)
      var sum = 0.0
      PairwiseDistances(set, set).forEachRow { row, distances in
        for column in 0..<row { sum += distances[column] }
      }
      means.append(2 * sum / Double(own.count * (own.count - 1)))
    }
    guard !means.isEmpty else {
      throw MetricError(.tooFew, "no prompt has two images; generate each prompt with several seeds")
    }
    perPrompt = means
    value = means.reduce(0, +) / Double(means.count)
  }
}
