package import PNGImage

/// A picture that an attempt stored, checked and free of anything that could act.
package enum StoredPicture: Sendable {
  /// Pixels, from a PNG file.
  case pixels(Image)
  /// A file that a browser shows as it is.
  case file(PictureFile)

  /// Why a file cannot be shown: a clause such as "it is neither PNG, JPEG nor SVG".
  package struct Fault: Error, Sendable {
    package var reason: String
  }

  /// Reads a stored file, whose kind its content tells.
  ///
  /// - Parameters:
  ///   - bytes: The whole file.
  ///   - name: What errors call it.
  /// - Throws: ``Fault``.
  package init(_ bytes: [UInt8], name: String) throws(Fault) {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) {
      do throws(PNGError) { self = .pixels(try Image(png: bytes, path: name)) } catch {
        throw Fault(reason: "as a PNG file it is \(error.code.rawValue)")
      }
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      let size = try JPEGSize(bytes)
      self = .file(PictureFile(mediaType: "image/jpeg", bytes: bytes, width: size.width, height: size.height))
    } else if bytes.isEmpty {
      throw Fault(reason: "it is empty")
    } else if bytes.first(where: { $0 > 0x20 && $0 != 0xEF && $0 != 0xBB && $0 != 0xBF }) == UInt8(ascii: "<") {
      self = .file(try InertSVG(bytes).file)
    } else {
      throw Fault(reason: "it is neither a PNG, nor a JPEG, nor an SVG file")
    }
  }
}

/// A JPEG or SVG file with the size at which it is shown.
package struct PictureFile: Sendable {
  package var mediaType: String
  package var bytes: [UInt8]
  /// Pixels, at least 1.
  package var width: Int
  /// Pixels, at least 1.
  package var height: Int
}

/// The size of a JPEG image, whose file was walked to its end.
package struct JPEGSize: Sendable {
  package let width: Int
  package let height: Int

  /// Reads the size and sees that the file is whole.
  ///
  /// - Parameter bytes: The file; it begins with the marker of a JPEG file.
  /// - Throws: `StoredPicture.Fault` if it is cut off or has no image.
  /// - Source: ITU-T T.81, annex B.
  package init(_ bytes: [UInt8]) throws(StoredPicture.Fault) {
    var size: (width: Int, height: Int)?
    var place = 2
    while true {
      while place + 1 < bytes.count, bytes[place] != 0xFF { place += 1 }
      while place + 1 < bytes.count, bytes[place + 1] == 0xFF { place += 1 }
      guard place + 1 < bytes.count else { throw .init(reason: "the JPEG file ends before the image does") }
      let marker = bytes[place + 1]
      place += 2
      if marker == 0xD9 { break }
      // Stuffed bytes and restart marks stand inside the coded pixels.
      if marker == 0 || marker == 1 || (0xD0...0xD7).contains(marker) { continue }
      guard place + 1 < bytes.count else { throw .init(reason: "the JPEG file ends before the image does") }
      let length = Int(bytes[place]) << 8 | Int(bytes[place + 1])
      let isFrame = (0xC0...0xCF).contains(marker) && ![0xC4, 0xC8, 0xCC].contains(marker)
      if isFrame, length >= 7, place + 6 < bytes.count {
        size = (
          Int(bytes[place + 5]) << 8 | Int(bytes[place + 6]), Int(bytes[place + 3]) << 8 | Int(bytes[place + 4])
        )
      }
      place += max(length, 2)
    }
    guard let size, size.width > 0, size.height > 0 else { throw .init(reason: "the JPEG file holds no image") }
    (width, height) = size
  }
}
