import JSON

/// The sizes of the text encoder and of the U-Net that teacher, student, fake score and refiner share.
public struct NetworkConfiguration: Sendable, Equatable {
  /// Side of the square image in pixels.
  public var resolution: Int
  /// Side of the pixel blocks that are folded into channels before the first convolution.
  public var patch: Int
  /// Channels at full, half and quarter folded resolution.
  public var widths: [Int]
  /// Number of words, the padding and the start word included.
  public var vocabulary: Int
  /// Words in a caption, the start word included; longer captions are cut.
  public var captionLength: Int
  /// Channels of a word.
  public var textWidth: Int
  /// Channels of the time and caption embedding.
  public var embedding: Int
  /// Image-shaped inputs beside the noisy image, of `resolution` × `resolution` × 3 each: 0 for teacher and student.
  public var extraImages: Int

  /// Creates a configuration; the defaults are the ones of the shipped 32-pixel models.
  ///
  /// - Parameters:
  ///   - resolution: Side of the image in pixels, a multiple of `4 · patch`.
  ///   - patch: Side of a folded block in pixels.
  ///   - widths: Three channel counts, multiples of 16; the last two also multiples of the head width 32.
  ///   - vocabulary: Number of words.
  ///   - captionLength: Words in a caption.
  ///   - textWidth: Channels of a word.
  ///   - embedding: Channels of the time and caption embedding.
  ///   - extraImages: Number of conditioning images.
  public init(
    resolution: Int = 32, patch: Int = 2, widths: [Int] = [48, 96, 192], vocabulary: Int, captionLength: Int = 16,
    textWidth: Int = 96, embedding: Int = 192, extraImages: Int = 0
  ) {
    self.resolution = resolution
    self.patch = patch
    self.widths = widths
    self.vocabulary = vocabulary
    self.captionLength = captionLength
    self.textWidth = textWidth
    self.embedding = embedding
    self.extraImages = extraImages
  }

  /// Returns the small configuration for 16-pixel images that trains in seconds.
  ///
  /// - Parameter vocabulary: Number of words.
  /// - Returns: Widths 16, 32, 32 on 8 × 8 folded pixels.
  public static func micro(vocabulary: Int) -> NetworkConfiguration {
    NetworkConfiguration(
      resolution: 16, patch: 2, widths: [16, 32, 32], vocabulary: vocabulary, captionLength: 16, textWidth: 32,
      embedding: 64)
  }

  /// Values in one image.
  public var imageCount: Int { resolution * resolution * 3 }

  /// Side of the folded image.
  public var side: Int { resolution / patch }
}
