/// Images sorted into one folder a class, as ImageNet is.
public enum ClassFolders {
  /// Reads a folder of class folders.
  ///
  /// The caption of an image is the name of its class: what `classes.txt` in the folder says (`n01440764 tench, Tinca tinca`
  /// a line; the first name counts), else the name of the class folder with spaces for `_` and `-`.
  ///
  /// - Parameters:
  ///   - folder: The folder.
  ///   - resolution: The side of the result, in pixels; the middle square of each image is taken.
  ///   - limit: How many images of each class are read at most, in the order of their names; all if nil.
  /// - Returns: A data set of which nothing is held out, its groups the class folders.
  /// - Throws: `DatasetError` with code `.missing`, `.empty`, `.malformedText` or `.unusableImage`.
  public static func dataset(
    contentsOf folder: String, resolution: Int, limit: Int? = nil
  ) throws(DatasetError) -> CaptionedDataset {
    guard DatasetFiles.isFolder(folder) else {
      throw DatasetError(
        .missing, path: folder, message: "there is no folder \(folder); name one with a folder a class")
    }
    try PublishedImages.check(resolution: resolution, path: folder)
    let captions = try captions(in: folder)
    var examples: [CaptionedDataset.Example] = []
    for name in DatasetFiles.names(in: folder)
    where !name.hasPrefix(".") && DatasetFiles.isFolder("\(folder)/\(name)") {
      let inner = "\(folder)/\(name)"
      // An image and its converted copy are one.
      let files = DatasetFiles.names(in: inner).filter { file in
        let isCopied = !file.lowercased().hasSuffix(".png") && DatasetFiles.exists("\(inner)/\(stem(file)).png")
        return !file.hasPrefix(".") && !isCopied && !DatasetFiles.isFolder("\(inner)/\(file)")
      }
      guard !files.isEmpty else {
        throw DatasetError(.empty, path: inner, message: "the class folder \(inner) is empty; add images or remove it")
      }
      let caption = captions[name] ?? String(name.map { $0 == "_" || $0 == "-" ? " " : $0 })
      for file in files.prefix(max(limit ?? files.count, 0)) {
        let path = try PublishedImages.file(named: file, in: inner)
        examples.append(
          .init(
            id: "\(name)-\(stem(file))", caption: caption.lowercased(), group: name,
            image: try PublishedImages.square(path, resolution: resolution)))
      }
    }
    guard !examples.isEmpty else {
      throw DatasetError(
        .empty, path: folder, message: "\(folder) holds no class folder with images; make one folder for each class")
    }
    let name = folder.split(separator: "/").last.map(String.init) ?? "classes"
    return CaptionedDataset(name: name, resolution: resolution, examples: examples, sources: ["images": folder])
  }

  private static func stem(_ file: String) -> String {
    file.lastIndex(of: ".").map { String(file[..<$0]) } ?? file
  }

  private static func captions(in folder: String) throws(DatasetError) -> [String: String] {
    let path = "\(folder)/classes.txt"
    guard DatasetFiles.exists(path) else { return [:] }
    let lines = String(decoding: try DatasetFiles.read(path), as: UTF8.self).split(
      omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    var captions: [String: String] = [:]
    for (index, line) in lines.enumerated() where line.contains(where: { !$0.isWhitespace }) {
      let parts = line.split(maxSplits: 1, whereSeparator: \.isWhitespace)
      guard parts.count == 2, let first = parts[1].split(separator: ",").first else {
        throw DatasetError(
          .malformedText, path: path, line: index + 1,
          message: "\(path):\(index + 1): write a folder and its name, such as 'n01440764 tench'")
      }
      captions[String(parts[0])] = first.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    return captions
  }
}
