import PNGImage
import ResultsStore

/// Stored images side by side, pixels magnified without smoothing, labels below.
struct FigureSheet {
  /// What stands in one place of the picture.
  enum Cell {
    case image(Image)
    /// Why there is no image.
    case gap(String)
  }

  /// One line of images.
  struct Row {
    var label: String
    var cells: [Cell]
  }

  private static let paper: [UInt8] = [255, 255, 255]
  private static let ink: [UInt8] = [31, 35, 40]
  private static let pale: [UInt8] = [238, 240, 242]
  private static let gap = 12

  /// Draws a picture on white.
  ///
  /// - Parameters:
  ///   - rows: At least one row.
  ///   - labels: What stands below the columns.
  ///   - magnify: For each column the side of the square that shows one pixel.
  /// - Returns: An image of three channels.
  static func image(rows: [Row], labels: [String], magnify: [Int]) -> Image {
    let textScale = 2
    let columns = labels.indices.map { column in rows.compactMap { image(in: $0.cells[column]) } }
    let factors = zip(magnify, columns).map(clamped)
    let shown = zip(columns, factors).flatMap { images, factor in
      images.map { (width: $0.width * factor, height: $0.height * factor) }
    }
    let width = shown.map(\.width).max() ?? 32 * (factors.max() ?? 1)
    let height = shown.map(\.height).max() ?? 32 * (factors.max() ?? 1)
    let line = Image.textHeight * textScale + gap
    let hasRowLabels = rows.contains { !$0.label.isEmpty }
    let rowHeight = height + gap + (hasRowLabels ? line : 0)
    var sheet = Image(
      width: gap + labels.count * (width + gap), height: gap + rows.count * rowHeight + line, colour: paper)
    let longest = rows.map { Image.textWidth($0.label, scale: textScale) }.max() ?? 0
    let rowScale = longest > sheet.width - 2 * gap ? 1 : textScale
    for (position, row) in rows.enumerated() {
      var top = gap + position * rowHeight
      if hasRowLabels {
        write(row.label, on: &sheet, left: gap, top: top, room: sheet.width - 2 * gap, scale: rowScale, centred: false)
        top += line
      }
      for (column, cell) in row.cells.enumerated() {
        let left = gap + column * (width + gap)
        switch cell {
        case .image(let image):
          let enlarged = image.composited().enlarged(by: factors[column])
          sheet.draw(enlarged, x: left + (width - enlarged.width) / 2, y: top + (height - enlarged.height) / 2)
        case .gap(let reason):
          sheet.fill(x: left, y: top, width: width, height: height, colour: pale)
          write(
            reason, on: &sheet, left: left, top: top + height / 2 - Image.textHeight / 2, room: width, scale: 1,
            centred: true)
        }
      }
    }
    for (column, label) in labels.enumerated() {
      write(
        label, on: &sheet, left: gap + column * (width + gap), top: gap + rows.count * rowHeight, room: width,
        scale: textScale, centred: true)
    }
    return sheet
  }

  private static func image(in cell: Cell) -> Image? {
    if case .image(let image) = cell { return image }
    return nil
  }

  /// Keeps the picture within 4,000 pixels a row however large the stored images are.
  static func clamped(_ magnify: Int, _ images: [Image]) -> Int {
    let side = images.map { max($0.width, $0.height) }.max() ?? 1
    return max(1, min(magnify, 1_024 / max(side, 1)))
  }

  private static func write(
    _ text: String, on sheet: inout Image, left: Int, top: Int, room: Int, scale: Int, centred: Bool
  ) {
    let fittingScale = Image.textWidth(text, scale: scale) > room ? max(1, scale - 1) : scale
    let shown = Image.truncated(text, toWidth: room, scale: fittingScale)
    let space = centred ? max(0, (room - Image.textWidth(shown, scale: fittingScale)) / 2) : 0
    sheet.draw(text: shown, x: left + space, y: top, colour: ink, scale: fittingScale)
  }
}
