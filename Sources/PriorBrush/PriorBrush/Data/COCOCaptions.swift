import JSON

/// The captions of COCO, with or without the images.
///
/// A file such as `captions_val2014.json` is an object with `images` (`id`, `file_name`) and `annotations` (`image_id`,
/// `caption`); most images have five captions.
public struct COCOCaptions: Sendable, Equatable {
  /// One image and all that was said about it.
  public struct Entry: Sendable, Equatable {
    /// The number of the image.
    public var id: Int
    /// The name of its file, such as `COCO_val2014_000000391895.jpg`.
    public var fileName: String
    /// Its captions in the order of the file, white space cut off.
    public var captions: [String]
  }

  /// The images that have captions, by rising number.
  public let entries: [Entry]
  private let path: String

  /// Reads a captions file.
  ///
  /// - Parameter path: The file.
  /// - Throws: `DatasetError` with code `.missing`, `.notAccessible`, `.malformedJSON`, `.captionWithoutImage` for a caption
  ///   whose image is not listed, or `.empty`.
  public init(contentsOf path: String) throws(DatasetError) {
    let root = try COCOCaptions.parse(path)
    var entries: [Int: Entry] = [:]
    for (index, image) in try COCOCaptions.list("images", of: root, path).enumerated() {
      guard let id = image["id"]?.intValue, let name = image["file_name"]?.stringValue else {
        throw COCOCaptions.mistake(path, "images[\(index)] has no whole number 'id' or no text 'file_name'")
      }
      guard entries.updateValue(Entry(id: id, fileName: name, captions: []), forKey: id) == nil else {
        throw COCOCaptions.mistake(path, "images[\(index)] has the id \(id) of another image")
      }
    }
    for (index, annotation) in try COCOCaptions.list("annotations", of: root, path).enumerated() {
      guard let id = annotation["image_id"]?.intValue, let caption = annotation["caption"]?.stringValue else {
        throw COCOCaptions.mistake(path, "annotations[\(index)] has no whole number 'image_id' or no text 'caption'")
      }
      guard entries[id] != nil else {
        throw DatasetError(
          .captionWithoutImage, path: path,
          message: "\(path): annotations[\(index)] is about image \(id), which is not listed; use the original file")
      }
      let words = caption.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      if !words.isEmpty { entries[id]?.captions.append(words) }
    }
    self.entries = entries.values.filter { !$0.captions.isEmpty }.sorted { $0.id < $1.id }
    self.path = path
    guard !self.entries.isEmpty else {
      throw DatasetError(.empty, path: path, message: "\(path) holds no caption; use the original file")
    }
  }

  /// The first caption of each image, which evaluations usually take as prompts.
  public var prompts: [String] { entries.map { $0.captions[0] } }

  /// Reads the images, the first caption as caption and the others as keywords.
  ///
  /// - Parameters:
  ///   - folder: Where the images lie, as PNG files under their names.
  ///   - resolution: The side of the result, in pixels; the middle square of each image is taken.
  ///   - limit: How many images are read at most, from the lowest number on; all if nil.
  /// - Returns: A data set of which nothing is held out.
  /// - Throws: `DatasetError` with code `.captionWithoutImage` or `.unusableImage`.
  public func dataset(
    images folder: String, resolution: Int, limit: Int? = nil
  ) throws(DatasetError) -> CaptionedDataset {
    try PublishedImages.check(resolution: resolution, path: path)
    var examples: [CaptionedDataset.Example] = []
    for entry in entries.prefix(max(limit ?? entries.count, 0)) {
      let file = try PublishedImages.file(named: entry.fileName, in: folder)
      examples.append(
        .init(
          id: String(entry.id), caption: entry.captions[0].lowercased(),
          keywords: entry.captions.dropFirst().map { $0.lowercased() },
          image: try PublishedImages.square(file, resolution: resolution)))
    }
    return CaptionedDataset(
      name: "coco\(resolution)", resolution: resolution, examples: examples,
      sources: ["captions": path, "images": folder])
  }

  private static func parse(_ path: String) throws(DatasetError) -> JSONValue {
    let bytes = try DatasetFiles.read(path)
    do throws(JSONError) {
      return try JSONValue(parsing: bytes)
    } catch {
      throw DatasetError(
        .malformedJSON, path: path, line: error.line,
        message: "\(path):\(error.line):\(error.column): this is not valid JSON: \(error.message)")
    }
  }

  private static func list(_ name: String, of root: JSONValue, _ path: String) throws(DatasetError) -> [JSONValue] {
    guard let list = root[name]?.arrayValue else { throw mistake(path, "there is no list '\(name)'") }
    return list
  }

  private static func mistake(_ path: String, _ reason: String) -> DatasetError {
    DatasetError(
      .malformedJSON, path: path,
      message: "\(path): \(reason); a captions file of COCO looks like captions_val2014.json")
  }
}
