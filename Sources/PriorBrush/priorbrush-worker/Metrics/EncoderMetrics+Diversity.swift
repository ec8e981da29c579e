import PriorBrush
import Statistics
import WorkerProtocol

extension EncoderMetrics {
  /// The mean perceptual distance of two images of one prompt, with the interval over prompts.
  ///
  /// - Parameters:
  ///   - images: `perPrompt` images of each prompt in a row.
  ///   - side: Their side in pixels.
  ///   - perPrompt: At least 2.
  /// - Returns: The mean over prompts, with the ends of its interval.
  /// - Throws: If there are too few prompts for an interval.
  func diversity(_ images: [Float], side: Int, perPrompt: Int) throws -> [TaskMeasurements.Metric] {
    let size = side * side * 3
    let count = images.count / (size * perPrompt)
    var (first, second): ([Float], [Float]) = ([], [])
    for prompt in 0..<count {
      for one in 1..<perPrompt {
        for other in 0..<one {
          let (a, b) = ((prompt * perPrompt + one) * size, (prompt * perPrompt + other) * size)
          first += images[a..<a + size]
          second += images[b..<b + size]
        }
      }
    }
    let distances = space.perceptualDistances(first, second, session: session)
    let pairs = perPrompt * (perPrompt - 1) / 2
    let means = (0..<count).map { prompt in
      distances[prompt * pairs..<(prompt + 1) * pairs].reduce(0, +) / Double(pairs)
    }
    let interval = try meanInterval(of: means)
    return [
      .init(name: "diversity", value: mean(of: means)), .init(name: "diversity.low", value: interval.lower),
      .init(name: "diversity.high", value: interval.upper),
    ]
  }
}
