/// The files in a zip archive, as far as they are stored without compression; PyTorch compresses nothing but programs.
///
/// - Source: PKWARE's "APPNOTE.TXT - .ZIP File Format Specification" 6.3.10, with the 64-bit extension.
struct ZipDirectory {
  /// Where the content of each member lies in the archive; empty for a compressed one.
  let members: [String: Range<Int>]

  init(_ bytes: [UInt8], path: String) throws(PerceptualNetworkError) {
    var reader = ByteReader(bytes, path: path)
    guard let end = ZipDirectory.endRecord(bytes) else { throw reader.malformed("its table of contents is missing") }
    reader.position = end + 10
    var count = try reader.size(2)
    _ = try reader.size(4)
    var start = try reader.size(4)
    if count == 0xFFFF || start == 0xFFFF_FFFF {
      reader.position = end - 20
      guard try reader.number(4) == 0x0706_4B50 else { throw reader.malformed("its 64-bit table is missing") }
      _ = try reader.number(4)
      reader.position = try reader.size(8)
      guard try reader.number(4) == 0x0606_4B50 else { throw reader.malformed("its 64-bit table is missing") }
      _ = try reader.slice(28)
      count = try reader.size(8)
      _ = try reader.size(8)
      start = try reader.size(8)
    }
    reader.position = start
    var members: [String: Range<Int>] = [:]
    for _ in 0..<count {
      let (name, content) = try ZipDirectory.member(&reader)
      members[name] = content
    }
    self.members = members
  }

  private static func endRecord(_ bytes: [UInt8]) -> Int? {
    var position = bytes.count - 22
    while position >= 0, position > bytes.count - 22 - 65_536 {
      if bytes[position] == 0x50, bytes[position + 1] == 0x4B, bytes[position + 2] == 5, bytes[position + 3] == 6 {
        return position
      }
      position -= 1
    }
    return nil
  }

  private static func member(
    _ reader: inout ByteReader
  ) throws(PerceptualNetworkError) -> (name: String, content: Range<Int>) {
    guard try reader.number(4) == 0x0201_4B50 else { throw reader.malformed("an entry of its table is not one") }
    _ = try reader.slice(6)
    let method = try reader.size(2)
    _ = try reader.slice(8)
    var (packed, size) = (try reader.size(4), try reader.size(4))
    let lengths = (name: try reader.size(2), extra: try reader.size(2), comment: try reader.size(2))
    _ = try reader.slice(8)
    var start = try reader.size(4)
    let name = try reader.text(lengths.name)
    let extraEnd = reader.position + lengths.extra
    while reader.position + 4 <= extraEnd {
      let (kind, length) = (try reader.size(2), try reader.size(2))
      let next = reader.position + length
      if kind == 1 {
        if size == 0xFFFF_FFFF { size = try reader.size(8) }
        if packed == 0xFFFF_FFFF { packed = try reader.size(8) }
        if start == 0xFFFF_FFFF { start = try reader.size(8) }
      }
      reader.position = next
    }
    reader.position = extraEnd + lengths.comment
    guard method == 0, packed == size else { return (name, 0..<0) }
    var local = reader
    local.position = start
    guard try local.number(4) == 0x0403_4B50 else { throw reader.malformed("'\(name)' is not where its table says") }
    _ = try local.slice(22)
    let skipped = try local.size(2) + local.size(2)
    _ = try local.slice(skipped)
    let first = local.position
    _ = try local.slice(size)
    return (name, first..<first + size)
  }
}
