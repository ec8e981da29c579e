import NeuralNetwork

/// Draws training images with their captions as word numbers.
public struct TrainingExamples: Sendable {
  private let source: any ExampleSource
  private let vocabulary: Vocabulary

  /// Creates a source of training examples.
  ///
  /// - Parameters:
  ///   - source: Images and captions.
  ///   - vocabulary: The words to number.
  public init(source: any ExampleSource, vocabulary: Vocabulary) {
    self.source = source
    self.vocabulary = vocabulary
  }

  /// The side of the images, in pixels.
  var side: Int { source.resolution }

  /// Draws one example.
  ///
  /// - Parameters:
  ///   - image: Receives `R · R · 3` values in [-1, 1].
  ///   - stream: The source of randomness.
  /// - Returns: The caption's word numbers, the start word first.
  func draw(into image: UnsafeMutableBufferPointer<Float>, using stream: inout RandomStream) -> [Int32] {
    vocabulary.tokenize(source.draw(into: image, using: &stream).caption).ids
  }
}
