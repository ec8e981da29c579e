/// A course with the places where its level changes.
extension PanelDrawing {
  /// Draws each course, its levels as broad lines, and each change as an upright line with its size.
  func drawTrends(on canvas: inout SVGCanvas) {
    for series in panel.series {
      let colour = SeriesStyle.colourClass(series.colour)
      let points = series.points.filter { $0.mean != nil }
      let pieces = series.levels
      // Where each of the two lines of labels is taken up to, from the left.
      var taken = [frame.plot.left, frame.plot.left]
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
        guard let line = taken.firstIndex(where: { $0 <= left }) else { continue }
        taken[line] = left + width + 5
        canvas.text(text, left, frame.top + 9 + Double(line) * 13, "muted")
      }
      drawMeasured(series, 0, on: &canvas)
    }
  }
}
