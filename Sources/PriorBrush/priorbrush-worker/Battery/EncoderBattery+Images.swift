import ImageMetrics
import NeuralNetwork
import PriorBrush
import Statistics

/// The checks that need nothing but real images.
extension EncoderBattery {
  func realSplit() throws -> EncoderFinding {
    let distances = try distances(realImages(set: 1))
    let (value, error) = (distances.kernel.value, distances.kernel.standardError)
    return EncoderFinding(
      statistic: abs(value) / error, threshold: 1.96, passes: distances.kernel.interval.contains(0),
      details: [("frechet", distances.frechet), ("kernel", value), ("kernel.error", error)])
  }

  func severity(_ distortion: Distortion) throws -> EncoderFinding {
    let original = originals
    var details: [(name: String, value: Double)] = []
    var columns: [[Double]] = [[], [], []]
    for (index, level) in distortion.levels.enumerated() {
      let distorted = distortion.applied(to: original, side: side, level: level, seed: seed)
      let distances = try distances(distorted)
      let perceptual = space.perceptualDistances(original, distorted, session: session)
      let mean = perceptual.reduce(0, +) / Double(perceptual.count)
      for (column, value) in [distances.frechet, distances.kernel.value, mean].enumerated() {
        columns[column].append(value)
        details.append(("\(["frechet", "kernel", "perceptual"][column]).\(index + 1)", value))
      }
    }
    let orders = try columns.map { try RankCorrelation(distortion.levels, $0).spearman }
    let worst = orders.min() ?? 0
    return EncoderFinding(statistic: worst, threshold: 1, passes: worst > 1 - 1e-9, details: details)
  }

  func pairs() throws -> EncoderFinding {
    let original = originals
    var (right, all) = (0, 0)
    var details: [(name: String, value: Double)] = []
    for distortion in Distortion.allCases {
      let distances = distortion.levels.map { level in
        space.perceptualDistances(
          original, distortion.applied(to: original, side: side, level: level, seed: seed), session: session)
      }
      let decided = zip(distances, distances.dropFirst()).reduce(0) { sum, levels in
        sum + zip(levels.0, levels.1).count { $0 < $1 }
      }
      let compared = (distortion.levels.count - 1) * count
      details.append(("accuracy.\(distortion.rawValue)", Double(decided) / Double(compared)))
      right += decided
      all += compared
    }
    let accuracy = Double(right) / Double(all)
    return EncoderFinding(statistic: accuracy, threshold: 0.95, passes: accuracy >= 0.95, details: details)
  }

  /// Compares images blurred by a pixel with the same images and so much noise that both have the same squared error.
  ///
  /// A distance that finds the blurred ones nearer rewards a smoothing that costs fine detail. The statistic is the ratio of the Fréchet
  /// distances; the kernel distance, which may be negative, must be in the same order.
  func blurAgainstSpeckle() throws -> EncoderFinding {
    let blurred = Distortion.blur.applied(to: originals, side: side, level: 1, seed: seed)
    let error = zip(blurred, originals).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
    let speckled = Self.speckled(originals, squaredError: error, seed: seed)
    let (blur, speckle) = (try distances(blurred), try distances(speckled))
    let ratio = blur.frechet / speckle.frechet
    return EncoderFinding(
      statistic: ratio, threshold: 1, passes: ratio > 1 && blur.kernel.value > speckle.kernel.value,
      details: [
        ("error", (error / Double(originals.count)).squareRoot()), ("frechet.blur", blur.frechet),
        ("frechet.speckle", speckle.frechet), ("kernel.blur", blur.kernel.value),
        ("kernel.speckle", speckle.kernel.value),
      ])
  }

  /// Adds noise, limits the values to [-1, 1], and does so as strongly as the squared error asks for.
  private static func speckled(_ images: [Float], squaredError: Double, seed: UInt64) -> [Float] {
    var stream = RandomStream(seed: seed, stream: 13)
    let noise = images.map { _ in stream.normal() }
    func noised(_ deviation: Float) -> [Float] {
      zip(images, noise).map { min(max($0 + deviation * $1, -1), 1) }
    }
    var (low, high): (Float, Float) = (0, 2)
    for _ in 0..<24 {
      let middle = (low + high) / 2
      let error = zip(noised(middle), images).reduce(0.0) { $0 + Double(($1.0 - $1.1) * ($1.0 - $1.1)) }
      if error < squaredError { low = middle } else { high = middle }
    }
    return noised(low)
  }

