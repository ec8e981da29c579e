import Statistics

/// Two quantities against each other, and distributions.
extension PanelDrawing {
  /// Draws points with error bars in both directions, their names where there is room, and the Pareto front.
  func drawScatter(on canvas: inout SVGCanvas) {
    let placed = panel.series.flatMap { series in
      series.points.compactMap { point -> Placed? in
        guard let y = point.mean, let x = point.across?.mean else { return nil }
        return Placed(
          series: series, point: point, value: (x, y), x: frame.x.position(x), y: frame.y.position(y))
      }
    }
    if let lessIsBetterAcross = model.lessIsBetterAcross, let lessIsBetter = panel.lessIsBetter {
      let front = ParetoFront.indices(
        placed.map(\.value), lessIsBetter: (lessIsBetterAcross, lessIsBetter)
      ).map { placed[$0] }.sorted { $0.x < $1.x }
      canvas.polyline(front.map { ($0.x, $0.y) }, "front ink")
    }
    for item in placed {
      let colour = SeriesStyle.colourClass(item.series.colour)
      if let interval = item.point.interval {
        SeriesStyle.drawBar(
          item.x, frame.y.position(interval.upper), frame.y.position(interval.lower), "bar \(colour)", on: &canvas)
      }
      if let interval = item.point.across?.interval {
        let ends = (frame.x.position(interval.lower), frame.x.position(interval.upper))
        canvas.line(ends.0, item.y, ends.1, item.y, "bar \(colour)")
      }
      let name = model.name(of: item.point.x)
      canvas.marker(
        SeriesStyle.marker(item.series.colour), item.x, item.y, radius: 4.5, "dot \(colour)",
        tooltip: "\(name): \(NumberFormat.significant(item.value.x, 4)), \(NumberFormat.significant(item.value.y, 4))")
    }
    drawNames(placed, on: &canvas)
  }

  /// Draws the share of attempts at or below each value, as steps.
  func drawDistributions(on canvas: inout SVGCanvas) {
    for series in panel.series {
      let values = series.points.flatMap { $0.observations.map(\.value) }.filter(\.isFinite).sorted()
      guard let first = values.first, let last = values.last else { continue }
      var points = [(x: frame.x.position(first), y: frame.y.position(0))]
      for (position, value) in values.enumerated() {
        let x = frame.x.position(value)
        points.append((x, points[points.count - 1].y))
        points.append((x, frame.y.position(Double(position + 1) / Double(values.count))))
      }
      points.append((max(frame.x.position(last), frame.plot.right), frame.y.position(1)))
      canvas.polyline(points, "line \(SeriesStyle.colourClass(series.colour))")
    }
  }

  private struct Placed {
    var series: ChartModel.Series
    var point: ChartModel.Point
    var value: (x: Double, y: Double)
    var x: Double
    var y: Double
  }

  private struct Box {
    var left: Double
    var right: Double
    var top: Double
    var bottom: Double

    func meets(_ other: Box) -> Bool {
      left < other.right && other.left < right && top < other.bottom && other.top < bottom
    }
  }

  /// Writes each name beside its point, on the first of four sides where it covers nothing; else it stays in the tooltip.
  private func drawNames(_ placed: [Placed], on canvas: inout SVGCanvas) {
    var taken = placed.map { Box(left: $0.x - 6, right: $0.x + 6, top: $0.y - 6, bottom: $0.y + 6) }
    for item in placed {
      if let interval = item.point.interval {
        let (top, bottom) = (frame.y.position(interval.upper), frame.y.position(interval.lower))
        taken.append(Box(left: item.x - 5, right: item.x + 5, top: top - 1, bottom: bottom + 1))
      }
      if let interval = item.point.across?.interval {
        let (left, right) = (frame.x.position(interval.lower), frame.x.position(interval.upper))
        taken.append(Box(left: left, right: right, top: item.y - 2, bottom: item.y + 2))
      }
    }
    for item in placed {
      let name = TextWidth.truncated(model.name(of: item.point.x), to: 150, size: 11)
      let width = TextWidth.of(name, size: 11)
      let places: [(x: Double, y: Double, anchor: SVGCanvas.Anchor)] = [
        (item.x + 8, item.y - 5, .start), (item.x - 8, item.y - 5, .end), (item.x + 8, item.y + 13, .start),
        (item.x - 8, item.y + 13, .end), (item.x, item.y - 12, .middle), (item.x, item.y + 20, .middle),
        (item.x, item.y - 26, .middle), (item.x, item.y + 34, .middle), (item.x + 8, item.y + 26, .start),
        (item.x + 8, item.y - 20, .start), (item.x + 8, item.y + 40, .start), (item.x + 8, item.y - 34, .start),
      ]
      for place in places {
        let left =
          switch place.anchor {
          case .start: place.x
          case .middle: place.x - width / 2
          case .end: place.x - width
          }
        let box = Box(left: left, right: left + width, top: place.y - 9, bottom: place.y + 3)
        let isInside =
          box.left >= frame.plot.left && box.right <= frame.plot.right && box.top >= frame.top - 2
          && box.bottom <= frame.bottom
        guard isInside, !taken.contains(where: box.meets) else { continue }
        taken.append(box)
        canvas.text(name, place.x, place.y, "muted", anchor: place.anchor)
        break
      }
    }
  }
}
