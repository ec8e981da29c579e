import ExperimentSpec
import Statistics

/// Columns, strips and boxes over an axis of names.
extension PanelDrawing {
  /// Where columns begin: at zero, or at the end of an axis that does not reach it.
  private var columnBase: Double {
    lanes.values.isLogarithmic ? lanes.values.domain.lowerBound : lanes.values.clamped(0)
  }

  /// Draws a column for each mean, with error bars and the paper's values as rings.
  func drawColumns(on canvas: inout SVGCanvas) {
    let base = columnBase
    for (position, series) in panel.series.enumerated() {
      let shift = shift(position)
      for point in series.points {
        guard let mean = point.mean, !(lanes.values.isLogarithmic && mean <= 0) else {
          drawGap(point, series, shift, on: &canvas)
          continue
        }
        drawColumn(base, mean, series, point, shift, on: &canvas)
        if base != 0 { lanes.drawCut(at: slot(point), shift: shift, width: columnWidth, on: &canvas) }
        if let bar = point.bar { lanes.drawBar(bar, at: slot(point), shift: shift, "bar ink", on: &canvas) }
      }
      drawPaperRings(series, shift, on: &canvas)
    }
  }

  /// Draws the means of the series on top of each other, those below 0 downward.
  func drawStacks(on canvas: inout SVGCanvas) {
    var ends: [Double: (above: Double, below: Double)] = [:]
    for series in panel.series {
      for point in series.points {
        guard let mean = point.mean else {
          drawGap(point, series, 0, on: &canvas)
          continue
        }
        let end = ends[point.x] ?? (0, 0)
        let start = mean < 0 ? end.below : end.above
        drawColumn(start, start + mean, series, point, 0, on: &canvas)
        ends[point.x] = mean < 0 ? (end.above, start + mean) : (start + mean, end.below)
      }
    }
  }

  private func drawColumn(
    _ start: Double, _ end: Double, _ series: ChartModel.Series, _ point: ChartModel.Point, _ shift: Double,
    on canvas: inout SVGCanvas
  ) {
    let box = lanes.box(start, end, at: slot(point), shift: shift, width: columnWidth * 0.86)
    canvas.tile(
      box.x, box.y, box.width, box.height, SeriesStyle.columnClass(series.colour),
      opacity: SeriesStyle.opacity(series.colour), tooltip: SeriesStyle.tooltip(series, point, model))
  }

  private func drawGap(
    _ point: ChartModel.Point, _ series: ChartModel.Series, _ shift: Double, on canvas: inout SVGCanvas
  ) {
    let place = lanes.edge(at: slot(point), shift: shift)
    SeriesStyle.drawCross(place.x, place.y, "cross \(SeriesStyle.colourClass(series.colour))", on: &canvas)
  }

  /// Draws every attempt's value, with the median as a line or quartiles as a box.
  ///
  /// Boxes need five values; whiskers reach to the last value within 1.5 box lengths (Tukey, 1977).
  func drawStrips(on canvas: inout SVGCanvas, hasBoxes: Bool) {
    for (position, series) in panel.series.enumerated() {
      let colour = SeriesStyle.colourClass(series.colour)
      let shift = shift(position)
      let width = columnWidth * 0.86
      for point in series.points {
        let slot = slot(point)
        let values = point.observations.map(\.value).filter(\.isFinite)
        guard let summary = try? Summary(of: values) else {
          drawGap(point, series, shift, on: &canvas)
          continue
        }
        let isBox = hasBoxes && values.count >= 5
        let box = (low: summary.quantile(0.25), high: summary.quantile(0.75))
        let reach = 1.5 * (box.high - box.low)
        let inside = summary.sorted.filter { $0 >= box.low - reach && $0 <= box.high + reach }
        if isBox, let low = inside.first, let high = inside.last {
          lanes.drawSpan(box.high, high, at: slot, shift: shift, "bar \(colour)", on: &canvas)
          lanes.drawSpan(low, box.low, at: slot, shift: shift, "bar \(colour)", on: &canvas)
          let area = lanes.box(box.low, box.high, at: slot, shift: shift, width: width)
          canvas.rectangle(area.x, area.y, area.width, area.height, "box \(colour)")
        }
        let shown = isBox ? summary.sorted.filter { !inside.contains($0) } : values
        for (number, value) in shown.enumerated() where lanes.values.shows(value) {
          // The golden ratio spreads any number of points evenly, the same way every time.
          let jitter = shown.count > 1 ? ((Double(number) * 0.618034).truncatingRemainder(dividingBy: 1) - 0.5) : 0
          let place = lanes.place(value, at: slot, shift: shift + jitter * width * 0.7)
          canvas.marker(
            SeriesStyle.marker(series.colour), place.x, place.y, radius: 3, "pale \(colour)",
            tooltip: "\(series.label) at \(model.name(of: point.x)): \(NumberFormat.significant(value, 4))")
        }
        guard lanes.values.shows(summary.median) else { continue }
        lanes.drawLevel(summary.median, at: slot, shift: shift, width: width, "line \(colour)", on: &canvas)
      }
      drawPaperRings(series, shift, on: &canvas)
    }
  }

  private func drawPaperRings(_ series: ChartModel.Series, _ shift: Double, on canvas: inout SVGCanvas) {
    for value in series.paper where lanes.values.shows(value.y) {
      guard let slot = positions.firstIndex(of: value.x) else { continue }
      let place = lanes.place(value.y, at: Double(slot), shift: shift)
      canvas.marker(
        SeriesStyle.marker(series.colour), place.x, place.y, radius: 5.5,
        "ring \(SeriesStyle.colourClass(series.colour))", tooltip: SeriesStyle.tooltip(series, paper: value, model))
    }
  }

  private var columnWidth: Double {
    min(lanes.step * 0.8 / Double(model.kind == .stacked ? 1 : max(panel.series.count, 1)), 46)
  }

  private func shift(_ series: Int) -> Double {
    (Double(series) - Double(panel.series.count - 1) / 2) * columnWidth
  }
}
