import Digest
public import PNGImage

/// Images with captions: what a text-to-image model learns from.
public struct CaptionedDataset: Sendable, Equatable {
  /// One image with its words.
  public struct Example: Sendable, Equatable {
    /// A name that is unique in the set and fit for a file name, such as `1f408`.
    public var id: String
    /// The caption, lower case.
    public var caption: String
    /// Further words or phrases for the image, without the caption itself.
    public var keywords: [String]
    /// The coarse class, or an empty text.
    public var group: String
    /// The fine class, or an empty text.
    public var subgroup: String
    /// A square image of the set's resolution: four channels with straight alpha, or three.
    public var image: Image
    /// Whether the example is kept from training.
    public var isHeldOut: Bool
    /// Whether the mirror image means the same (not so for writing, arrows, maps).
    public var isMirrorable: Bool

    /// Creates an example.
    ///
    /// - Parameters:
    ///   - id: A name that is unique in the set and fit for a file name.
    ///   - caption: The caption, lower case.
    ///   - keywords: Further words or phrases.
    ///   - group: The coarse class.
    ///   - subgroup: The fine class.
    ///   - image: A square image.
    ///   - isHeldOut: Whether the example is kept from training.
    ///   - isMirrorable: Whether the mirror image means the same.
    public init(
      id: String, caption: String, keywords: [String] = [], group: String = "", subgroup: String = "", image: Image,
      isHeldOut: Bool = false, isMirrorable: Bool = true
    ) {
      self.id = id
      self.caption = caption
      self.keywords = keywords
      self.group = group
      self.subgroup = subgroup
      self.image = image
      self.isHeldOut = isHeldOut
      self.isMirrorable = isMirrorable
    }
  }

  /// The name of the set, such as `emoji64`.
  public var name: String
  /// The side of every image, in pixels.
  public var resolution: Int
  /// The images, in the order of the captions file.
  public var examples: [Example]
  /// What the set was made from: package or file, and its version.
  public var sources: [String: String]
  /// Copyright and licence notices that a copy must carry.
  public var notices: [String]

  /// Creates a data set.
  ///
  /// - Parameters:
  ///   - name: The name of the set.
  ///   - resolution: The side of every image, in pixels.
  ///   - examples: The images.
  ///   - sources: What the set was made from.
  ///   - notices: Copyright and licence notices.
  public init(
    name: String, resolution: Int, examples: [Example], sources: [String: String] = [:], notices: [String] = []
  ) {
    precondition(
      examples.allSatisfy { $0.image.width == resolution && $0.image.height == resolution },
      "an image of data set \(name) is not \(resolution) x \(resolution)")
    self.name = name
    self.resolution = resolution
    self.examples = examples
    self.sources = sources
    self.notices = notices
  }

  /// Indices of the examples that are trained on.
  public var trainingIndices: [Int] { examples.indices.filter { !examples[$0].isHeldOut } }

  /// Indices of the examples that are kept from training.
  public var heldOutIndices: [Int] { examples.indices.filter { examples[$0].isHeldOut } }

  /// All captions and keywords, the texts that a vocabulary must cover.
  public var texts: [String] { examples.flatMap { [$0.caption] + $0.keywords } }

  /// SHA-256 over identifiers, words, split and pixels, as 64 hexadecimal digits.
  public var digest: String {
    var hasher = SHA256Hasher()
    // Each text goes in with its length, so that neighbours cannot be confused.
    func texts(_ example: Example) -> [String] {
      let split = "\(example.isHeldOut) \(example.isMirrorable) \(example.image.channels) \(resolution)"
      return [example.id, example.caption, example.keywords.joined(separator: "|"), split]
    }
    hasher.update("19:captioned dataset 1".utf8)
    for example in examples {
      for text in texts(example) { hasher.update("\(text.utf8.count):\(text)".utf8) }
      hasher.update(example.image.pixels)
    }
    return hasher.finalize().hex
  }

  /// Keeps a share of the examples from training, always the same ones.
  ///
  /// Examples are taken in the order of a hash of their identifiers. One is taken only if each word of its caption also
  /// occurs in the caption of an example that stays.
  ///
  /// - Parameters:
  ///   - fraction: The share to keep out, in [0, 1]; fewer are kept out if too few qualify.
  ///   - trainedWords: Words whose examples all stay.
  public mutating func holdOut(fraction: Double, except trainedWords: Set<String> = []) {
    var remaining: [String: Int] = [:]
    let words = examples.map { Set(Vocabulary.words(in: $0.caption)) }
    for index in examples.indices {
      examples[index].isHeldOut = false
      for word in words[index] { remaining[word, default: 0] += 1 }
    }
    let wanted = Int((Double(examples.count) * fraction).rounded())
    let order = examples.indices.sorted {
      let first = StableHash.bits("held-out caption|" + examples[$0].id)
      let second = StableHash.bits("held-out caption|" + examples[$1].id)
      return first != second ? first < second : $0 < $1
    }
    var taken = 0
    for index in order where taken < wanted && !words[index].isEmpty && words[index].isDisjoint(with: trainedWords) {
      guard words[index].allSatisfy({ remaining[$0, default: 0] > 1 }) else { continue }
      examples[index].isHeldOut = true
      for word in words[index] { remaining[word, default: 0] -= 1 }
      taken += 1
    }
  }

  /// Keeps one training example in so many and one held-out one in so many, spread over the order of the set.
  ///
  /// - Parameter stride: How many examples there were for each that stays, at least 1.
  public mutating func thin(toOneIn stride: Int) {
    let kept = [trainingIndices, heldOutIndices].flatMap { indices in
      indices.enumerated().filter { $0.offset % stride == 0 }.map(\.element)
    }
    examples = kept.sorted().map { examples[$0] }
  }
}
