/// Heat maps.
extension PanelDrawing {
  /// Draws a tile for each pair of values, deeper for greater means, with the mean in it where it fits.
  func drawTiles(on canvas: inout SVGCanvas) {
    guard let series = panel.series.first else { return }
    let colour = SeriesStyle.colourClass(series.colour)
    let means = series.points.compactMap(\.mean)
    let (low, high) = (means.min() ?? 0, means.max() ?? 1)
    let height = (frame.bottom - frame.top) / Double(max(model.rowNames.count, 1))
    for point in series.points {
      let (x, y) = (frame.x.position(slot(point)), frame.y.position(Double(point.row)))
      guard let mean = point.mean else {
        SeriesStyle.drawCross(x, y, "cross ink", on: &canvas)
        continue
      }
      let share = high > low ? (mean - low) / (high - low) : 0.5
      let opacity = 0.06 + 0.94 * share
      let row = model.rowNames.indices.contains(point.row) ? model.rowNames[point.row] : ""
      canvas.tile(
        x - frame.step / 2 + 1, y - height / 2 + 1, frame.step - 2, height - 2, "tile \(colour)", opacity: opacity,
        tooltip: "\(model.name(of: point.x)), \(row): \(NumberFormat.significant(mean, 4)) (n = \(point.count))")
      let text = NumberFormat.significant(mean, 3)
      if TextWidth.of(text, size: 11) <= frame.step - 6, height >= 15 {
        canvas.text(text, x, y + 4, opacity > 0.55 ? "reverse" : "tileLabel", anchor: .middle)
      }
    }
  }
}
