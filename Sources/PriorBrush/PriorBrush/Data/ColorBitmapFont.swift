/// A font with PNG glyphs (sfnt tables `cmap`, `CBLC`, `CBDT`), such as Noto Color Emoji.
///
/// Source: OpenType specification 1.9, tables cmap (format 12), CBLC, CBDT and GSUB (lookup type 4).
package struct ColorBitmapFont {
  /// The revision that the font's header gives, such as `2.042`.
  package let revision: String

  private let font: FontBytes
  private let characters: [(first: Int, last: Int, glyph: Int)]
  private let strike: BitmapStrike
  private let ligatures: [[Int]: Int]

  /// Reads a font file.
  ///
  /// - Parameter path: The font file.
  /// - Throws: `DatasetError` with code `.missing`, `.notAccessible` or `.malformedFont`.
  package init(contentsOf path: String) throws(DatasetError) {
    try self.init(bytes: try DatasetFiles.read(path), path: path)
  }

  /// Reads the bytes of a font file; any bytes are safe.
  package init(bytes: [UInt8], path: String) throws(DatasetError) {
    let font = FontBytes(bytes: bytes, path: path)
    let signature = try font.word(0)
    guard signature == 0x0001_0000 || signature == 0x4F54_544F else {
      throw font.malformed("it does not begin as a TrueType or OpenType file does")
    }
    var tables: [Int: Range<Int>] = [:]
    for index in 0..<(try font.half(4)) {
      let entry = 12 + 16 * index
      let start = try font.word(entry + 8)
      _ = try font.slice(start, count: try font.word(entry + 12))
      tables[try font.word(entry)] = start..<(start + (try font.word(entry + 12)))
    }
    func table(_ name: String) throws(DatasetError) -> Range<Int> {
      guard let range = tables[name.utf8.reduce(0) { $0 << 8 | Int($1) }] else {
        throw font.malformed("it has no table '\(name)'")
      }
      return range
    }
    self.font = font
    characters = try ColorBitmapFont.characters(font, table("cmap"))
    strike = try BitmapStrike(font, locations: table("CBLC"), data: table("CBDT"))
    ligatures =
      try (try? table("GSUB")).map { range throws(DatasetError) in
        try LigatureTable.ligatures(font, range)
      } ?? [:]
    let header = (try? table("head")).flatMap { try? font.word($0.lowerBound + 4) } ?? 0
    let thousandths = ((header & 0xFFFF) * 1000 + 0x8000) >> 16
    revision = "\(header >> 16).\(String(thousandths + 1000).dropFirst())"
  }

  /// Returns the PNG file of a character or of a sequence that the font draws as one glyph.
  ///
  /// - Parameter sequence: Code points without U+FE0F.
  /// - Returns: The bytes of a PNG file, or nil if the font has no bitmap for exactly this sequence.
  /// - Throws: `DatasetError` with code `.malformedFont`.
  package func bitmap(of sequence: [Int]) throws(DatasetError) -> [UInt8]? {
    let glyphs = sequence.compactMap(glyph(of:))
    guard glyphs.count == sequence.count, let first = glyphs.first else { return nil }
    if glyphs.count == 1 { return try strike.bitmap(of: first, font) }
    guard let ligature = ligatures[glyphs] else { return nil }
    return try strike.bitmap(of: ligature, font)
  }

  private func glyph(of character: Int) -> Int? {
    var low = 0
    var high = characters.count
    while low < high {
      let middle = (low + high) / 2
      if characters[middle].last < character { low = middle + 1 } else { high = middle }
    }
    guard low < characters.count, characters[low].first <= character else { return nil }
    return characters[low].glyph + character - characters[low].first
  }

  private static func characters(
    _ font: FontBytes, _ table: Range<Int>
  ) throws(DatasetError) -> [(first: Int, last: Int, glyph: Int)] {
    for index in 0..<(try font.half(table.lowerBound + 2)) {
      let start = table.lowerBound + (try font.word(table.lowerBound + 4 + 8 * index + 4))
      guard try font.half(start) == 12 else { continue }
      let count = try font.word(start + 12)
      _ = try font.slice(start + 16, count: count * 12)
      var groups: [(first: Int, last: Int, glyph: Int)] = []
      for group in 0..<count {
        let entry = start + 16 + 12 * group
        groups.append((try font.word(entry), try font.word(entry + 4), try font.word(entry + 8)))
      }
      guard groups.allSatisfy({ $0.first <= $0.last }),
        zip(groups, groups.dropFirst()).allSatisfy({ $0.last < $1.first })
      else {
        throw font.malformed("its character table is not in order")
      }
      return groups
    }
    throw font.malformed("it has no character table of format 12")
  }
}

