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
    let noise = Noise.values(
      seeds: seeds, stream: .generation, count: student.network.configuration.imageCount)
    return student.cleanImages(
      noise, times: [Float](repeating: studentTime, count: seeds.count), captions: captions, limit: 1)
  }
}
