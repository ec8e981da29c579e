import JSON

/// The words a model knows, each with a number.
///
/// Number 0 fills up a sequence (`padID`), number 1 begins it (`beginID`), the words follow in sorted order.
public struct Vocabulary: Sendable, Equatable {
  /// The number that fills up a sequence.
  public static let padID: Int32 = 0
  /// The number that begins a sequence; a prompt of it alone is the null prompt.
  public static let beginID: Int32 = 1
  /// The longest sequence, the beginning included.
  public static let maximumLength = 16

  /// A prompt as numbers.
  public struct Prompt: Sendable, Equatable {
    /// The beginning and then the known words, at most `maximumLength` numbers, not filled up.
    public var ids: [Int32]
    /// The words that have a number and are among `ids`, in order.
    public var known: [String]
    /// The words without a number, in order; the model does not see them.
    public var unknown: [String]
    /// Known words beyond the longest sequence; the model does not see them.
    public var dropped: [String]

    /// The numbers filled up with `padID`, exactly `maximumLength` of them.
    public var paddedIDs: [Int32] {
      ids + [Int32](repeating: Vocabulary.padID, count: Vocabulary.maximumLength - ids.count)
    }
  }

  /// The words, sorted by their Unicode scalars; the word at index 0 has number 2.
  public let words: [String]
  private let numbers: [String: Int32]

  /// How many numbers there are, the two special ones included.
  public var count: Int { words.count + 2 }

  /// Creates the vocabulary of some texts.
  ///
  /// - Parameter texts: Captions, keywords or single words.
  public init(covering texts: some Sequence<String>) {
    let words = Set(texts.flatMap(Vocabulary.words(in:)))
    self.init(sorted: words.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) })
  }

  /// Reads a vocabulary that `write(to:)` wrote.
  ///
  /// - Parameter path: The JSON file.
  /// - Throws: `DatasetError` with code `.missing`, `.notAccessible` or `.malformedJSON`.
  public init(contentsOf path: String) throws(DatasetError) {
    let document = try DatasetObject(file: path)
    let words = try document.texts("words")
    guard try document.integer("format") == 1, Set(words).count == words.count else {
      throw DatasetError(
        .malformedJSON, path: path,
        message: "\(path) is not a vocabulary of format 1 with distinct words; write it again from the data set")
    }
    self.init(sorted: words)
  }

  /// Writes the words as JSON, at once.
  ///
  /// - Parameter path: The file; its folder must exist.
  /// - Throws: `DatasetError` with code `.notAccessible`.
  public func write(to path: String) throws(DatasetError) {
    let document: JSONValue = ["format": 1, "words": .array(words.map { .string($0) })]
    try DatasetFiles.write(document.prettyText + "\n", to: path)
  }

  /// Returns the number of a word.
  ///
  /// - Parameter word: A lower-case word.
  /// - Returns: The number, at least 2, or nil if the word is unknown.
  public func id(of word: String) -> Int32? { numbers[word] }

  /// Returns a prompt as numbers; an unknown plural counts as its singular, other unknown words are skipped and reported.
  ///
  /// - Parameter text: Any text; an empty one gives the null prompt.
  /// - Returns: Numbers, known, unknown and dropped words.
  public func tokenize(_ text: String) -> Prompt {
    var prompt = Prompt(ids: [Vocabulary.beginID], known: [], unknown: [], dropped: [])
    for word in Vocabulary.words(in: text) {
      guard let number = numbers[word] ?? singular(of: word).flatMap({ numbers[$0] }) else {
        prompt.unknown.append(word)
        continue
      }
      if prompt.ids.count < Vocabulary.maximumLength {
        prompt.ids.append(number)
        prompt.known.append(word)
      } else {
        prompt.dropped.append(word)
      }
    }
    return prompt
  }

  /// Returns what a word may be the plural of.
  private func singular(of word: String) -> String? {
    guard word.count > 3, word.hasSuffix("s") else { return nil }
    return String(word.dropLast())
  }

  /// Returns the words of a text: lower case, split at everything that is neither letter nor digit.
  ///
  /// - Parameter text: Any text.
  /// - Returns: The words in order, repetitions kept.
  public static func words(in text: String) -> [String] {
    text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
  }

  private init(sorted words: [String]) {
    self.words = words
    numbers = Dictionary(zip(words, Int32(2)...), uniquingKeysWith: { first, _ in first })
  }
}
