/// Sequences of glyphs that a font draws as one (`GSUB`, lookup type 4, also behind extension lookups).
enum LigatureTable {
  /// More than any real font has; a damaged one must not keep the reader busy for ever.
  private static let limit = 200_000

  /// Returns the glyph of each sequence of glyphs.
  static func ligatures(_ font: FontBytes, _ table: Range<Int>) throws(DatasetError) -> [[Int]: Int] {
    let lookups = table.lowerBound + (try font.half(table.lowerBound + 8))
    var result: [[Int]: Int] = [:]
    var steps = 0
    for index in 0..<(try font.half(lookups)) {
      let lookup = lookups + (try font.half(lookups + 2 + 2 * index))
      let type = try font.half(lookup)
      guard type == 4 || type == 7 else { continue }
      for part in 0..<(try font.half(lookup + 4)) {
        var start = lookup + (try font.half(lookup + 6 + 2 * part))
        if type == 7 {
          guard try font.half(start + 2) == 4 else { continue }
          start += try font.word(start + 4)
        }
        try add(font, start, &result, &steps)
      }
    }
    return result
  }

  private static func add(
    _ font: FontBytes, _ start: Int, _ result: inout [[Int]: Int], _ steps: inout Int
  ) throws(DatasetError) {
    let firsts = try coveredGlyphs(font, start + (try font.half(start + 2)), &steps)
    for index in 0..<min(try font.half(start + 4), firsts.count) {
      let set = start + (try font.half(start + 6 + 2 * index))
      for entry in 0..<(try font.half(set)) {
        let ligature = set + (try font.half(set + 2 + 2 * entry))
        var sequence = [firsts[index]]
        for component in 0..<max(try font.half(ligature + 2) - 1, 0) {
          sequence.append(try font.half(ligature + 4 + 2 * component))
        }
        try count(sequence.count, &steps, font)
        if result[sequence] == nil { result[sequence] = try font.half(ligature) }
      }
    }
  }

  private static func coveredGlyphs(
    _ font: FontBytes, _ start: Int, _ steps: inout Int
  ) throws(DatasetError) -> [Int] {
    var glyphs: [Int] = []
    let ranged = try font.half(start) == 2
    for index in 0..<(try font.half(start + 2)) {
      guard ranged else {
        glyphs.append(try font.half(start + 4 + 2 * index))
        continue
      }
      let first = try font.half(start + 4 + 6 * index)
      let last = try font.half(start + 6 + 6 * index)
      try count(max(last - first, 0), &steps, font)
      if first <= last { glyphs.append(contentsOf: first...last) }
    }
    return glyphs
  }

  private static func count(_ more: Int, _ steps: inout Int, _ font: FontBytes) throws(DatasetError) {
    steps += more
    guard steps <= limit else { throw font.malformed("its table of ligatures repeats itself") }
  }
}
