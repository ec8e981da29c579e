/// Big-endian numbers of a font file; every access is checked.
struct FontBytes {
  /// The whole file.
  let bytes: [UInt8]
  /// The name that errors mention.
  let path: String

  func byte(_ offset: Int) throws(DatasetError) -> Int {
    guard offset >= 0, offset < bytes.count else { throw endsEarly(offset) }
    return Int(bytes[offset])
  }

  func half(_ offset: Int) throws(DatasetError) -> Int {
    guard offset >= 0, offset <= bytes.count - 2 else { throw endsEarly(offset) }
    return Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
  }

  func word(_ offset: Int) throws(DatasetError) -> Int {
    try half(offset) << 16 | half(offset + 2)
  }

  func slice(_ offset: Int, count: Int) throws(DatasetError) -> ArraySlice<UInt8> {
    guard offset >= 0, count >= 0, offset <= bytes.count, count <= bytes.count - offset else { throw endsEarly(offset) }
    return bytes[offset..<(offset + count)]
  }

  func malformed(_ what: String) -> DatasetError {
    DatasetError(
      .malformedFont, path: path,
      message: "the font \(path) cannot be used: \(what); install it again (apt-get install --reinstall "
        + "fonts-noto-color-emoji) or name another colour bitmap font")
  }

  private func endsEarly(_ offset: Int) -> DatasetError {
    malformed("it ends at byte \(bytes.count), before the data at byte \(offset)")
  }
}
