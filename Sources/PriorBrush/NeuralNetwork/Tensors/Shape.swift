/// The extents of a tensor, `[N, H, W, C]`.
public struct Shape: Hashable, Sendable, CustomStringConvertible {
  /// Samples, N.
  public var batch: Int
  /// Rows of pixels, H; 1 for vectors and tokens.
  public var height: Int
  /// Columns of pixels, W; the number of tokens for token tensors.
  public var width: Int
  /// Channels, C; they lie next to each other in memory.
  public var channels: Int

  /// Creates the shape `[N, H, W, C]`.
  public init(_ batch: Int, _ height: Int, _ width: Int, _ channels: Int) {
    self.batch = batch
    self.height = height
    self.width = width
    self.channels = channels
  }

  /// The number of elements.
  public var count: Int { batch * height * width * channels }

  /// The number of pixels (or tokens) of all samples together: N · H · W.
  public var rows: Int { batch * height * width }

  /// The number of pixels (or tokens) of one sample: H · W.
  public var pixels: Int { height * width }

  /// One vector a sample: `[N, 1, 1, C]`.
  public static func vectors(_ batch: Int, _ channels: Int) -> Shape { Shape(batch, 1, 1, channels) }

  /// A sequence of tokens a sample: `[N, 1, T, C]`.
  public static func tokens(_ batch: Int, _ tokens: Int, _ channels: Int) -> Shape { Shape(batch, 1, tokens, channels) }

  /// The extents as `[N, H, W, C]`.
  public var description: String { "[\(batch), \(height), \(width), \(channels)]" }
}
