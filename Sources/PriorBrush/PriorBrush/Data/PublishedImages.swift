import PNGImage

/// Images of data sets that were not made for this project, brought to one square size.
enum PublishedImages {
  /// Reads a PNG file and returns its middle square at a size.
  static func square(_ path: String, resolution: Int) throws(DatasetError) -> Image {
    do throws(PNGError) {
      let image = try Image(contentsOf: path)
      let side = min(image.width, image.height)
      let middle = image.cropped(x: (image.width - side) / 2, y: (image.height - side) / 2, width: side, height: side)
      let sized = side == resolution ? middle : middle.resized(width: resolution, height: resolution)
      return sized.channels == 3 ? sized : sized.composited()
    } catch {
      throw DatasetError(.unusableImage, path: path, message: error.message)
    }
  }

  /// Returns the path of an image as PNG: the named file, or the one of the same name with that suffix.
  static func file(named name: String, in folder: String) throws(DatasetError) -> String {
    guard !name.isEmpty, !name.hasPrefix("/"), !name.split(separator: "/").contains("..") else {
      throw DatasetError(
        .captionWithoutImage, path: folder,
        message: "'\(name)' does not lie in \(folder); name images relative to that folder")
    }
    let stem = name.lastIndex(of: ".").map { String(name[..<$0]) } ?? name
    let converted = "\(folder)/\(stem).png"
    if DatasetFiles.exists(converted) { return converted }
    guard DatasetFiles.exists("\(folder)/\(name)") else {
      throw DatasetError(
        .captionWithoutImage, path: "\(folder)/\(name)",
        message: "there is no image \(folder)/\(name), and none that ends in .png; add it or remove its captions")
    }
    if name.lowercased().hasSuffix(".png") { return "\(folder)/\(name)" }
    throw DatasetError(
      .unusableImage, path: "\(folder)/\(name)",
      message: "\(folder)/\(name) is not a PNG file; convert the images, for example with "
        + "'mogrify -format png \(folder)/*.jpg'")
  }

  /// Throws unless images of that side can be made.
  static func check(resolution: Int, path: String) throws(DatasetError) {
    guard resolution >= 1, resolution <= Image.maximumSide else {
      throw DatasetError(
        .unusableImage, path: path,
        message: "images of \(resolution) pixels cannot be made; ask for 1...\(Image.maximumSide)")
    }
  }
}
