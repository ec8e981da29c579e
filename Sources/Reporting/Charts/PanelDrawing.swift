import Statistics

/// Draws one set of axes with its series.
struct PanelDrawing {
  /// Room above the plot for the panel's label.
  static let headHeight = 26.0
  /// Room below the plot for tick labels and the axis label.
  static let footHeight = 44.0

  private let panel: ChartModel.Panel
  private let model: ChartModel
  private let left: Double
  private let top: Double
  private let width: Double
  private let yTicks: ChartScale.Ticks
  private let x: ChartScale
  private let y: ChartScale

  /// Computes the scales of a panel.
  init(
    _ panel: ChartModel.Panel, of model: ChartModel, left: Double, top: Double, width: Double, plotHeight: Double
  ) {
    self.panel = panel
    self.model = model
    self.left = left
    self.top = top
    self.width = width
    let points = panel.series.flatMap(\.points)
    let heights =
      points.flatMap { [$0.mean, $0.interval?.lower, $0.interval?.upper].compactMap { $0 } }
      + panel.series.flatMap { $0.paper.map(\.y) }
    yTicks = ChartScale.ticks(from: heights.min() ?? 0, to: heights.max() ?? 1)
    let decimals = yTicks.decimals
    let labelWidth = yTicks.values.map { TextWidth.of(NumberFormat.fixed($0, decimals), size: 11) }.max() ?? 0
    let plotLeft = left + labelWidth + 10
    let positions =
      switch model.axis {
      // The axis is the same in all panels, so that they can be compared.
      case .numeric(let values): values + model.panels.flatMap(\.series).flatMap { $0.paper.map(\.x) }
      case .names(let names): names.isEmpty ? [] : [0, Double(names.count - 1)]
      }
    let (low, high) = (positions.min() ?? 0, positions.max() ?? 1)
    let inset =
      switch model.axis {
      case .numeric: 18.0
      case .names(let names): (left + width - plotLeft) / Double(max(names.count, 1)) / 2
      }
    x = ChartScale(domain: low...high, start: plotLeft + inset, end: left + width - inset)
    y = ChartScale(
      domain: yTicks.domain, start: top + PanelDrawing.headHeight + plotHeight, end: top + PanelDrawing.headHeight)
    plot = (plotLeft, left + width)
  }

  private let plot: (left: Double, right: Double)

  /// Draws axes, then the paper's points, then the measured ones.
  func draw(on canvas: inout SVGCanvas) {
    let label = TextWidth.truncated(panel.label, to: width, size: 12, isBold: true)
    canvas.text(label, left, top + 12, "panel", tooltip: label == panel.label ? nil : panel.label)
    drawAxes(on: &canvas)
    for (position, series) in panel.series.enumerated() { drawPaper(series, shift(position), on: &canvas) }
    for (position, series) in panel.series.enumerated() { drawMeasured(series, shift(position), on: &canvas) }
    guard !panel.series.contains(where: { $0.points.contains { $0.mean != nil } || !$0.paper.isEmpty }) else { return }
    canvas.text("no values", (plot.left + plot.right) / 2, (y.start + y.end) / 2, "muted", anchor: .middle)
  }

  /// The class of a series' colour.
  static func colourClass(_ colour: Int) -> String {
    "c\(colour % ChartStyle.series.count)"
  }

  /// The shape of a series' points.
  static func marker(_ colour: Int) -> SVGCanvas.Marker {
    SVGCanvas.Marker.allCases[colour % SVGCanvas.Marker.allCases.count]
  }

  /// Draws an error bar with caps.
  static func drawBar(_ x: Double, _ y1: Double, _ y2: Double, _ style: String, on canvas: inout SVGCanvas) {
    canvas.line(x, y1, x, y2, style)
    canvas.line(x - 4, y1, x + 4, y1, style)
    canvas.line(x - 4, y2, x + 4, y2, style)
  }

  /// Draws the mark of a value that does not exist.
  static func drawCross(_ x: Double, _ y: Double, _ style: String, on canvas: inout SVGCanvas) {
    canvas.line(x - 4, y - 4, x + 4, y + 4, style)
    canvas.line(x - 4, y + 4, x + 4, y - 4, style)
  }

  /// Moves series apart where their error bars would cover each other.
  private func shift(_ position: Int) -> Double {
    let hasBars = panel.series.contains { $0.points.contains { $0.interval != nil } }
    return hasBars ? (Double(position) - Double(panel.series.count - 1) / 2) * 6 : 0
  }

