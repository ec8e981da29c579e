import Statistics

/// Means with error bars, joined or not.
extension PanelDrawing {
  /// Draws the paper's points, then the measured ones.
  func drawLines(on canvas: inout SVGCanvas) {
    for (position, series) in panel.series.enumerated() { drawPaper(series, shift(position), on: &canvas) }
    for (position, series) in panel.series.enumerated() { drawMeasured(series, shift(position), on: &canvas) }
  }

  /// Moves series apart where their error bars would cover each other.
  private func shift(_ position: Int) -> Double {
    let hasBars = panel.series.contains { $0.points.contains { $0.bar != nil } }
    guard hasBars || !model.joinsPoints else { return 0 }
    let room = min(model.joinsPoints ? 6 : 14, 0.8 * lanes.step / Double(max(panel.series.count, 1)))
    return (Double(position) - Double(panel.series.count - 1) / 2) * room
  }

  /// Where an axis value stands among the lanes: to scale, or on its side in its place among the others.
  private func lane(_ x: Double) -> Double {
    model.isHorizontal ? positions.firstIndex(of: x).map(Double.init) ?? -1 : x
  }

  private func drawPaper(_ series: ChartModel.Series, _ shift: Double, on canvas: inout SVGCanvas) {
    let colour = SeriesStyle.colourClass(series.colour)
    let shown = series.paper.filter { lanes.shows(lane($0.x), $0.y) }
    let points = shown.map { lanes.place($0.y, at: lane($0.x), shift: shift) }
    if model.joinsPoints { canvas.polyline(points, "dotted \(colour)") }
    for (point, value) in zip(points, shown) {
      canvas.marker(
        SeriesStyle.marker(series.colour), point.x, point.y, radius: 5.5, "ring \(colour)",
        tooltip: SeriesStyle.tooltip(series, paper: value, model))
    }
  }

  func drawMeasured(_ series: ChartModel.Series, _ shift: Double, on canvas: inout SVGCanvas) {
    let colour = SeriesStyle.colourClass(series.colour)
    if model.joinsPoints { join(series, shift, on: &canvas) }
    for point in series.points {
      guard let mean = point.mean else {
        let place = lanes.edge(at: lane(point.x), shift: shift)
        SeriesStyle.drawCross(place.x, place.y, "cross \(colour)", on: &canvas)
        continue
      }
      guard lanes.shows(lane(point.x), mean) else { continue }
      let place = lanes.place(mean, at: lane(point.x), shift: shift)
      if let bar = point.bar { lanes.drawBar(bar, at: lane(point.x), shift: shift, "bar \(colour)", on: &canvas) }
      canvas.marker(
        SeriesStyle.marker(series.colour), place.x, place.y, radius: 4, "dot \(colour)",
        tooltip: SeriesStyle.tooltip(series, point, model))
      if point.note != nil {
        let top =
          model.isHorizontal ? place.y : point.bar.map { frame.y.position(frame.y.clamped($0.upper)) } ?? place.y
        canvas.text(PaperTable.survivorMark, place.x, top - 7, "muted", anchor: .middle)
      }
    }
  }

  /// Draws lines between neighbours that have values within the axes.
  private func join(_ series: ChartModel.Series, _ shift: Double, on canvas: inout SVGCanvas) {
    var stretch: [(x: Double, y: Double)] = []
    for point in series.points {
      guard let mean = point.mean, lanes.shows(lane(point.x), mean) else {
        canvas.polyline(stretch, SeriesStyle.lineClass(series.colour))
        stretch = []
        continue
      }
      stretch.append(lanes.place(mean, at: lane(point.x), shift: shift))
    }
    canvas.polyline(stretch, SeriesStyle.lineClass(series.colour))
  }
}
