import CPNG
import Files

extension Image {
  /// The most bytes of an image file: an image of the greatest size without any compression has no more.
  private static let greatestFileSize = 1 << 30

  /// Reads a PNG file of any colour type and bit depth.
  ///
  /// Palettes are resolved, 16-bit values are reduced to 8, grey with alpha becomes four channels.
  ///
  /// - Parameter path: The file.
  /// - Throws: `PNGError` with code `.missing`, `.notAccessible`, `.notPNG`, `.truncated`, `.damaged` or `.tooLarge`.
  public init(contentsOf path: String) throws(PNGError) {
    let bytes: [UInt8]
    do throws(FileError) { bytes = try WholeFile.read(path, limit: Image.greatestFileSize) } catch {
      throw PNGError(error)
    }
    try self.init(png: bytes, path: path)
  }

  /// Decodes the bytes of a PNG file.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - path: The name that errors mention.
  /// - Throws: `PNGError` with code `.notPNG`, `.truncated`, `.damaged` or `.tooLarge`.
  public init(png bytes: [UInt8], path: String) throws(PNGError) {
    let (width, height) = try Image.checkStructure(bytes, path: path)
    guard width > 0, height > 0 else {
      throw PNGError(.damaged, path: path, message: "\(path) declares an image without pixels; export it again")
    }
    guard width <= Image.maximumSide, height <= Image.maximumSide else {
      throw PNGError(
        .tooLarge, path: path,
        message: "\(path) is \(width) x \(height) pixels, more than \(Image.maximumSide) on a side; scale it down")
    }
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    var channels = 0
    var pixels: [UInt8] = []
    // libpng keeps the address of the bytes between its two calls.
    let decoded = bytes.withUnsafeBytes { source -> Bool in
      guard png_image_begin_read_from_memory(&image, source.baseAddress, source.count) != 0 else { return false }
      image.flags |= PNGFormat.sixteenBitIsSRGB
      let hasAlpha = image.format & PNGFormat.alpha != 0
      let hasColour = image.format & PNGFormat.colour != 0
      image.format = hasAlpha ? PNGFormat.colour | PNGFormat.alpha : hasColour ? PNGFormat.colour : 0
      channels = hasAlpha ? 4 : hasColour ? 3 : 1
      pixels = [UInt8](repeating: 0, count: width * height * channels)
      return pixels.withUnsafeMutableBytes { png_image_finish_read(&image, nil, $0.baseAddress, 0, nil) } != 0
    }
    guard decoded else {
      throw Image.damaged(path, image)
    }
    self.init(width: width, height: height, channels: channels, pixels: pixels)
  }

  /// Writes a PNG file: equal images give equal bytes, and a reader never sees half a file.
  ///
  /// - Parameter path: The file; its folder must exist.
  /// - Throws: `PNGError` with code `.notAccessible` or `.tooLarge`.
  public func write(to path: String) throws(PNGError) {
    let bytes = try pngBytes(path: path)
    do throws(FileError) { try WholeFile.replace(path, with: bytes) } catch { throw PNGError(error) }
  }

  /// Returns the bytes of a PNG file of this image.
  ///
  /// - Parameter path: The name that errors mention.
  /// - Returns: The whole file, without time stamp or text.
  /// - Throws: `PNGError` with code `.tooLarge` if a side exceeds `Image.maximumSide`.
  public func pngBytes(path: String = "the image") throws(PNGError) -> [UInt8] {
    guard width <= Image.maximumSide, height <= Image.maximumSide else {
      throw PNGError(
        .tooLarge, path: path,
        message:
          "\(path) would be \(width) x \(height) pixels, more than \(Image.maximumSide) on a side; write it smaller")
    }
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    image.width = UInt32(width)
    image.height = UInt32(height)
    image.format = channels == 1 ? 0 : channels == 3 ? PNGFormat.colour : PNGFormat.colour | PNGFormat.alpha
    defer { png_image_free(&image) }
    let raw = (width * channels + 1) * height
    // zlib's worst case is below 9/64 more, libpng adds 12 bytes to each 8 KiB.
    var bytes = [UInt8](repeating: 0, count: raw + raw / 4 + 8192)
    var size = bytes.count
    let written = bytes.withUnsafeMutableBytes { target in
      pixels.withUnsafeBytes { source in
        png_image_write_to_memory(&image, target.baseAddress, &size, 0, source.baseAddress, 0, nil)
      }
    }
    guard written != 0, size <= bytes.count else {
      throw Image.damaged(path, image)
    }
    bytes.removeSubrange(size...)
    return bytes
  }

  /// Walks the chunks up to IEND, so that a file cut anywhere is told apart from a damaged one.
  private static func checkStructure(_ bytes: [UInt8], path: String) throws(PNGError) -> (width: Int, height: Int) {
    let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    guard bytes.starts(with: signature) else {
      if !bytes.isEmpty, signature.starts(with: bytes) {
        throw truncated(path, bytes.count)
      }
      throw PNGError(
        .notPNG, path: path,
        message:
          "\(path) is not a PNG file (\(bytes.isEmpty ? "it is empty" : "its first bytes differ")); convert it to PNG")
    }
    func word(_ offset: Int) -> Int {
      bytes[offset..<(offset + 4)].reduce(0) { $0 << 8 | Int($1) }
    }
    var offset = signature.count
    while true {
      guard offset + 12 <= bytes.count else { throw truncated(path, bytes.count) }
      let length = word(offset)
      guard offset + 12 + length <= bytes.count else { throw truncated(path, bytes.count) }
      if word(offset + 4) == 0x4945_4E44 { break }
      offset += 12 + length
    }
    guard word(8) == 13, word(12) == 0x4948_4452 else {
      throw PNGError(.damaged, path: path, message: "\(path) does not begin with an image header; export it again")
    }
    return (word(16), word(20))
  }

  private static func truncated(_ path: String, _ count: Int) -> PNGError {
    PNGError(
      .truncated, path: path,
      message: "\(path) ends after \(count) bytes, before the image does; copy or export it again")
  }

  private static func damaged(_ path: String, _ image: png_image) -> PNGError {
    let reason = withUnsafeBytes(of: image.message) { bytes in
      String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
    }
    return PNGError(.damaged, path: path, message: "\(path) is damaged (\(reason)); copy or export it again")
  }
}

/// Format flags of libpng's simplified interface, whose macros carry C suffixes that do not import alike everywhere.
private enum PNGFormat {
  static let alpha: UInt32 = 1
  static let colour: UInt32 = 2
  static let sixteenBitIsSRGB: UInt32 = 4
}
