/// Draws a chart model: title, legend, and panels side by side.
struct LineChart {
  private let model: ChartModel
  private let columns: Int
  private let panelWidth: Double
  private static let margin = 18.0
  private static let gap = 24.0
  private static let plotHeight = 210.0

  /// Returns the chart as an SVG document.
  static func svg(of model: ChartModel) -> String {
    LineChart(model).document()
  }

  private init(_ model: ChartModel) {
    self.model = model
    columns = min(max(model.panels.count, 1), model.panels.count == 4 ? 2 : 3)
    panelWidth = columns == 1 ? 540 : 350
  }

  private var width: Double {
    2 * LineChart.margin + Double(columns) * panelWidth + Double(columns - 1) * LineChart.gap
  }

  private func document() -> String {
    var canvas = SVGCanvas()
    var y = drawTitle(on: &canvas, top: 14)
    y = drawLegend(on: &canvas, top: y)
    let height = PanelDrawing.headHeight + LineChart.plotHeight + PanelDrawing.footHeight
    for (position, panel) in model.panels.enumerated() {
      let column = position % columns
      let drawing = PanelDrawing(
        panel, of: model, left: LineChart.margin + Double(column) * (panelWidth + LineChart.gap),
        top: y + Double(position / columns) * (height + LineChart.gap), width: panelWidth,
        plotHeight: LineChart.plotHeight)
      drawing.draw(on: &canvas)
    }
    let rows = max(1, (model.panels.count + columns - 1) / columns)
    y += Double(rows) * height + Double(rows - 1) * LineChart.gap
    return canvas.document(
      width: width, height: y + 8, title: model.title, description: model.summaryText)
  }

  private func drawTitle(on canvas: inout SVGCanvas, top: Double) -> Double {
    let lines = TextWidth.wrapped(
      model.title, to: width - 2 * LineChart.margin, size: 15, isBold: true, maximumLines: 3)
    for (position, line) in lines.enumerated() {
      canvas.text(line, LineChart.margin, top + 14 + Double(position) * 20, "title")
    }
    return top + Double(lines.count) * 20 + 8
  }

  /// What one entry of the legend shows.
  private enum Key {
    case series(String, colour: Int)
    case interval
    case paper
    case gap

    var label: String {
      switch self {
      case .series(let label, _): label
      case .interval: "95 % interval of the mean"
      case .paper: "the paper's value"
      case .gap: "no value"
      }
    }
  }

  private var keys: [Key] {
    var keys = model.seriesLabels.enumerated().map { Key.series($0.element, colour: $0.offset) }
    let series = model.panels.flatMap(\.series)
    let points = series.flatMap(\.points)
    if points.contains(where: { $0.interval != nil }) { keys.append(.interval) }
    if series.contains(where: { !$0.paper.isEmpty }) { keys.append(.paper) }
    if points.contains(where: { $0.mean == nil }) { keys.append(.gap) }
    return keys
  }

  private func drawLegend(on canvas: inout SVGCanvas, top: Double) -> Double {
    var (x, y) = (LineChart.margin, top)
    for key in keys {
      let text = TextWidth.truncated(key.label, to: 300, size: 12)
      let extent = 30 + TextWidth.of(text, size: 12)
      if x > LineChart.margin, x + extent > width - LineChart.margin {
        (x, y) = (LineChart.margin, y + 20)
      }
      draw(key, x: x, y: y + 8, on: &canvas)
      canvas.text(text, x + 30, y + 12, "legend", tooltip: text == key.label ? nil : key.label)
      x += extent + 20
    }
    return keys.isEmpty ? top : y + 30
  }

  private func draw(_ key: Key, x: Double, y: Double, on canvas: inout SVGCanvas) {
    switch key {
    case .series(_, let colour):
      canvas.line(x, y, x + 22, y, "line \(PanelDrawing.colourClass(colour))")
      canvas.marker(
        PanelDrawing.marker(colour), x + 11, y, radius: 4, "dot \(PanelDrawing.colourClass(colour))")
    case .interval: PanelDrawing.drawBar(x + 11, y - 6, y + 6, "bar ink", on: &canvas)
    case .paper:
      canvas.line(x, y, x + 22, y, "dotted ink")
      canvas.marker(.circle, x + 11, y, radius: 5, "ring ink")
    case .gap: PanelDrawing.drawCross(x + 11, y, "cross ink", on: &canvas)
    }
  }
}
