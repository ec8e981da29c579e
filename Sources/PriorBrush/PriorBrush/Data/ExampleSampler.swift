import PNGImage

/// Draws varied training examples from a data set, a few microseconds each.
public struct ExampleSampler: ExampleSource {
  /// The data set.
  public let dataset: CaptionedDataset
  /// The side of the drawn images: 16, 32 or 64 pixels.
  public let resolution: Int
  /// How examples are varied.
  public let augmentation: Augmentation

  private let planes: ForegroundPlanes
  private let training: [Int]
  private let colours: [[Int]]

  /// Prepares the images of a data set for fast drawing.
  ///
  /// - Parameters:
  ///   - dataset: The data set, with at least one training example.
  ///   - resolution: The side of the drawn images: 16, 32 or 64 pixels.
  ///   - augmentation: How examples are varied.
  /// - Throws: `DatasetError` with code `.empty` if nothing is left to train on.
  public init(
    dataset: CaptionedDataset, resolution: Int, augmentation: Augmentation = Augmentation()
  ) throws(DatasetError) {
    precondition(
      resolution > 0 && Augmentation.canvasSide % resolution == 0, "a sampler for \(resolution) pixels; 16, 32 or 64")
    training = dataset.trainingIndices
    guard !training.isEmpty else {
      throw DatasetError(
        .empty, path: dataset.name, message: "data set \(dataset.name) has no training example; add images to it")
    }
    self.dataset = dataset
    self.resolution = resolution
    self.augmentation = augmentation
    planes = ForegroundPlanes(dataset, augmentation)
    colours = dataset.examples.map { example in
      augmentation.backgrounds.indices.filter {
        !augmentation.isHeldOut(id: example.id, colour: augmentation.backgrounds[$0].name)
      }
    }
  }

  /// All captions and keywords, and the words for backgrounds.
  public var texts: [String] {
    dataset.texts + augmentation.backgrounds.map { Augmentation.caption("", on: $0.name) }
  }

  /// The pairs of a training example and a background colour that are never drawn, in order.
  public var heldOutPairs: [(index: Int, colour: NamedColour)] {
    training.filter { planes.isTranslucent[$0] }.flatMap { index in
      augmentation.backgrounds.indices.filter { !colours[index].contains($0) }.map {
        (index, augmentation.backgrounds[$0])
      }
    }
  }

  /// Returns the backgrounds that captions of an example may name in training.
  ///
  /// - Parameter index: The index of the example in the data set.
  /// - Returns: All but the held-out colours; none if the image is opaque.
  public func namedBackgrounds(of index: Int) -> [NamedColour] {
    planes.isTranslucent[index] ? colours[index].map { augmentation.backgrounds[$0] } : []
  }

  /// Draws a training example; held-out captions and held-out pairs are never drawn.
  ///
  /// - Parameters:
  ///   - pixels: Receives `resolution * resolution * 3` values in [-1, 1], `[H, W, C]`.
  ///   - generator: The source of randomness.
  /// - Returns: The caption and the index of the example in the data set.
  public func draw(
    into pixels: UnsafeMutableBufferPointer<Float>, using generator: inout some RandomNumberGenerator
  ) -> DrawnExample {
    let index = training[generator.integer(below: training.count)]
    let reach = augmentation.maximumShift
    let right = generator.integer(in: -reach...reach)
    let down = generator.integer(in: -reach...reach)
    let isMirrored = generator.uniform() < augmentation.mirrorProbability && dataset.examples[index].isMirrorable
    var colour: NamedColour?
    if generator.uniform() >= augmentation.whiteProbability, planes.isTranslucent[index], !colours[index].isEmpty {
      colour = augmentation.backgrounds[colours[index][generator.integer(below: colours[index].count)]]
    }
    planes.render(
      index, side: resolution, right: right, down: down, isMirrored: isMirrored, over: colour ?? .white, into: pixels)
    let caption = caption(of: dataset.examples[index], using: &generator)
    return DrawnExample(caption: Augmentation.caption(caption, on: colour?.name), index: index)
  }

  /// Renders one version of an example.
  ///
  /// - Parameters:
  ///   - index: The index of the example in the data set, held out or not.
  ///   - colour: A background for translucent images; nil for plain white.
  ///   - right: Shift on the canvas in pixels.
  ///   - down: Shift on the canvas in pixels.
  ///   - isMirrored: Whether to draw the mirror image.
  ///   - pixels: Receives `resolution * resolution * 3` values in [-1, 1], `[H, W, C]`.
  public func renderVariant(
    _ index: Int, on colour: NamedColour?, right: Int, down: Int, isMirrored: Bool,
    into pixels: UnsafeMutableBufferPointer<Float>
  ) {
    let named = planes.isTranslucent[index] ? colour : nil
    planes.render(
      index, side: resolution, right: right, down: down, isMirrored: isMirrored, over: named ?? .white, into: pixels)
  }

  /// Renders an example without variation; the same pixels on every call.
  ///
  /// - Parameters:
  ///   - index: The index of the example in the data set, held out or not.
  ///   - colour: A background for translucent images that the caption then names; nil for plain white.
  ///   - pixels: Receives `resolution * resolution * 3` values in [-1, 1], `[H, W, C]`.
  /// - Returns: The caption: the name, with the background if there is one.
  @discardableResult
  public func renderReference(
    _ index: Int, on colour: NamedColour? = nil, into pixels: UnsafeMutableBufferPointer<Float>
  ) -> String {
    let named = planes.isTranslucent[index] ? colour : nil
    planes.render(index, side: resolution, right: 0, down: 0, isMirrored: false, over: named ?? .white, into: pixels)
    return Augmentation.caption(dataset.examples[index].caption, on: named?.name)
  }

  private func caption(
    of example: CaptionedDataset.Example, using generator: inout some RandomNumberGenerator
  ) -> String {
    if augmentation.sentenceProbability > 0, generator.uniform() < augmentation.sentenceProbability {
      return sentence(about: example, using: &generator)
    }
    let kind = generator.uniform()
    guard kind >= augmentation.nameProbability, !example.keywords.isEmpty else { return example.caption }
    let withName = kind < augmentation.nameProbability + augmentation.nameAndKeywordsProbability
    var rest = example.keywords
    var parts = withName ? [example.caption] : []
    for _ in 0..<min(1 + generator.integer(below: withName ? 2 : 3), rest.count) {
      parts.append(rest.remove(at: generator.integer(below: rest.count)))
    }
    return parts.joined(separator: " ")
  }

  /// Says the name, or in a third of all sentences none, and up to three keywords in any order, like "a city at cityscape and dusk".
  private func sentence(
    about example: CaptionedDataset.Example, using generator: inout some RandomNumberGenerator
  ) -> String {
    var keywords = example.keywords
    let hasName = keywords.isEmpty || generator.integer(below: 3) > 0
    var parts = hasName ? [example.caption] : []
    for _ in 0..<min(1 + generator.integer(below: 3), keywords.count) {
      parts.append(keywords.remove(at: generator.integer(below: keywords.count)))
    }
    var text = generator.uniform() < 0.5 ? "a" : ""
    while !parts.isEmpty {
      text += " " + parts.remove(at: generator.integer(below: parts.count))
      if !parts.isEmpty { text += " " + Self.connectives[generator.integer(below: Self.connectives.count)] }
    }
    return text
  }

  private static let connectives = ["and", "at", "in", "of", "with"]
}