  private func drawAxes(on canvas: inout SVGCanvas) {
    for value in yTicks.values {
      let height = y.position(value)
      canvas.line(plot.left, height, plot.right, height, "grid")
      canvas.text(
        NumberFormat.fixed(value, yTicks.decimals), plot.left - 6, height + 4, "muted", anchor: .end)
    }
    canvas.line(plot.left, y.start, plot.right, y.start, "axis")
    for tick in horizontalTicks() {
      canvas.line(tick.x, y.start, tick.x, y.start + 4, "axis")
      guard let label = tick.label else { continue }
      canvas.text(label, tick.x, y.start + 16, "muted", anchor: .middle, tooltip: tick.tooltip)
    }
    let label = TextWidth.truncated(model.axisLabel, to: plot.right - plot.left, size: 11)
    canvas.text(
      label, (plot.left + plot.right) / 2, y.start + 34, "axisLabel", anchor: .middle,
      tooltip: label == model.axisLabel ? nil : model.axisLabel)
  }

  private struct Tick {
    var x: Double
    var label: String?
    var tooltip: String?
  }

  /// Ticks at the data, or above twelve values at round numbers.
  ///
  /// Labels that would overlap their left neighbour are left out. Names that look alike when cut lose their common beginning.
  private func horizontalTicks() -> [Tick] {
    var ticks: [Tick]
    switch model.axis {
    case .numeric(let values) where Set(values).count <= 12:
      ticks = Set(values).sorted().map { Tick(x: x.position($0), label: model.name(of: $0)) }
    case .numeric:
      let round = ChartScale.ticks(from: x.domain.lowerBound, to: x.domain.upperBound)
      ticks = round.values.filter(x.domain.contains).map {
        Tick(x: x.position($0), label: NumberFormat.fixed($0, round.decimals))
      }
    case .names(let names):
      let room = (plot.right - plot.left) / Double(max(names.count, 1)) - 6
      let labels = Set(names.map { TextWidth.truncated($0, to: max(room, 24), size: 11) })
      let common = names.dropFirst().reduce(names.first ?? "") { $0.commonPrefix(with: $1) }.count
      ticks = names.enumerated().map { position, name in
        let label = TextWidth.truncated(
          labels.count < names.count ? "…" + name.dropFirst(common) : name, to: max(room, 24), size: 11)
        return Tick(x: x.position(Double(position)), label: label, tooltip: label == name ? nil : name)
      }
    }
    var end = -Double.infinity
    for position in ticks.indices {
      guard let label = ticks[position].label else { continue }
      let half = TextWidth.of(label, size: 11) / 2
      if ticks[position].x - half < end + 5 {
        ticks[position].label = nil
      } else {
        end = ticks[position].x + half
      }
    }
    return ticks
  }

  private func drawPaper(_ series: ChartModel.Series, _ shift: Double, on canvas: inout SVGCanvas) {
    let colour = PanelDrawing.colourClass(series.colour)
    let points = series.paper.map { (x: x.position($0.x) + shift, y: y.position($0.y)) }
    canvas.polyline(points, "dotted \(colour)")
    for (point, value) in zip(points, series.paper) {
      canvas.marker(
        PanelDrawing.marker(series.colour), point.x, point.y, radius: 5.5, "ring \(colour)",
        tooltip: "\(series.label), the paper, at \(model.name(of: value.x)): \(NumberFormat.significant(value.y, 4))")
    }
  }

  private func drawMeasured(_ series: ChartModel.Series, _ shift: Double, on canvas: inout SVGCanvas) {
    let colour = PanelDrawing.colourClass(series.colour)
    var stretch: [(x: Double, y: Double)] = []
    for point in series.points {
      guard let mean = point.mean else {
        canvas.polyline(stretch, "line \(colour)")
        stretch = []
        continue
      }
      stretch.append((x.position(point.x) + shift, y.position(mean)))
    }
    canvas.polyline(stretch, "line \(colour)")
    for point in series.points {
      let px = x.position(point.x) + shift
      guard let mean = point.mean else {
        PanelDrawing.drawCross(px, y.start - 8, "cross \(colour)", on: &canvas)
        continue
      }
      if let interval = point.interval {
        PanelDrawing.drawBar(px, y.position(interval.upper), y.position(interval.lower), "bar \(colour)", on: &canvas)
      }
      let note = point.note.map { "; \($0)" } ?? ""
      canvas.marker(
        PanelDrawing.marker(series.colour), px, y.position(mean), radius: 4, "dot \(colour)",
        tooltip: "\(series.label) at \(model.name(of: point.x)): \(NumberFormat.significant(mean, 4)) "
          + "(n = \(point.count))\(note)")
      if point.note != nil {
        let top = point.interval.map { y.position($0.upper) } ?? y.position(mean)
        canvas.text(PaperTable.survivorMark, px, top - 7, "muted", anchor: .middle)
      }
    }
  }
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
