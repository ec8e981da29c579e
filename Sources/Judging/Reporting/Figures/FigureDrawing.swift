import PNGImage
import Printing

/// A figure with drawings or photographs in it, as one SVG file that holds them.
enum FigureDrawing {
  private static let gap = 12.0
  /// The width that pictures of a row are shown in together, and the least that each gets.
  private static let reading = (row: 960.0, least: 240.0)

  /// Returns the file.
  ///
  /// - Parameters:
  ///   - rows: At least one row.
  ///   - labels: What stands above the columns.
  ///   - magnify: For each column the least side of the square that shows one pixel.
  ///   - title: Short name for readers who hear the picture.
  /// - Returns: The drawing, still without a style sheet.
  static func drawing(rows: [FigureSheet.Row], labels: [String], magnify: [Int], title: String) -> SVGDrawing {
    let limit = max(reading.row / Double(max(labels.count, 1)), reading.least)
    let sizes = rows.map { row in
      zip(row.cells, FigureSheet.factors(for: row, magnify: magnify)).map { size(of: $0, factor: $1, limit: limit) }
    }
    let widths = labels.indices.map { column in
      max(sizes.map { column < $0.count ? $0[column].width : 0 }.max() ?? 0, 60)
    }
    var canvas = SVGCanvas()
    var y = gap
    let hasLabels = labels.contains { !$0.isEmpty }
    var x = gap
    for (label, width) in zip(labels, widths) where hasLabels {
      let shown = TextWidth.truncated(label, to: width, size: 12, isBold: true)
      canvas.text(shown, x, y + 12, "panel", tooltip: shown == label ? nil : label)
      x += width + gap
    }
    if hasLabels { y += 24 }
    let total = widths.reduce(gap) { $0 + $1 + gap }
    for (row, rowSizes) in zip(rows, sizes) {
      if !row.label.isEmpty {
        canvas.text(TextWidth.truncated(row.label, to: total - 2 * gap, size: 12), gap, y + 12, "legend")
        y += 20
      }
      let height = rowSizes.map(\.height).max() ?? 0
      x = gap
      for (column, cell) in row.cells.enumerated() {
        let (size, name) = (
          rowSizes[column], [labels[column], row.label].filter { !$0.isEmpty }.joined(separator: ", ")
        )
        if let address = cell.dataAddress {
          canvas.image(address, x, y, size.width, size.height, isPixels: cell.isPixels, tooltip: name)
        } else if case .gap(let reason) = cell {
          canvas.text(TextWidth.truncated(reason, to: widths[column], size: 11), x, y + 14, "muted", tooltip: reason)
        }
        x += widths[column] + gap
      }
      y += max(height, 20) + gap
    }
    let names = rows.flatMap { row in labels.map { [$0, row.label].filter { !$0.isEmpty }.joined(separator: ", ") } }
    return canvas.drawing(width: total, height: y, title: title, description: names.joined(separator: "; "))
  }

  private static func size(of cell: FigureSheet.Cell, factor: Int, limit: Double) -> (width: Double, height: Double) {
    guard let size = cell.size else { return (60, 20) }
    let width = Double(size.width * factor)
    let scale = min(1, limit / width)
    return (width * scale, Double(size.height * factor) * scale)
  }
}

extension FigureSheet.Cell {
  /// Pixels of the picture as it was stored, `nil` without one.
  var size: (width: Int, height: Int)? {
    switch self {
    case .image(let image): (image.width, image.height)
    case .file(let file): (file.width, file.height)
    case .gap: nil
    }
  }

  /// Whether single pixels are to be seen.
  var isPixels: Bool {
    if case .image = self { return true }
    return false
  }

  /// The picture inside of an address, `nil` without one.
  var dataAddress: String? {
    switch self {
    case .image(let image):
      (try? image.pngBytes(path: "the image")).map { "data:image/png;base64,\(HTMLText.base64($0))" }
    case .file(let file): "data:\(file.mediaType);base64,\(HTMLText.base64(file.bytes))"
    case .gap: nil
    }
  }
}
