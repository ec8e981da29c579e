import Statistics

/// Two quantities against each other, and distributions.
extension PanelDrawing {
  /// Draws points with error bars in both directions, their names where there is room, and the Pareto front.
  func drawScatter(on canvas: inout SVGCanvas) {
    let placed = panel.series.flatMap { series in
      series.points.compactMap { point -> Placed? in
        guard let y = point.mean, let x = point.across?.mean, shows(x, y) else { return nil }
        return Placed(
          series: series, point: point, value: (x, y), x: frame.x.position(x), y: frame.y.position(y))
      }
    }
    var front: [(x: Double, y: Double)] = []
    if let lessIsBetterAcross = model.lessIsBetterAcross, let lessIsBetter = panel.lessIsBetter {
      front = ParetoFront.indices(
        placed.map(\.value), lessIsBetter: (lessIsBetterAcross, lessIsBetter)
      ).map { (placed[$0].x, placed[$0].y) }.sorted { $0.x < $1.x }
      canvas.polyline(front, "front ink")
    }
    for item in placed {
      let colour = SeriesStyle.colourClass(item.series.colour)
      if let bar = item.point.bar {
        SeriesStyle.drawBar(
          item.x, frame.y.position(frame.y.clamped(bar.upper)), frame.y.position(frame.y.clamped(bar.lower)),
          "bar \(colour)", on: &canvas)
      }
      if let bar = item.point.across?.bar {
        let ends = (frame.x.position(frame.x.clamped(bar.lower)), frame.x.position(frame.x.clamped(bar.upper)))
        canvas.line(ends.0, item.y, ends.1, item.y, "bar \(colour)")
      }
      let name = model.name(of: item.point.x)
      canvas.marker(
        SeriesStyle.marker(item.series.colour), item.x, item.y, radius: 4.5, "dot \(colour)",
        tooltip: "\(name): \(NumberFormat.significant(item.value.x, 4)), \(NumberFormat.significant(item.value.y, 4))")
    }
    drawNames(placed, front: front, on: &canvas)
  }

  /// Draws the share of attempts at or below each value, as steps.
  func drawDistributions(on canvas: inout SVGCanvas) {
    for series in panel.series {
      let values = series.points.flatMap { $0.observations.map(\.value) }.filter(\.isFinite).sorted()
      guard let first = values.first, let last = values.last else { continue }
      func place(_ value: Double) -> Double { frame.x.position(frame.x.clamped(value)) }
      var points = [(x: place(first), y: frame.y.position(0))]
      for (position, value) in values.enumerated() {
        let x = place(value)
        points.append((x, points[points.count - 1].y))
        points.append((x, frame.y.position(Double(position + 1) / Double(values.count))))
      }
      points.append((max(place(last), frame.plot.right), frame.y.position(1)))
      canvas.polyline(points, SeriesStyle.lineClass(series.colour))
    }
  }

  private struct Placed {
    var series: ChartModel.Series
    var point: ChartModel.Point
    var value: (x: Double, y: Double)
    var x: Double
    var y: Double
  }

  /// Writes each name where it covers nothing; without such a place it stays in the tooltip.
  private func drawNames(_ placed: [Placed], front: [(x: Double, y: Double)], on canvas: inout SVGCanvas) {
    let bars = placed.map { item in
      guard let bar = item.point.bar else {
        return PointNames.Box(left: item.x - 6, right: item.x + 6, top: item.y - 6, bottom: item.y + 6)
      }
      return PointNames.Box(
        left: item.x - 6, right: item.x + 6, top: min(item.y - 6, frame.y.position(bar.upper) - 1),
        bottom: max(item.y + 6, frame.y.position(bar.lower) + 1))
    }
    let across = placed.compactMap { item in
      item.point.across?.bar.map { bar in
        PointNames.Box(
          left: frame.x.position(bar.lower), right: frame.x.position(bar.upper), top: item.y - 2, bottom: item.y + 2)
      }
    }
    var names = PointNames(
      in: .init(left: frame.plot.left, right: frame.plot.right, top: frame.top - 2, bottom: frame.bottom),
      around: bars + across + PointNames.boxes(along: front))
    for (item, bar) in zip(placed, bars) {
      let name = TextWidth.truncated(model.name(of: item.point.x), to: 150, size: 11)
      guard
        let place = names.place(
          width: TextWidth.of(name, size: 11), x: item.x, y: item.y, top: bar.top, bottom: bar.bottom)
      else { continue }
      if let leader = place.leader { canvas.line(item.x, leader.from, item.x, leader.to, "axis") }
      canvas.text(name, place.x, place.y, "muted", anchor: place.anchor)
    }
  }
}
