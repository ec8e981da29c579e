import Statistics

/// Lines of means with error bars.
extension PanelDrawing {
  /// Draws the paper's points, then the measured ones.
  func drawLines(on canvas: inout SVGCanvas) {
    for (position, series) in panel.series.enumerated() { drawPaper(series, shift(position), on: &canvas) }
    for (position, series) in panel.series.enumerated() { drawMeasured(series, shift(position), on: &canvas) }
  }

  /// Moves series apart where their error bars would cover each other.
  private func shift(_ position: Int) -> Double {
    let hasBars = panel.series.contains { $0.points.contains { $0.interval != nil } }
    return hasBars ? (Double(position) - Double(panel.series.count - 1) / 2) * 6 : 0
  }

  private func drawPaper(_ series: ChartModel.Series, _ shift: Double, on canvas: inout SVGCanvas) {
    let colour = SeriesStyle.colourClass(series.colour)
    let points = series.paper.map { (x: frame.x.position($0.x) + shift, y: frame.y.position($0.y)) }
    canvas.polyline(points, "dotted \(colour)")
    for (point, value) in zip(points, series.paper) {
      canvas.marker(
        SeriesStyle.marker(series.colour), point.x, point.y, radius: 5.5, "ring \(colour)",
        tooltip: SeriesStyle.tooltip(series, paper: value, model))
    }
  }

  func drawMeasured(_ series: ChartModel.Series, _ shift: Double, on canvas: inout SVGCanvas) {
    let colour = SeriesStyle.colourClass(series.colour)
    var stretch: [(x: Double, y: Double)] = []
    for point in series.points {
      guard let mean = point.mean else {
        canvas.polyline(stretch, "line \(colour)")
        stretch = []
        continue
      }
      stretch.append((frame.x.position(point.x) + shift, frame.y.position(mean)))
    }
    canvas.polyline(stretch, "line \(colour)")
    for point in series.points {
      let px = frame.x.position(point.x) + shift
      guard let mean = point.mean else {
        SeriesStyle.drawCross(px, frame.bottom - 8, "cross \(colour)", on: &canvas)
        continue
      }
      if let interval = point.interval {
        SeriesStyle.drawBar(
          px, frame.y.position(interval.upper), frame.y.position(interval.lower), "bar \(colour)", on: &canvas)
      }
      canvas.marker(
        SeriesStyle.marker(series.colour), px, frame.y.position(mean), radius: 4, "dot \(colour)",
        tooltip: SeriesStyle.tooltip(series, point, model))
      if point.note != nil {
        let top = point.interval.map { frame.y.position($0.upper) } ?? frame.y.position(mean)
        canvas.text(PaperTable.survivorMark, px, top - 7, "muted", anchor: .middle)
      }
    }
  }
}
