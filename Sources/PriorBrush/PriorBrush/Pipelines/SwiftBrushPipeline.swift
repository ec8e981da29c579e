import NeuralNetwork

/// The first stage: one network evaluation from noise to a coarse image.
///
/// - Source: `GenerateCoarse` of the paper's Algorithm 2; pipeline A of section 5.4.
public struct SwiftBrushPipeline {
  /// The distilled student.
  public var student: Denoiser
  /// The time at which the student sees its noise.
  public var studentTime: Float

  /// Creates the pipeline.
  ///
  /// - Parameters:
  ///   - student: The distilled student.
  ///   - studentTime: The time the student was distilled at.
  public init(student: Denoiser, studentTime: Float = 1) {
    self.student = student
    self.studentTime = studentTime
  }

  /// Generates coarse images.
  ///
  /// - Parameters:
  ///   - captions: `N` encoded captions.
  ///   - seeds: The seed of each image; the noise is stream 0 of it.
  /// - Returns: `N · R · R · 3` values in [-1, 1].
  public func generate(captions: EncodedCaptions, seeds: [UInt64]) -> [Float] {
    let noise = Self.noise(seeds: seeds, side: student.network.configuration.resolution)
    return student.cleanImages(
      noise, times: [Float](repeating: studentTime, count: seeds.count), captions: captions, limit: 1)
  }

  /// Returns the noise that images are made of.
  ///
  /// - Parameters:
  ///   - seeds: The seed of each image.
  ///   - side: Side of the images in pixels.
  /// - Returns: `N · side · side · 3` normal numbers.
  public static func noise(seeds: [UInt64], side: Int) -> [Float] {
    Noise.values(seeds: seeds, stream: .generation, count: side * side * 3)
  }
}
