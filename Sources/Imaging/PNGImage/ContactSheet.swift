/// A grid of small images with titles, for looking at many results at once.
///
///     let sheet = ContactSheet(
///       title: "student", columnTitles: ["seed 1", "seed 2"], rows: [.init(title: "cat", images: [a, b])])
///     try sheet.image().write(to: "sheet.png")
public struct ContactSheet: Sendable {
  /// A row of the grid.
  public struct Row: Sendable {
    /// The text at the left.
    public var title: String
    /// The images from left to right; nil leaves a crossed-out cell.
    public var images: [Image?]

    /// Creates a row.
    ///
    /// - Parameters:
    ///   - title: The text at the left.
    ///   - images: The images from left to right; nil leaves a crossed-out cell.
    public init(title: String, images: [Image?]) {
      self.title = title
      self.images = images
    }
  }

  /// The line above the grid, or an empty text.
  public var title: String
  /// The texts above the columns; columns beyond them have none.
  public var columnTitles: [String]
  /// The rows from top to bottom.
  public var rows: [Row]
  /// How often each pixel is repeated in both directions.
  public var enlargement = 1
  /// Pixels of the sheet in a pixel of the font.
  public var textScale = 1
  /// The most room that row titles take, in pixels; longer ones are cut.
  public var maximumRowTitleWidth = 150
  /// Pixels between cells.
  public var gap = 4

  /// Creates a sheet.
  ///
  /// - Parameters:
  ///   - title: The line above the grid, or an empty text.
  ///   - columnTitles: The texts above the columns.
  ///   - rows: The rows from top to bottom.
  public init(title: String = "", columnTitles: [String] = [], rows: [Row]) {
    self.title = title
    self.columnTitles = columnTitles
    self.rows = rows
  }

  /// Draws the sheet on a light background.
  ///
  /// Images with alpha are put over white. Every column is as wide as its widest image, every row as high as its highest.
  ///
  /// - Returns: An image of three channels.
  public func image() -> Image {
    precondition(enlargement > 0 && textScale > 0 && gap >= 0, "a sheet with a scale below 1 or a gap below 0")
    let cells = rows.map { row in row.images.map { $0?.composited().enlarged(by: enlargement) } }
    let columns = max(cells.map(\.count).max() ?? 0, columnTitles.count, 1)
    let smallest = cells.joined().compactMap { $0?.width }.min() ?? 16
    let widths = (0..<columns).map { column in
      cells.compactMap { column < $0.count ? $0[column]?.width : nil }.max() ?? smallest
    }
    let heights = cells.map { row in row.compactMap { $0?.height }.max() ?? smallest }
    let line = Image.textHeight * textScale + gap
    let titleWidth = rows.map { Image.textWidth($0.title, scale: textScale) }.max() ?? 0
    let left = titleWidth > 0 ? min(titleWidth, maximumRowTitleWidth) + 2 * gap : gap
    let top = gap + (title.isEmpty ? 0 : line) + (columnTitles.isEmpty ? 0 : line)
    var sheet = Image(
      width: left + widths.reduce(0) { $0 + $1 + gap }, height: top + heights.reduce(0) { $0 + $1 + gap },
      colour: ContactSheet.background)
    sheet.draw(
      text: Image.truncated(title, toWidth: sheet.width - 2 * gap, scale: textScale), x: gap, y: gap,
      colour: ContactSheet.ink, scale: textScale)
    var x = left
    for (column, width) in widths.enumerated() {
      if column < columnTitles.count {
        sheet.draw(
          text: Image.truncated(columnTitles[column], toWidth: width, scale: textScale), x: x, y: top - line,
          colour: ContactSheet.ink, scale: textScale)
      }
      x += width + gap
    }
    var y = top
    for (row, height) in heights.enumerated() {
      let text = Image.truncated(rows[row].title, toWidth: maximumRowTitleWidth, scale: textScale)
      sheet.draw(
        text: text, x: left - gap - Image.textWidth(text, scale: textScale),
        y: y + max((height - Image.textHeight * textScale) / 2, 0), colour: ContactSheet.ink,
        scale: textScale)
      x = left
      for (column, width) in widths.enumerated() {
        if column < cells[row].count, let cell = cells[row][column] {
          sheet.draw(cell, x: x, y: y)
        } else if column < cells[row].count {
          sheet.drawMissing(x: x, y: y, width: width, height: height)
        }
        x += width + gap
      }
      y += height + gap
    }
    return sheet
  }

  private static let background: [UInt8] = [248, 248, 246]
  private static let ink: [UInt8] = [40, 40, 48]
}

extension Image {
  fileprivate mutating func drawMissing(x: Int, y: Int, width: Int, height: Int) {
    fill(x: x, y: y, width: width, height: height, colour: [228, 228, 226])
    let steps = max(width, height)
    for step in 0..<steps {
      let column = x + step * width / steps
      let row = step * height / steps
      fill(x: column, y: y + row, width: 1, height: 1, colour: [180, 90, 90])
      fill(x: column, y: y + height - 1 - row, width: 1, height: 1, colour: [180, 90, 90])
    }
  }
}
