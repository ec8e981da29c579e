import ImageMetrics
import NeuralNetwork
import PNGImage
import PriorBrush

/// The checks that compare the trained systems.
extension EncoderBattery {
  /// Images of the prompts of the reference set; the same noise for every system.
  func images(of name: String, _ models: ModelSet) throws -> [Float] {
    let system = try GenerationSystem(named: name)
    let captions = models.text.encode(try prompts().texts, session: session)
    let seeds = (0..<count).map { seed << 32 + UInt64($0) }
    return try BatchRunner().images(captions: captions, seeds: seeds) { session, captions, seeds in
      try system.images(models, captions: captions, seeds: seeds, session: session)
    }
  }

  func ranking(_ models: ModelSet) throws -> EncoderFinding {
    var stream = RandomStream(seed: seed, stream: 9)
    let noise = (0..<count * side * side * 3).map { _ in min(max(stream.normal(), -1), 1) }
    let sets = [
      ("student", try images(of: "student", models)), ("placebo", try images(of: "placebo:5", models)),
      ("noise", noise),
    ]
    var details: [(name: String, value: Double)] = []
    var (frechet, kernel): ([Double], [Double]) = ([], [])
    for (name, images) in sets {
      let distances = try distances(images)
      frechet.append(distances.frechet)
      kernel.append(distances.kernel.value)
      details += [("frechet.\(name)", distances.frechet), ("kernel.\(name)", distances.kernel.value)]
    }
    let violations = [frechet, kernel].reduce(0) { sum, column in
      sum + zip(column, column.dropFirst()).count { $0 >= $1 }
    }
    return EncoderFinding(statistic: Double(violations), threshold: 0, passes: violations == 0, details: details)
  }

  func duplication(_ models: ModelSet) throws -> EncoderFinding {
    let generated = try images(of: "student", models)
    let copies = try prompts().realImages(seed: seed + 1)
    let half = count / 2 * side * side * 3
    let mixed = Array(copies[..<half] + generated[half...])
    let (before, after) = (try distances(generated), try distances(mixed))
    let ratio = after.frechet / before.frechet
    return EncoderFinding(
      statistic: ratio, threshold: 1, passes: ratio < 1 && after.kernel.value < before.kernel.value,
      details: [("frechet", after.frechet), ("kernel", after.kernel.value)])
  }

  /// Signs of the differences to the student, by this encoder, another one, and the sliced Wasserstein distance.
  func agreement(with other: EmbeddingSpace, _ models: ModelSet) throws -> EncoderFinding {
    let second = try EncoderBattery(space: other, dataset: dataset, session: session, count: count, seed: seed)
    let pictured = pictures(originals)
    func judged(_ images: [Float]) throws -> [Double] {
      [
        try distances(images).kernel.value, try second.distances(images).kernel.value,
        try SlicedWassersteinDistance(pictures(images), pictured).mean,
      ]
    }
    let student = try judged(images(of: "student", models))
    var details: [(name: String, value: Double)] = []
    var (agreed, all) = (0, 0)
    for system in ["priorbrush:2", "teacher:20", "placebo:5"] {
      let differences = zip(try judged(images(of: system, models)), student).map { $0 - $1 }
      for (judge, difference) in zip(["encoder", "other", "sliced"], differences) {
        details.append(("\(judge).\(system)", difference))
      }
      all += 1
      if Set(differences.map { $0 < 0 }).count == 1 { agreed += 1 }
    }
    return EncoderFinding(
      statistic: Double(agreed) / Double(all), threshold: 1, passes: agreed == all, details: details)
  }

  private func pictures(_ images: [Float]) -> [Image] {
    (0..<count).map { Image(side: side, batch: images, row: $0) }
  }
}
