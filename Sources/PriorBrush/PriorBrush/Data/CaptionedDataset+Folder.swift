import JSON
import PNGImage

extension CaptionedDataset {
  /// Writes the set as a folder: `images/*.png`, `captions.jsonl`, `dataset.json`.
  ///
  /// Equal sets give equal files. `dataset.json` is written last, so a folder that has it is complete.
  ///
  /// - Parameter folder: The folder; created if needed, images of the same name are replaced.
  /// - Throws: `DatasetError` with code `.notAccessible`.
  public func write(to folder: String) throws(DatasetError) {
    try DatasetFiles.makeFolder(folder + "/images")
    var lines = ""
    for example in examples {
      let file = "images/\(example.id).png"
      do throws(PNGError) {
        try example.image.write(to: "\(folder)/\(file)")
      } catch {
        throw DatasetError(.notAccessible, path: error.path, message: error.message)
      }
      let line: JSONValue = [
        "file": .string(file), "caption": .string(example.caption),
        "keywords": .array(example.keywords.map { .string($0) }), "group": .string(example.group),
        "subgroup": .string(example.subgroup), "heldOut": .bool(example.isHeldOut),
        "mirror": .bool(example.isMirrorable),
      ]
      lines += line.compactText + "\n"
    }
    try DatasetFiles.write(lines, to: folder + "/captions.jsonl")
    let description: JSONValue = [
      "format": 1, "name": .string(name), "resolution": .integer(Int64(resolution)), "digest": .string(digest),
      "examples": .integer(Int64(examples.count)), "heldOut": .integer(Int64(heldOutIndices.count)),
      "sources": .object(sources.sorted { $0.key < $1.key }.map { ($0.key, .string($0.value)) }),
      "notices": .array(notices.map { .string($0) }),
    ]
    try DatasetFiles.write(description.prettyText + "\n", to: folder + "/dataset.json")
  }

  /// Reads a data set folder, or a plain folder of square PNG files with a `captions.jsonl`.
  ///
  /// A line of `captions.jsonl` is an object with `file` (relative to the folder or to its `images`) and `caption`, and
  /// if wanted `keywords`, `group`, `subgroup`, `heldOut` and `mirror`. Images of another size are resized. If no line
  /// says `heldOut`, 3.5 % of the examples are kept from training by the rule of `holdOut(fraction:except:)`.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - resolution: The side of the images in pixels, where no `dataset.json` says another.
  /// - Throws: `DatasetError`; its message names file and line.
  public init(contentsOf folder: String, resolution: Int = 64) throws(DatasetError) {
    let captionsPath = folder + "/captions.jsonl"
    guard DatasetFiles.isFolder(folder), DatasetFiles.exists(captionsPath) else {
      throw DatasetError(
        .missing, path: captionsPath,
        message: "there is no \(captionsPath); a data set is a folder of PNG files with that file in it")
    }
    var description: DatasetDescription?
    if DatasetFiles.exists(folder + "/dataset.json") {
      description = try DatasetDescription(DatasetObject(file: folder + "/dataset.json"))
    }
    let side = description?.resolution ?? resolution
    guard side >= 1, side <= Image.maximumSide, (description?.format ?? 1) == 1 else {
      throw DatasetError(
        .malformedJSON, path: folder + "/dataset.json",
        message: "\(folder)/dataset.json is not of format 1 with a resolution of 1...\(Image.maximumSide); rebuild it")
    }
    let reader = FolderReader(folder: folder, captionsPath: captionsPath, resolution: side)
    let (examples, hasSplit) = try reader.examples()
    guard !examples.isEmpty else {
      throw DatasetError(
        .empty, path: captionsPath, message: "\(captionsPath) names no image; add a line for each image")
    }
    let folderName = folder.split(separator: "/").last.map(String.init) ?? "dataset"
    self.init(
      name: description?.name ?? folderName, resolution: side, examples: examples,
      sources: description?.sources ?? [:], notices: description?.notices ?? [])
    if !hasSplit { holdOut(fraction: 0.035) }
    if let expected = description?.digest, expected != digest {
      throw DatasetError(
        .changedContent, path: folder + "/dataset.json",
        message: "the images or captions in \(folder) were changed after it was built (digest \(digest.prefix(12)) "
          + "instead of \(expected.prefix(12))); build it again, or delete its dataset.json to use it as a plain folder"
      )
    }
  }
}

