/// Heat maps.
extension PanelDrawing {
  /// The opacity of a share of the greatest value: never so deep that its number would be hard to read on it, light or dark.
  static func shade(_ share: Double) -> Double { 0.06 + 0.52 * share }

  /// Draws a tile for each pair of values, deeper for greater means, with the mean in it where it fits.
  func drawTiles(on canvas: inout SVGCanvas) {
    guard let series = panel.series.first else { return }
    let colour = SeriesStyle.colourClass(series.colour)
    let means = series.points.compactMap(\.mean)
    let (low, high) = (means.min() ?? 0, means.max() ?? 1)
    let height = (frame.bottom - frame.top) / Double(max(model.rowNames.count, 1))
    for point in series.points {
      let gap = min(1, 0.08 * min(height, frame.step))
      let (x, y) = (frame.x.position(slot(point)), frame.y.position(Double(point.row)))
      guard let mean = point.mean else {
        SeriesStyle.drawCross(x, y, "cross ink", on: &canvas)
        continue
      }
      let share = high > low ? (mean - low) / (high - low) : 0.5
      let row = model.rowNames.indices.contains(point.row) ? model.rowNames[point.row] : ""
      canvas.tile(
        x - frame.step / 2 + gap, y - height / 2 + gap, frame.step - 2 * gap, height - 2 * gap, "tile \(colour)",
        opacity: PanelDrawing.shade(share),
        tooltip: "\(model.name(of: point.x)), \(row): \(NumberFormat.significant(mean, 4)) (n = \(point.count))")
      let text = NumberFormat.significant(mean, 3)
      if TextWidth.of(text, size: 11) <= frame.step - 6, height >= 15 {
        canvas.text(text, x, y + 4, "tileLabel", anchor: .middle)
      }
    }
  }
}
