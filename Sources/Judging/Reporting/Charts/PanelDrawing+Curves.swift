import ExperimentSpec

/// Curves over steps.
extension PanelDrawing {
  /// Points of all curves of a chart together, which keeps a drawing below 200 kB.
  private static let mostPoints = 21_000

  /// Draws bands, then curves, each reduced to what can be seen.
  func drawCurves(on canvas: inout SVGCanvas) {
    let curves = panel.series.compactMap { series in series.curve.map { (series, $0) } }
    let count = model.panels.reduce(0) { $0 + $1.series.count }
    let parts = model.panels.contains { $0.series.contains { $0.curve?.lower.isEmpty == false } } ? 6 : 4
    let width = frame.plot.right - frame.plot.left
    let columns = max(16, min(Int(width), PanelDrawing.mostPoints / max(1, count * parts)))
    let range = frame.x.start...max(frame.x.end, frame.x.start)
    for (series, curve) in curves where !curve.lower.isEmpty {
      drawBand(curve, columns, range, "band \(SeriesStyle.colourClass(series.colour))", on: &canvas)
    }
    for (series, curve) in curves {
      let style = SeriesStyle.lineClass(series.colour, "course")
      for stretch in stretches(curve.steps, curve.values) {
        let points = CurveSampling.reduced(stretch, columns: columns, in: range)
        if points.count == 1 {
          canvas.marker(SeriesStyle.marker(series.colour), points[0].x, points[0].y, radius: 3, "dot \(style)")
        }
        canvas.course(points, style, tooltip: "\(series.label): \(curve.summaryText)")
      }
    }
  }

  /// Returns what of a curve lies within the axes, cut where it leaves them.
  private func stretches(_ steps: [Double], _ values: [Double]) -> [[(x: Double, y: Double)]] {
    var result: [[(x: Double, y: Double)]] = []
    var stretch: [(x: Double, y: Double)] = []
    for (step, value) in zip(steps, values) {
      if shows(step, value) {
        stretch.append((frame.x.position(step), frame.y.position(value)))
      } else if !stretch.isEmpty {
        result.append(stretch)
        stretch = []
      }
    }
    if !stretch.isEmpty { result.append(stretch) }
    return result
  }

  private func drawBand(
    _ curve: Curve, _ columns: Int, _ range: ClosedRange<Double>, _ style: String, on canvas: inout SVGCanvas
  ) {
    func line(_ bounds: [Double]) -> [(x: Double, y: Double)] {
      zip(curve.steps, bounds).filter { frame.x.shows($0.0) }.map {
        (frame.x.position($0), frame.y.position(frame.y.clamped($1)))
      }
    }
    var (upper, lower) = (line(curve.upper), line(curve.lower))
    if upper.count > 2 * columns {
      let spans = CurveSampling.spans(of: upper, columns: columns, in: range)
      func reduced(_ line: [(x: Double, y: Double)], _ choice: (Double, Double) -> Double) -> [(x: Double, y: Double)] {
        spans.map { span in
          let middle = (line[span.lowerBound].x + line[span.upperBound - 1].x) / 2
          return (middle, line[span].reduce(line[span.lowerBound].y) { choice($0, $1.y) })
        }
      }
      (upper, lower) = (reduced(upper, min), reduced(lower, max))
    }
    canvas.area(upper, lower, style)
  }
}
