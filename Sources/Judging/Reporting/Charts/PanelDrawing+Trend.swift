/// A course with the places where its level changes.
extension PanelDrawing {
  /// Draws each course, its levels as broad lines, and each change as an upright line with its size.
  func drawTrends(on canvas: inout SVGCanvas) {
    for series in panel.series {
      let colour = SeriesStyle.colourClass(series.colour)
      let points = series.points.filter { $0.mean != nil }
      let pieces = series.levels
      var taken = points.map { (x: frame.x.position($0.x), y: frame.y.position($0.mean ?? 0)) }
      for (number, piece) in pieces.enumerated() {
        let level = piece.level
        let height = frame.y.position(level)
        let ends = (
          frame.x.position(points[piece.range.lowerBound].x), frame.x.position(points[piece.range.upperBound - 1].x)
        )
        canvas.line(ends.0 - 3, height, ends.1 + 3, height, "level \(colour)")
        guard number > 0 else { continue }
        let before = pieces[number - 1].level
        let edge = (ends.0 + frame.x.position(points[piece.range.lowerBound - 1].x)) / 2
        canvas.line(edge, frame.top, edge, frame.bottom, "change \(colour)")
        guard panel.series.count == 1, before != 0 else { continue }
        let change = (level / before - 1) * 100
        let text = (change > 0 ? "+" : "") + NumberFormat.fixed(change, 1) + " %"
        let width = TextWidth.of(text, size: 11)
        let left = min(edge + 4, frame.plot.right - width)
        guard let baseline = frame.freeBaseline(for: left...(left + width), beside: taken) else { continue }
        taken += [left, left + width / 2, left + width].map { ($0, baseline - 4) }
        canvas.text(text, left, baseline, "muted")
      }
      drawMeasured(series, 0, on: &canvas)
    }
  }
}
