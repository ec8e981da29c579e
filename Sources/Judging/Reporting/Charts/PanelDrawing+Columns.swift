import Statistics

/// Columns, strips and boxes over an axis of names.
extension PanelDrawing {
  /// Draws a column from zero for each mean, with error bars and the paper's values as rings.
  func drawColumns(on canvas: inout SVGCanvas) {
    for (position, series) in panel.series.enumerated() {
      let colour = SeriesStyle.colourClass(series.colour)
      for point in series.points {
        let (centre, width) = place(point, position)
        guard let mean = point.mean else {
          SeriesStyle.drawCross(centre, frame.bottom - 8, "cross \(colour)", on: &canvas)
          continue
        }
        let (zero, end) = (frame.y.position(0), frame.y.position(mean))
        canvas.tile(
          centre - width / 2, min(zero, end), width, abs(end - zero), "tile \(colour)", opacity: 0.78,
          tooltip: SeriesStyle.tooltip(series, point, model))
        if let interval = point.interval {
          SeriesStyle.drawBar(
            centre, frame.y.position(interval.upper), frame.y.position(interval.lower), "bar ink", on: &canvas)
        }
      }
      drawPaperRings(series, position, on: &canvas)
    }
  }

  /// Draws every attempt's value, with the median as a line or quartiles as a box.
  ///
  /// Boxes need five values; whiskers reach to the last value within 1.5 box lengths (Tukey, 1977).
  func drawStrips(on canvas: inout SVGCanvas, hasBoxes: Bool) {
    for (position, series) in panel.series.enumerated() {
      let colour = SeriesStyle.colourClass(series.colour)
      for point in series.points {
        let (centre, width) = place(point, position)
        let values = point.observations.map(\.value).filter(\.isFinite)
        guard let summary = try? Summary(of: values) else {
          SeriesStyle.drawCross(centre, frame.bottom - 8, "cross \(colour)", on: &canvas)
          continue
        }
        let isBox = hasBoxes && values.count >= 5
        let box = (low: summary.quantile(0.25), high: summary.quantile(0.75))
        let reach = 1.5 * (box.high - box.low)
        let inside = summary.sorted.filter { $0 >= box.low - reach && $0 <= box.high + reach }
        if isBox, let low = inside.first, let high = inside.last {
          canvas.line(centre, frame.y.position(high), centre, frame.y.position(box.high), "bar \(colour)")
          canvas.line(centre, frame.y.position(box.low), centre, frame.y.position(low), "bar \(colour)")
          let top = frame.y.position(box.high)
          canvas.rectangle(centre - width / 2, top, width, frame.y.position(box.low) - top, "box \(colour)")
        }
        let shown = isBox ? summary.sorted.filter { !inside.contains($0) } : values
        for (number, value) in shown.enumerated() {
          // The golden ratio spreads any number of points evenly, the same way every time.
          let jitter = shown.count > 1 ? ((Double(number) * 0.618034).truncatingRemainder(dividingBy: 1) - 0.5) : 0
          canvas.marker(
            SeriesStyle.marker(series.colour), centre + jitter * width * 0.7, frame.y.position(value), radius: 3,
            "pale \(colour)",
            tooltip: "\(series.label) at \(model.name(of: point.x)): \(NumberFormat.significant(value, 4))")
        }
        let median = frame.y.position(summary.median)
        canvas.line(centre - width / 2, median, centre + width / 2, median, "line \(colour)")
      }
      drawPaperRings(series, position, on: &canvas)
    }
  }

  private func drawPaperRings(_ series: ChartModel.Series, _ position: Int, on canvas: inout SVGCanvas) {
    for value in series.paper {
      guard let slot = positions.firstIndex(of: value.x) else { continue }
      canvas.marker(
        SeriesStyle.marker(series.colour), centre(Double(slot), position), frame.y.position(value.y), radius: 5.5,
        "ring \(SeriesStyle.colourClass(series.colour))", tooltip: SeriesStyle.tooltip(series, paper: value, model))
    }
  }

  private var columnWidth: Double { min(frame.step * 0.8 / Double(max(panel.series.count, 1)), 46) }

  private func centre(_ slot: Double, _ series: Int) -> Double {
    frame.x.position(slot) + (Double(series) - Double(panel.series.count - 1) / 2) * columnWidth
  }

  private func place(_ point: ChartModel.Point, _ series: Int) -> (centre: Double, width: Double) {
    (centre(slot(point), series), columnWidth * 0.86)
  }
}
