public import JSON

/// Several sources behind one range of offsets, so that a value carries one number whether it stands in the file or in an override.
public struct SourceMap: Sendable {
  private var sources: [(base: Int, text: SourceText)] = []

  /// Makes an empty map.
  public init() {}

  /// Bytes of all sources together.
  var byteCount: Int { sources.reduce(0) { $0 + $1.text.bytes.count } }

  /// Adds a source.
  ///
  /// - Parameter text: The source.
  /// - Returns: What is to be added to offsets in `text` to get offsets of the map.
  public mutating func add(_ text: SourceText) -> Int {
    let base = sources.last.map { $0.base + $0.text.bytes.count + 1 } ?? 0
    sources.append((base, text))
    return base
  }

  /// Bytes of a long line that are kept before and after a place.
  private static let shownBefore = 600
  private static let shownAfter = 1200

  /// Returns the place of a range, with its line, or of a very long line the part around it.
  ///
  /// - Parameter range: Offsets of the map; only the part in the first line is underlined.
  /// - Returns: The place; an empty one if the map has no sources.
  public func excerpt(of range: Range<Int>) -> SourceExcerpt {
    guard let (base, text) = sources.last(where: { $0.base <= range.lowerBound }) else {
      return SourceExcerpt(file: "", location: SourceLocation(line: 1, column: 1), length: 1, lineText: "")
    }
    let line = text.lineRange(at: range.lowerBound - base)
    let start = min(range.lowerBound - base, line.upperBound)
    let location = text.location(at: start)
    let first = text.characterBoundary(max(line.lowerBound, start - Self.shownBefore), limit: start)
    let last = text.characterBoundary(min(line.upperBound, start + Self.shownAfter), limit: line.upperBound)
    let end = min(max(start, range.upperBound - base), last)
    func string(_ range: Range<Int>) -> String { String(decoding: text.bytes[range], as: UTF8.self) }
    var excerpt = SourceExcerpt(
      file: text.name, location: location, length: max(1, string(start..<end).count), lineText: string(first..<last))
    if first > line.lowerBound { excerpt.firstColumn = max(1, location.column - string(first..<start).count) }
    return excerpt
  }

  /// Returns the place of a piece of text inside a range, or the whole range if it is not there.
  func range(of piece: String, in range: Range<Int>) -> Range<Int> { firstRange(of: piece, in: range) ?? range }

  /// Returns the place of a piece of text inside a range, where the byte before it is not a certain one; `nil` if it is not there.
  func firstRange(of piece: String, in range: Range<Int>, notAfter excluded: UInt8? = nil) -> Range<Int>? {
    guard let (base, text) = sources.last(where: { $0.base <= range.lowerBound }) else { return nil }
    let wanted = Array(piece.utf8)
    let end = min(range.upperBound - base, text.bytes.count)
    var start = range.lowerBound - base
    while start + wanted.count <= end {
      let isExcluded = excluded != nil && start > 0 && text.bytes[start - 1] == excluded
      if !isExcluded, text.bytes[start..<start + wanted.count].elementsEqual(wanted) {
        return start + base..<start + wanted.count + base
      }
      start += 1
    }
    return nil
  }
}

extension SourceText {
  /// Returns the offset, or the next one up to a limit at which no character is cut in its middle.
  fileprivate func characterBoundary(_ offset: Int, limit: Int) -> Int {
    var offset = offset
    while offset < limit, bytes[offset] & 0xC0 == 0x80 { offset += 1 }
    return offset
  }
}

extension LocatedJSON {
  /// Moves all places of a tree.
  func shifted(by distance: Int) -> LocatedJSON {
    if distance == 0 { return self }
    let place = range.lowerBound + distance..<range.upperBound + distance
    switch content {
    case .scalar: return LocatedJSON(content: content, range: place)
    case .array(let elements):
      return LocatedJSON(content: .array(elements.map { $0.shifted(by: distance) }), range: place)
    case .object(let members):
      let moved = members.map {
        Member(
          key: $0.key, keyRange: $0.keyRange.lowerBound + distance..<$0.keyRange.upperBound + distance,
          value: $0.value.shifted(by: distance))
      }
      return LocatedJSON(content: .object(moved), range: place)
    }
  }
}
