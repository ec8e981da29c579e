public import JSON

extension NetworkConfiguration {
  /// The configuration as a JSON object, for the metadata of weight files.
  public var json: JSONValue {
    [
      "resolution": .integer(Int64(resolution)), "patch": .integer(Int64(patch)),
      "widths": .array(widths.map { .integer(Int64($0)) }), "vocabulary": .integer(Int64(vocabulary)),
      "captionLength": .integer(Int64(captionLength)), "textWidth": .integer(Int64(textWidth)),
      "embedding": .integer(Int64(embedding)), "extraImages": .integer(Int64(extraImages)),
    ]
  }

  /// Reads a configuration that `json` wrote; nil if a member is missing or no integer of a sensible size, or if the sizes do not
  /// fit together.
  ///
  /// - Parameter json: The object.
  public init?(json: JSONValue) {
    func size(_ name: String) -> Int? { json[name]?.intValue.flatMap { (0...1 << 20).contains($0) ? $0 : nil } }
    guard let resolution = size("resolution"), let patch = size("patch"), let vocabulary = size("vocabulary"),
      let captionLength = size("captionLength"), let textWidth = size("textWidth"), let embedding = size("embedding"),
      let extraImages = size("extraImages"), let widths = json["widths"]?.arrayValue?.compactMap(\.intValue)
    else { return nil }
    self.init(
      resolution: resolution, patch: patch, widths: widths, vocabulary: vocabulary, captionLength: captionLength,
      textWidth: textWidth, embedding: embedding, extraImages: extraImages)
    guard problem == nil else { return nil }
  }

  /// What is wrong with the sizes, or nil if a network can be made of them.
  public var problem: String? {
    if patch < 1 || resolution < 1 || resolution % (4 * patch) != 0 {
      return "resolution \(resolution) is no multiple of four times the patch \(patch)"
    }
    if widths.count != 3 { return "there are \(widths.count) widths; 3 are needed" }
    if widths.contains(where: { $0 < 16 || $0 % 16 != 0 || $0 > 4096 }) {
      return "widths \(widths) are not multiples of 16 in 16...4096"
    }
    if widths.dropFirst().contains(where: { $0 % 32 != 0 }) {
      return "the last two of the widths \(widths) are no multiples of the head width 32"
    }
    if vocabulary < 2 || captionLength < 1 || textWidth < 4 || textWidth % 4 != 0 || embedding < 1 {
      return "vocabulary, caption length, text width and embedding are too small or the text width is no multiple of 4"
    }
    return nil
  }
}