  func modeDropping() throws -> EncoderFinding {
    let groups = Set(dataset.examples.map(\.subgroup))
    let shares = [0, 0.1, 0.25, 0.5, 0.75]
    let names = ["frechet", "kernel", "coverage", "recall", "precision"]
    var columns = [[Double]](repeating: [], count: names.count)
    for share in shares {
      let overlaps = try (1...4).map { set in try leavingOut(share, of: groups, set: UInt64(set)) }
      for column in columns.indices { columns[column].append(overlaps.reduce(0) { $0 + $1[column] } / 4) }
    }
    let orders = try zip(columns, [1.0, 1, -1]).map { column, sign in
      try RankCorrelation(shares, column.map { $0 * sign }).spearman
    }
    let worst = orders.min() ?? 0
    let precision = columns[4]
    let loss = precision[0] - (precision.min() ?? 0)
    let details = zip(names, columns).flatMap { name, values in
      zip(shares, values).map { (name: "\(name).\(Int($0 * 100))", value: $1) }
    }
    return EncoderFinding(
      statistic: worst, threshold: 1, passes: worst > 1 - 1e-9 && loss <= 0.1, details: details)
  }

  /// Fréchet and kernel distance, coverage, recall and precision of real images that lack a share of the groups.
  private func leavingOut(
    _ share: Double, of groups: Set<String>, set: UInt64
  ) throws -> [Double] {
    let dropped = Set(shuffled(groups, set: set).prefix(Int((Double(groups.count) * share).rounded())))
    var kept = dataset
    kept.examples.removeAll { dropped.contains($0.subgroup) }
    let features = try features(of: prompts(set: set, of: kept).realImages(seed: seed + set))
    let overlap = try ManifoldOverlap(features, reference)
    return [
      try FrechetDistance(features, reference).value, try KernelDistance(features, reference).value, overlap.coverage,
      overlap.recall, overlap.precision,
    ]
  }

  func alignment(_ split: EvaluationPrompts.Split) throws -> EncoderFinding {
    let prompts = try prompts(from: split)
    let images = try features(of: prompts.realImages(seed: seed))
    let captions = try FeatureSet(space.embed(captions: prompts.texts, session: session), width: EmbeddingSpace.width)
    func cosine(_ image: Int, _ caption: Int) -> Float {
      let (a, b) = (image * images.width, caption * captions.width)
      return (0..<images.width).reduce(0) { $0 + images.values[a + $1] * captions.values[b + $1] }
    }
    let matched = (0..<count).map { cosine($0, $0) }
    let others = (0..<count).flatMap { image in
      (1...8).map { cosine(image, (image + $0 * count / 9) % count) }
    }
    let wins = matched.reduce(0.0) { sum, own in
      sum + Double(others.count { $0 < own }) + Double(others.count { $0 == own }) / 2
    }
    let area = wins / Double(matched.count * others.count)
    let names = shuffled(Set(prompts.texts)).prefix(100)
    let chosen = prompts.texts.indices.filter { names.contains(prompts.texts[$0]) }
    let places = Dictionary(zip(names, 0...), uniquingKeysWith: { first, _ in first })
    let retrieval = try RetrievalScore(
      images: images.subset(chosen),
      captions: FeatureSet(space.embed(captions: Array(names), session: session), width: EmbeddingSpace.width),
      own: chosen.compactMap { places[prompts.texts[$0]] })
    let (needed, recall) = split == .training ? (0.95, 0.5) : (0.8, 0.2)
    return EncoderFinding(
      statistic: area, threshold: needed, passes: area >= needed && retrieval.recall(at: 5) >= recall,
      details: [("recall.5", retrieval.recall(at: 5)), ("recall.1", retrieval.recall(at: 1))])
  }
}
