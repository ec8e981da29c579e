package import PNGImage
import ResultsStore

/// Stored images side by side, pixels magnified without smoothing, labels below.
package struct FigureSheet {
  /// What stands in one place of the picture.
  package enum Cell {
    case image(Image)
    /// A picture whose pixels are not looked into.
    case file(PictureFile)
    /// Why there is no image.
    case gap(String)
  }

  /// One line of images.
  package struct Row {
    var label: String
    var cells: [Cell]

    /// Makes a line.
    package init(label: String, cells: [Cell]) {
      self.label = label
      self.cells = cells
    }
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
  ///   - magnify: For each column the least side of the square that shows one pixel.
  /// - Returns: An image of three channels.
  package static func image(rows: [Row], labels: [String], magnify: [Int]) -> Image {
    let textScale = 2
    let factors = rows.map { Self.factors(for: $0, magnify: magnify) }
    let shown = zip(rows, factors).flatMap { row, factors in
      zip(row.cells, factors).compactMap { cell, factor in
        Self.image(in: cell).map { (width: $0.width * factor, height: $0.height * factor) }
      }
    }
    let width = shown.map(\.width).max() ?? 32 * (magnify.max() ?? 1)
    let height = shown.map(\.height).max() ?? 32 * (magnify.max() ?? 1)
    let line = Image.textHeight * textScale + gap
    let hasRowLabels = rows.contains { !$0.label.isEmpty }
    let hasColumnLabels = labels.contains { !$0.isEmpty }
    let rowHeight = height + gap + (hasRowLabels ? line : 0)
    var sheet = Image(
      width: gap + labels.count * (width + gap), height: gap + rows.count * rowHeight + (hasColumnLabels ? line : 0),
      colour: paper)
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
          let enlarged = image.composited().enlarged(by: factors[position][column])
          sheet.draw(enlarged, x: left + (width - enlarged.width) / 2, y: top + (height - enlarged.height) / 2)
        case .file: break
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

  /// Returns by what whole factor each image of a row is enlarged, so that all come as near to the tallest as they can.
  ///
  /// - Parameters:
  ///   - row: Images and gaps.
  ///   - magnify: What is asked for at least, for each cell.
  /// - Returns: One factor for each cell, 1 for a gap.
  package static func factors(for row: Row, magnify: [Int]) -> [Int] {
    let images = row.cells.map(image(in:))
    let asked = zip(images, magnify).map { image, factor in image.map { clamped(factor, $0) } ?? 1 }
    let tallest = zip(images, asked).map { ($0?.height ?? 0) * $1 }.max() ?? 0
    return zip(images, asked).map { image, factor in
      image.map { max(factor, clamped(tallest / max($0.height, 1), $0)) } ?? 1
    }
  }

  /// Keeps the picture within 4,000 pixels a row however large the stored images are.
  private static func clamped(_ magnify: Int, _ image: Image) -> Int {
    max(1, min(magnify, 1_024 / max(image.width, image.height, 1)))
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