/// The largest set of bitmaps of a font.
struct BitmapStrike {
  private let tables: [(first: Int, last: Int, start: Int)]
  private let data: Int

  init(_ font: FontBytes, locations: Range<Int>, data: Range<Int>) throws(DatasetError) {
    let count = try font.word(locations.lowerBound + 4)
    _ = try font.slice(locations.lowerBound + 8, count: count * 48)
    var best = -1
    var bestSize = -1
    for index in 0..<count {
      let record = locations.lowerBound + 8 + 48 * index
      let size = try font.byte(record + 44)
      if size > bestSize { (best, bestSize) = (record, size) }
    }
    guard best >= 0 else { throw font.malformed("it has no bitmaps") }
    let list = locations.lowerBound + (try font.word(best))
    let tableCount = try font.word(best + 8)
    _ = try font.slice(list, count: tableCount * 8)
    var tables: [(first: Int, last: Int, start: Int)] = []
    for index in 0..<tableCount {
      let entry = list + 8 * index
      tables.append((try font.half(entry), try font.half(entry + 2), list + (try font.word(entry + 4))))
    }
    self.tables = tables
    self.data = data.lowerBound
  }

  /// Returns the PNG file of a glyph, or nil if it has none.
  func bitmap(of glyph: Int, _ font: FontBytes) throws(DatasetError) -> [UInt8]? {
    guard let table = tables.first(where: { $0.first <= glyph && glyph <= $0.last }),
      let place = try place(of: glyph - table.first, glyph: glyph, table.start, font), place.count > 0
    else { return nil }
    let metrics: Int
    switch try font.half(table.start + 2) {
    case 17: metrics = 5
    case 18: metrics = 8
    case 19: metrics = 0
    default: throw font.malformed("glyph \(glyph) is not stored as a PNG file")
    }
    let start = data + (try font.word(table.start + 4)) + place.offset + metrics
    return Array(try font.slice(start + 4, count: try font.word(start)))
  }

  /// Where a glyph lies in the image data of its index table.
  private func place(
    of index: Int, glyph: Int, _ table: Int, _ font: FontBytes
  ) throws(DatasetError) -> (offset: Int, count: Int)? {
    switch try font.half(table) {
    case 1:
      let start = try font.word(table + 8 + 4 * index)
      return (start, try font.word(table + 12 + 4 * index) - start)
    case 2:
      let size = try font.word(table + 8)
      return (index * size, size)
    case 3:
      let start = try font.half(table + 8 + 2 * index)
      return (start, try font.half(table + 10 + 2 * index) - start)
    case 4:
      for pair in 0..<(try font.word(table + 8)) where try font.half(table + 12 + 4 * pair) == glyph {
        let start = try font.half(table + 14 + 4 * pair)
        return (start, try font.half(table + 18 + 4 * pair) - start)
      }
      return nil
    case 5:
      let size = try font.word(table + 8)
      for position in 0..<(try font.word(table + 20)) where try font.half(table + 24 + 2 * position) == glyph {
        return (position * size, size)
      }
      return nil
    default:
      throw font.malformed("its bitmap index has the unknown format \(try font.half(table))")
    }
  }
}
