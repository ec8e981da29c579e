import PNGImage

/// A tiny colour font made byte by byte: 'A' and 'B' have bitmaps, and 'A' with 'B' is one glyph.
struct SyntheticFont {
  var bytes: [UInt8] = []

  /// The bitmaps of the three glyphs.
  static let images = [UInt8(10), 120, 240].map { Image(width: 6, height: 4, colour: [$0, 50, 60, 255]) }

  /// Builds a font.
  ///
  /// - Parameters:
  ///   - indexFormat: The format of the bitmap index, 1...5.
  ///   - imageFormat: The format of the bitmaps, 17...19.
  /// - Throws: `PNGError` if a bitmap cannot be encoded.
  init(indexFormat: Int = 1, imageFormat: Int = 17) throws {
    // Fixed-size index formats need bitmaps of equal length: the rest is filled with zeros.
    let files = try SyntheticFont.images.map { try $0.pngBytes() }
    let longest = files.map(\.count).max() ?? 0
    var data: [UInt8] = half(3) + half(0)
    var offsets: [Int] = []
    for file in files {
      offsets.append(data.count - 4)
      data += [UInt8](repeating: 0, count: imageFormat == 17 ? 5 : imageFormat == 18 ? 8 : 0)
      data += word(file.count) + file
      if indexFormat == 2 || indexFormat == 5 { data += [UInt8](repeating: 0, count: longest - file.count) }
    }
    offsets.append(data.count - 4)
    let metrics = [UInt8](repeating: 0, count: 8)
    var index = half(indexFormat) + half(imageFormat) + word(4)
    switch indexFormat {
    case 1: index += offsets.flatMap(word)
    case 2: index += word(offsets[1]) + metrics
    case 3: index += offsets.flatMap(half)
    case 4: index += word(3) + zip([1, 2, 3, 0], offsets).flatMap { half($0) + half($1) }
    default: index += word(offsets[1]) + metrics + word(3) + [1, 2, 3].flatMap(half)
    }
    let record =
      word(56) + word(8 + index.count) + word(1) + word(0) + [UInt8](repeating: 0, count: 24) + half(1) + half(3) + [
        9, 9, 32, 1,
      ]
    let locations = half(3) + half(0) + word(1) + record + half(1) + half(3) + word(8) + index
    let groups = [[65, 66, 1]]
    let subtable =
      half(12) + half(0) + word(16 + 12 * groups.count) + word(0) + word(groups.count) + groups.joined().flatMap(word)
    let characters = half(0) + half(1) + half(3) + half(10) + word(12) + subtable
    assemble([
      ("CBDT", data), ("CBLC", locations), ("GSUB", SyntheticFont.ligatures), ("cmap", characters),
      ("head", word(0x10000) + word(0x18000)),
    ])
  }

  /// Glyphs 1 and 2 become glyph 3.
  private static var ligatures: [UInt8] {
    let set = half(1) + half(4) + half(3) + half(2) + half(2)
    let lookup =
      half(4) + half(0) + half(1) + half(8) + half(1) + half(8) + half(1) + half(14) + half(1) + half(1) + half(1) + set
    return word(0x10000) + half(0) + half(0) + half(10) + half(1) + half(4) + lookup
  }

  private mutating func assemble(_ tables: [(name: String, data: [UInt8])]) {
    var offset = 12 + 16 * tables.count
    bytes = word(0x10000) + half(tables.count) + half(0) + half(0) + half(0)
    for table in tables {
      bytes += Array(table.name.utf8) + word(0) + word(offset) + word(table.data.count)
      offset += table.data.count
    }
    for table in tables { bytes += table.data }
  }
}

private func half(_ value: Int) -> [UInt8] {
  [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
}

private func word(_ value: Int) -> [UInt8] { half(value >> 16) + half(value) }
