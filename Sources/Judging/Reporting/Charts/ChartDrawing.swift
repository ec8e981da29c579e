import ExperimentSpec

/// Draws a chart model: title, legend, and panels side by side.
struct ChartDrawing {
  private let model: ChartModel
  private let columns: Int
  private let panelWidth: Double
  private let margin: Double
  private static let gap = 24.0
  private static let plotHeight = 210.0

  /// Returns the chart as a drawing.
  ///
  /// - Parameters:
  ///   - model: The numbers.
  ///   - isNarrow: Whether panels stand below each other, within the width of a phone.
  /// - Returns: The drawing.
  static func drawing(of model: ChartModel, isNarrow: Bool = false) -> SVGDrawing {
    ChartDrawing(model, isNarrow: isNarrow).drawing()
  }

  private init(_ model: ChartModel, isNarrow: Bool) {
    self.model = model
    columns = isNarrow ? 1 : min(max(model.panels.count, 1), model.panels.count == 4 ? 2 : 3)
    panelWidth = isNarrow ? 344 : columns == 1 ? 540 : 350
    margin = isNarrow ? 8 : 18
  }

  private var width: Double {
    2 * margin + Double(columns) * panelWidth + Double(columns - 1) * ChartDrawing.gap
  }

  private func drawing() -> SVGDrawing {
    var canvas = SVGCanvas()
    var y = drawTitle(on: &canvas, top: 14)
    y = drawLegend(on: &canvas, top: y)
    let height = PanelFrame.headHeight + ChartDrawing.plotHeight + PanelFrame.footHeight
    for (position, panel) in model.panels.enumerated() {
      let column = position % columns
      let drawing = PanelDrawing(
        panel, of: model, left: margin + Double(column) * (panelWidth + ChartDrawing.gap),
        top: y + Double(position / columns) * (height + ChartDrawing.gap), width: panelWidth,
        plotHeight: ChartDrawing.plotHeight)
      drawing.draw(on: &canvas)
    }
    let rows = max(1, (model.panels.count + columns - 1) / columns)
    y += Double(rows) * height + Double(rows - 1) * ChartDrawing.gap
    return canvas.drawing(
      width: width, height: y + 8, title: model.title, description: model.summaryText)
  }

  private func drawTitle(on canvas: inout SVGCanvas, top: Double) -> Double {
    let lines = TextWidth.wrapped(
      model.title, to: width - 2 * margin, size: 15, isBold: true, maximumLines: 3)
    for (position, line) in lines.enumerated() {
      canvas.text(line, margin, top + 14 + Double(position) * 20, "title")
    }
    return top + Double(lines.count) * 20 + 8
  }

  /// What one entry of the legend shows.
  private enum Key {
    case series(String, colour: Int)
    case interval
    case paper
    case gap
    case front
    case median
    case level
    case shade(low: String, high: String)

    var label: String {
      switch self {
      case .series(let label, _): label
      case .interval: "95 % interval of the mean"
      case .paper: "the paper's value"
      case .gap: "no value"
      case .front: "Pareto front"
      case .median: "median"
      case .level: "level between changes"
      case .shade(let low, let high): "\(low) … \(high)"
      }
    }
  }

  private var keys: [Key] {
    let series = model.panels.flatMap(\.series)
    let points = series.flatMap(\.points)
    if model.kind == .heat { return shades }
    var keys = model.seriesLabels.enumerated().map { Key.series($0.element, colour: $0.offset) }
    let showsMeans = model.kind.showsMeans
    if showsMeans, points.contains(where: { $0.interval != nil }) { keys.append(.interval) }
    let showsPaper = model.kind != .scatter && model.kind != .ecdf
    if showsPaper, series.contains(where: { !$0.paper.isEmpty }) { keys.append(.paper) }
    if model.kind == .scatter, model.lessIsBetterAcross != nil, model.panels.contains(where: { $0.lessIsBetter != nil })
    {
      keys.append(.front)
    }
    if model.kind == .strip || model.kind == .box { keys.append(.median) }
    if model.kind == .trend { keys.append(.level) }
    if model.kind != .ecdf, points.contains(where: { $0.mean == nil }) { keys.append(.gap) }
    return keys
  }

  /// Each panel of a heat map has a scale of its own.
  private var shades: [Key] {
    model.panels.compactMap { panel in
      let means = panel.series.first?.points.compactMap(\.mean) ?? []
      guard let low = means.min(), let high = means.max() else { return nil }
      return .shade(low: NumberFormat.significant(low, 3), high: NumberFormat.significant(high, 3))
    }
  }

  private func drawLegend(on canvas: inout SVGCanvas, top: Double) -> Double {
    var (x, y) = (margin, top)
    for key in keys {
      let text = TextWidth.truncated(key.label, to: 300, size: 12)
      let extent = 30 + TextWidth.of(text, size: 12)
      if x > margin, x + extent > width - margin {
        (x, y) = (margin, y + 20)
      }
      draw(key, x: x, y: y + 8, on: &canvas)
      canvas.text(text, x + 30, y + 12, "legend", tooltip: text == key.label ? nil : key.label)
      x += extent + 20
    }
    return keys.isEmpty ? top : y + 30
  }

  private func draw(_ key: Key, x: Double, y: Double, on canvas: inout SVGCanvas) {
    switch key {
    case .series(_, let colour) where model.kind == .bar || model.kind == .box:
      canvas.rectangle(
        x + 4, y - 6, 14, 12, (model.kind == .bar ? "column " : "box ") + SeriesStyle.colourClass(colour))
    case .series(_, let colour) where model.kind == .scatter || model.kind == .strip:
      canvas.marker(
        SeriesStyle.marker(colour), x + 11, y, radius: 4, "dot \(SeriesStyle.colourClass(colour))")
    case .series(_, let colour) where model.kind == .ecdf:
      canvas.line(x, y, x + 22, y, "line \(SeriesStyle.colourClass(colour))")
    case .series(_, let colour):
      canvas.line(x, y, x + 22, y, "line \(SeriesStyle.colourClass(colour))")
      canvas.marker(
        SeriesStyle.marker(colour), x + 11, y, radius: 4, "dot \(SeriesStyle.colourClass(colour))")
    case .interval: SeriesStyle.drawBar(x + 11, y - 6, y + 6, "bar ink", on: &canvas)
    case .front: canvas.line(x, y, x + 22, y, "front ink")
    case .median: canvas.line(x, y, x + 22, y, "line ink")
    case .level: canvas.line(x, y, x + 22, y, "level ink")
    case .shade:
      for step in 0..<4 {
        canvas.tile(
          x + Double(step) * 6, y - 6, 6, 12, "tile c0", opacity: PanelDrawing.shade(Double(step) / 3), tooltip: "")
      }
    case .paper:
      if model.kind == .line { canvas.line(x, y, x + 22, y, "dotted ink") }
      canvas.marker(.circle, x + 11, y, radius: 5, "ring ink")
    case .gap: SeriesStyle.drawCross(x + 11, y, "cross ink", on: &canvas)
    }
  }
}
