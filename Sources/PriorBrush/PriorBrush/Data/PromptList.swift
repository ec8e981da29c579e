import JSON

/// Prompts without images, such as the captions that a student is distilled on.
public struct PromptList: Sendable, Equatable {
  /// The prompts in the order of the file, each once.
  public let prompts: [String]
  /// How many lines were left out because an earlier one has the same prompt.
  public let duplicates: Int

  /// Reads a file: `.jsonl` with an object a line, anything else with a prompt a line.
  ///
  /// White space at both ends is cut off, and lines without anything else are passed over. A line of `.jsonl` has the
  /// prompt in its member `prompt` or `caption`; other members are ignored.
  ///
  /// - Parameter path: The file, UTF-8.
  /// - Throws: `DatasetError` with code `.missing`, `.notAccessible`, `.malformedText`, `.malformedJSON` or `.empty`; its
  ///   message names file and line.
  public init(contentsOf path: String) throws(DatasetError) {
    let isJSON = path.lowercased().hasSuffix(".jsonl")
    let lines = try DatasetFiles.read(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var prompts: [String] = []
    var known: Set<String> = []
    var duplicates = 0
    for (index, line) in lines.enumerated() where line.contains(where: { $0 > UInt8(ascii: " ") }) {
      let text = isJSON ? try PromptList.member(line, index + 1, path) : try PromptList.text(line, index + 1, path)
      guard let prompt = PromptList.trimmed(text) else {
        throw DatasetError(
          .malformedJSON, path: path, line: index + 1,
          message: "\(path):\(index + 1): the prompt is empty; write one or remove the line")
      }
      if known.insert(prompt).inserted { prompts.append(prompt) } else { duplicates += 1 }
    }
    guard !prompts.isEmpty else {
      throw DatasetError(.empty, path: path, message: "\(path) holds no prompt; write one on each line")
    }
    self.prompts = prompts
    self.duplicates = duplicates
  }

  /// Parts the prompts into those to train on and those to evaluate with.
  ///
  /// A prompt's side depends on its text alone, so that a longer list moves none from one side to the other.
  ///
  /// - Parameter fraction: The share to hold out, in [0, 1].
  /// - Returns: Both parts, in the order of the list.
  public func split(heldOut fraction: Double) -> (training: [String], heldOut: [String]) {
    let isHeldOut = prompts.map { prompt in
      Double(StableHash.bits("held-out prompt|" + prompt) >> 11) * 0x1p-53 < fraction
    }
    return (
      zip(prompts, isHeldOut).compactMap { $1 ? nil : $0 }, zip(prompts, isHeldOut).compactMap { $1 ? $0 : nil }
    )
  }

  private static func member(
    _ line: ArraySlice<UInt8>, _ number: Int, _ path: String
  ) throws(DatasetError) -> String {
    let object = try DatasetObject(line: number, bytes: line, path: path)
    if let prompt = try object.optionalText("prompt") { return prompt }
    if let caption = try object.optionalText("caption") { return caption }
    throw DatasetError(
      .malformedJSON, path: path, line: number,
      message: "\(path):\(number): there is no member 'prompt' or 'caption'; write {\"prompt\": \"a cat\"}")
  }

  private static func text(_ line: ArraySlice<UInt8>, _ number: Int, _ path: String) throws(DatasetError) -> String {
    guard let text = String(validating: line, as: UTF8.self) else {
      throw DatasetError(
        .malformedText, path: path, line: number,
        message: "\(path):\(number): this is not UTF-8; save the file in that encoding")
    }
    return text
  }

  private static func trimmed(_ text: String) -> String? {
    guard let first = text.firstIndex(where: { !$0.isWhitespace }),
      let last = text.lastIndex(where: { !$0.isWhitespace })
    else { return nil }
    return String(text[first...last])
  }
}
