extension Image {
  /// The height of a line of text at scale 1, in pixels.
  public static let textHeight = BitmapFont.height

  /// Returns the width of a line of text.
  ///
  /// - Parameters:
  ///   - text: One line.
  ///   - scale: Pixels of the image in a pixel of the font.
  /// - Returns: The width in pixels, without space behind the last character.
  public static func textWidth(_ text: String, scale: Int = 1) -> Int {
    max(text.count * BitmapFont.advance - 1, 0) * scale
  }

  /// Returns a text cut to a width; a text that is cut ends in two dots.
  ///
  /// - Parameters:
  ///   - text: One line.
  ///   - width: The room in pixels.
  ///   - scale: Pixels of the image in a pixel of the font.
  /// - Returns: The text itself if it fits.
  public static func truncated(_ text: String, toWidth width: Int, scale: Int = 1) -> String {
    guard textWidth(text, scale: scale) > width else { return text }
    let count = max((width / scale + 1) / BitmapFont.advance - 2, 0)
    return text.prefix(count) + (count > 0 ? ".." : "")
  }

  /// Writes a line of text in a built-in font of 5 x 7 pixels; what lies outside is cut off.
  ///
  /// - Parameters:
  ///   - text: One line; characters beyond ASCII become boxes.
  ///   - x: Column of the left edge.
  ///   - y: Row of the top edge.
  ///   - colour: One value for each channel.
  ///   - scale: Pixels of the image in a pixel of the font.
  public mutating func draw(text: String, x: Int, y: Int, colour: [UInt8], scale: Int = 1) {
    precondition(colour.count == channels, "\(colour.count) values for \(channels) channels")
    precondition(scale > 0, "text at scale \(scale)")
    for (index, character) in text.enumerated() {
      let left = x + index * BitmapFont.advance * scale
      for (row, bits) in BitmapFont.rows(of: character).enumerated() {
        for column in 0..<5 where bits >> UInt8(4 - column) & 1 == 1 {
          fill(x: left + column * scale, y: y + row * scale, width: scale, height: scale, colour: colour)
        }
      }
    }
  }

  /// Fills a rectangle; what lies outside is cut off.
  ///
  /// - Parameters:
  ///   - x: Column of the left edge.
  ///   - y: Row of the top edge.
  ///   - width: Columns.
  ///   - height: Rows.
  ///   - colour: One value for each channel.
  public mutating func fill(x: Int, y: Int, width: Int, height: Int, colour: [UInt8]) {
    precondition(colour.count == channels, "\(colour.count) values for \(channels) channels")
    let columns = max(x, 0)..<max(min(x + width, self.width), max(x, 0))
    let rows = max(y, 0)..<max(min(y + height, self.height), max(y, 0))
    for row in rows {
      for column in columns {
        for channel in 0..<channels { pixels[(row * self.width + column) * channels + channel] = colour[channel] }
      }
    }
  }
}
