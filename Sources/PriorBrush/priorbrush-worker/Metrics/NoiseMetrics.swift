import ImageMetrics
import PriorBrush
import WorkerProtocol

/// What the noise of a generator does to its images, by pixels alone.
enum NoiseMetrics {
  /// The noise that comes through to the border, and how much the images of a prompt differ.
  ///
  /// - Parameters:
  ///   - images: `perPrompt` images of each prompt in a row, `side · side · 3` values each.
  ///   - noise: What each was made of, or nil where nothing of this size was.
  ///   - side: Their side in pixels, a multiple of 4.
  ///   - perPrompt: At least 2.
  /// - Returns: Deviation, leak and coarse variety.
  /// - Throws: `MetricError` if the images are not `perPrompt` of each prompt.
  static func metrics(
    _ images: [Float], noise: [Float]?, side: Int, perPrompt: Int
  ) throws -> [TaskMeasurements.Metric] {
    let border = try BorderNoise(images, noise: noise, side: side, perPrompt: perPrompt)
    var metrics: [TaskMeasurements.Metric] = [.init(name: "border.deviation", value: border.deviation)]
    if noise != nil {
      metrics.append(.init(name: "leak.slope", value: border.slope))
      metrics.append(.init(name: "leak.correlation", value: border.correlation))
    }
    return metrics + [.init(name: "variety.coarse", value: coarseVariety(images, side: side, perPrompt: perPrompt))]
  }

  /// The standard deviation within a prompt of means of 4 × 4 pixels, over which noise cancels out and shapes do not.
  private static func coarseVariety(_ images: [Float], side: Int, perPrompt: Int) -> Double {
    let blocks = BoxReduction.reduced(images, side: side, to: side / 4)
    let size = side * side * 3 / 16
    let prompts = blocks.count / (size * perPrompt)
    var sum = 0.0
    for prompt in 0..<prompts {
      for place in 0..<size {
        let values = (0..<perPrompt).map { Double(blocks[(prompt * perPrompt + $0) * size + place]) }
        let mean = values.reduce(0, +) / Double(perPrompt)
        sum += values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      }
    }
    return (sum / Double(prompts * size * (perPrompt - 1))).squareRoot()
  }
}