/// What `dataset.json` holds, as far as it is read again.
private struct DatasetDescription {
  var format: Int
  var name: String
  var resolution: Int
  var digest: String
  var sources: [String: String]
  var notices: [String]

  init(_ object: DatasetObject) throws(DatasetError) {
    format = try object.integer("format")
    name = try object.text("name")
    resolution = try object.integer("resolution")
    digest = try object.text("digest")
    sources = try object.textsByName("sources")
    notices = try object.texts("notices")
  }
}

/// Reads the examples of a folder and checks that captions and images belong together.
private struct FolderReader {
  var folder: String
  var captionsPath: String
  var resolution: Int

  func examples() throws(DatasetError) -> (examples: [CaptionedDataset.Example], hasSplit: Bool) {
    let lines = try DatasetFiles.read(captionsPath).split(
      separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    var used: [String: Int] = [:]
    var examples: [CaptionedDataset.Example] = []
    var identifiers: Set<String> = []
    var hasSplit = false
    for (index, bytes) in lines.enumerated() where bytes.contains(where: { $0 > UInt8(ascii: " ") }) {
      let number = index + 1
      let line = try DatasetObject(line: number, bytes: bytes, path: captionsPath)
      let name = try line.text("file")
      let file = try locate(name, number)
      if let first = used.updateValue(number, forKey: file) {
        throw DatasetError(
          .malformedJSON, path: captionsPath, line: number,
          message: "\(captionsPath):\(number): \(name) already has a caption in line \(first); keep one of them")
      }
      let heldOut = try line.optionalBool("heldOut")
      hasSplit = hasSplit || heldOut != nil
      examples.append(
        .init(
          id: identifier(file, taken: &identifiers), caption: try line.text("caption"),
          keywords: try line.optionalTexts("keywords") ?? [], group: try line.optionalText("group") ?? "",
          subgroup: try line.optionalText("subgroup") ?? "", image: try image(file, number),
          isHeldOut: heldOut ?? false, isMirrorable: try line.optionalBool("mirror") ?? true))
    }
    for file in imageFiles() where used[file] == nil {
      throw DatasetError(
        .imageWithoutCaption, path: "\(folder)/\(file)",
        message: "\(folder)/\(file) has no caption in \(captionsPath); add a line for it or move it away")
    }
    return (examples, hasSplit)
  }

  private func locate(_ file: String, _ line: Int) throws(DatasetError) -> String {
    let isInside = !file.hasPrefix("/") && !file.split(separator: "/").contains("..") && !file.isEmpty
    if isInside {
      for candidate in [file, "images/" + file] where isFile("\(folder)/\(candidate)") { return candidate }
    }
    throw DatasetError(
      .captionWithoutImage, path: captionsPath, line: line,
      message: isInside
        ? "\(captionsPath):\(line): there is no image \(folder)/\(file); add it or remove the line"
        : "\(captionsPath):\(line): '\(file)' does not lie in the folder; name the image relative to \(folder)")
  }

  private func image(_ file: String, _ line: Int) throws(DatasetError) -> Image {
    do throws(PNGError) {
      var image = try Image(contentsOf: "\(folder)/\(file)")
      guard image.width == image.height else {
        throw PNGError(
          .damaged, path: file,
          message: "\(folder)/\(file) is \(image.width) x \(image.height) pixels; crop it to a square")
      }
      if image.width != resolution { image = image.resized(width: resolution, height: resolution) }
      return image.channels == 1 ? image.composited() : image
    } catch {
      throw DatasetError(
        .unusableImage, path: "\(folder)/\(file)", line: line, message: "\(captionsPath):\(line): \(error.message)")
    }
  }

  private func imageFiles() -> [String] {
    let top = DatasetFiles.names(in: folder)
    let inner = DatasetFiles.names(in: folder + "/images").map { "images/" + $0 }
    return (top + inner).filter { $0.lowercased().hasSuffix(".png") }
  }

  /// Returns a name without folder and suffix; where two files would share it, the whole path.
  private func identifier(_ file: String, taken: inout Set<String>) -> String {
    let path = String(file.dropLast(file.lowercased().hasSuffix(".png") ? 4 : 0))
    let short = path.split(separator: "/").last.map(String.init) ?? path
    let name = taken.contains(short) ? path.split(separator: "/").joined(separator: "-") : short
    taken.insert(name)
    return name
  }

  private func isFile(_ path: String) -> Bool {
    DatasetFiles.exists(path) && !DatasetFiles.isFolder(path)
  }
}
