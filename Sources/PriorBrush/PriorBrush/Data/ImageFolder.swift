public import PNGImage

/// Images that lie in a folder, from wherever they come, with captions if somebody wrote any.
public struct ImageFolder: Sendable {
  /// One image.
  public struct Entry: Sendable {
    /// The path of its file relative to the folder, by which images of two folders are paired.
    public let name: String
    /// Three channels; transparent images are laid on white.
    public let image: Image
    /// What the image was made from, or nil.
    public let caption: String?
  }

  /// The images by name, all of one size.
  public let entries: [Entry]

  /// Reads the PNG files of a folder, of its folder `images`, and the captions of its `captions.jsonl` as far as they are there.
  ///
  /// - Parameters:
  ///   - folder: The folder; files of other kinds are passed over unless they are images of another format.
  ///   - side: The side in pixels of the squares that the middle of each image is brought to; nil takes images as they are, and
  ///     they must be of one size then.
  /// - Throws: `DatasetError` with code `.missing`, `.empty`, `.unusableImage`, `.malformedJSON` or `.captionWithoutImage`.
  public init(contentsOf folder: String, side: Int? = nil) throws(DatasetError) {
    guard DatasetFiles.isFolder(folder) else {
      throw DatasetError(.missing, path: folder, message: "there is no folder \(folder); name one with PNG files")
    }
    if let side { try PublishedImages.check(resolution: side, path: folder) }
    var captions = try ImageFolder.captions(in: folder)
    var entries: [Entry] = []
    for name in ImageFolder.names(in: folder) {
      let path = "\(folder)/\(name)"
      let lower = name.lowercased()
      if let suffix = ImageFolder.foreignSuffixes.first(where: lower.hasSuffix) {
        throw DatasetError(
          .unusableImage, path: path,
          message: "\(path) is no PNG file (\(suffix)); convert the images, for example with 'mogrify -format png'")
      }
      guard lower.hasSuffix(".png") else { continue }
      let image: Image
      if let side {
        image = try PublishedImages.square(path, resolution: side)
      } else {
        image = try ImageFolder.image(path)
      }
      if let first = entries.first?.image, first.width != image.width || first.height != image.height {
        throw DatasetError(
          .unusableImage, path: path,
          message:
            "\(path) is \(image.width) x \(image.height) pixels and \(folder)/\(entries[0].name) is \(first.width) x "
            + "\(first.height); bring all to one size with the parameter 'side'")
      }
      entries.append(Entry(name: name, image: image, caption: captions.removeValue(forKey: name)?.text))
    }
    if let (name, caption) = captions.min(by: { $0.value.line < $1.value.line }) {
      throw DatasetError(
        .captionWithoutImage, path: folder, line: caption.line,
        message:
          "\(folder)/captions.jsonl:\(caption.line): there is no image \(folder)/\(name); add it or remove the line")
    }
    guard !entries.isEmpty else {
      throw DatasetError(.empty, path: folder, message: "\(folder) holds no PNG file; put images there")
    }
    self.entries = entries
  }

  /// All captions, or nil unless every image has one.
  public var captions: [String]? {
    let captions = entries.compactMap(\.caption)
    return captions.count == entries.count ? captions : nil
  }

  private static let foreignSuffixes = [".jpg", ".jpeg", ".webp", ".gif", ".bmp", ".tif", ".tiff"]

  private static func names(in folder: String) -> [String] {
    let inner = DatasetFiles.names(in: folder + "/images").map { "images/" + $0 }
    return (DatasetFiles.names(in: folder) + inner).filter { !$0.hasPrefix(".") }
  }

  private static func image(_ path: String) throws(DatasetError) -> Image {
    do throws(PNGError) {
      let image = try Image(contentsOf: path)
      return image.channels == 3 ? image : image.composited()
    } catch {
      throw DatasetError(.unusableImage, path: path, message: error.message)
    }
  }

  private static func captions(in folder: String) throws(DatasetError) -> [String: (text: String, line: Int)] {
    let path = folder + "/captions.jsonl"
    guard DatasetFiles.exists(path) else { return [:] }
    var captions: [String: (text: String, line: Int)] = [:]
    let lines = try DatasetFiles.read(path).split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    for (index, bytes) in lines.enumerated() where bytes.contains(where: { $0 > UInt8(ascii: " ") }) {
      let line = try DatasetObject(line: index + 1, bytes: bytes, path: path)
      let file = try line.text("file")
      let name = DatasetFiles.exists("\(folder)/\(file)") ? file : "images/\(file)"
      captions[name] = (try line.text("caption"), index + 1)
    }
    return captions
  }
}

extension CaptionedDataset {
  /// Takes the images of a folder as a data set, images without a caption under the word "image".
  ///
  /// - Parameter folder: Square images; nothing is held out.
  public init(_ folder: ImageFolder) {
    self.init(
      name: "images", resolution: folder.entries[0].image.width,
      examples: folder.entries.map { entry in
        let name = entry.name.split(separator: "/").joined(separator: "-")
        return Example(
          id: String(name.dropLast(4)), caption: entry.caption?.lowercased() ?? "image", image: entry.image)
      })
  }
}
