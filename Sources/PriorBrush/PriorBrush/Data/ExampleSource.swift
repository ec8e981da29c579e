/// What one draw put into the pixels.
public struct DrawnExample: Sendable, Equatable {
  /// The caption of the draw.
  public var caption: String
  /// The index of the example in its source.
  public var index: Int

  /// Creates a description of a draw.
  ///
  /// - Parameters:
  ///   - caption: The caption of the draw.
  ///   - index: The index of the example in its source.
  public init(caption: String, index: Int) {
    self.caption = caption
    self.index = index
  }
}

/// An endless supply of training images with captions.
public protocol ExampleSource: Sendable {
  /// The side of the images, in pixels.
  var resolution: Int { get }

  /// Every text that a vocabulary must cover.
  var texts: [String] { get }

  /// Draws a training example; what is held out is never drawn.
  ///
  /// Depends on the generator only. May be called from several threads at once, each with its own generator.
  ///
  /// - Parameters:
  ///   - pixels: Receives `resolution * resolution * 3` values in [-1, 1], `[H, W, C]`.
  ///   - generator: The source of randomness.
  /// - Returns: The caption and the index.
  func draw(
    into pixels: UnsafeMutableBufferPointer<Float>, using generator: inout some RandomNumberGenerator
  ) -> DrawnExample
}

extension ExampleSource {
  /// Draws training examples one after the other.
  ///
  /// - Parameters:
  ///   - count: How many.
  ///   - pixels: Receives `count * resolution * resolution * 3` values in [-1, 1], `[N, H, W, C]`.
  ///   - generator: The source of randomness.
  /// - Returns: The captions and indices, in order.
  public func draw(
    _ count: Int, into pixels: UnsafeMutableBufferPointer<Float>, using generator: inout some RandomNumberGenerator
  ) -> [DrawnExample] {
    let size = resolution * resolution * 3
    precondition(pixels.count >= count * size, "room for \(pixels.count) values, \(count * size) needed")
    return (0..<count).map { index in
      draw(into: UnsafeMutableBufferPointer(rebasing: pixels[(index * size)..<((index + 1) * size)]), using: &generator)
    }
  }
}
