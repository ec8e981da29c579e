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
    let titleHeight = Int(y) - 10
    y = ChartLegend(model, left: margin, right: width - margin).draw(on: &canvas, top: y)
    let headLines =
      model.panels.map {
        TextWidth.wrapped($0.label, to: panelWidth, size: 12, isBold: true, maximumLines: 2).count
      }.max() ?? 1
    for start in stride(from: 0, to: model.panels.count, by: columns) {
      let row = model.panels[start..<min(start + columns, model.panels.count)]
      let drawings = row.enumerated().map { column, panel in
        PanelDrawing(
          panel, of: model,
          at: PanelFrame.Place(
            left: margin + Double(column) * (panelWidth + ChartDrawing.gap), top: y, width: panelWidth,
            plotHeight: plotHeight, headLines: max(headLines, 1)))
      }
      for drawing in drawings { drawing.draw(on: &canvas) }
      y += PanelFrame.headHeight(lines: max(headLines, 1)) + plotHeight
      y += (drawings.map(\.frame.footHeight).max() ?? 0) + ChartDrawing.gap
    }
    if !model.panels.isEmpty { y -= ChartDrawing.gap }
    var drawing = canvas.drawing(
      width: width, height: y + 8, title: model.title, description: model.summaryText)
    drawing.titleHeight = titleHeight
    return drawing
  }

  /// Enough for the names of lines, and for names at the left.
  private var plotHeight: Double {
    guard model.isHorizontal else { return LineNames.plotHeight(for: model, atLeast: ChartDrawing.plotHeight) }
    let series = model.kind == .stacked ? 1 : model.panels.map(\.series.count).max() ?? 1
    return max(model.axisNames.count < 6 ? 30 : 210, Double(model.axisNames.count) * max(20, 14 * Double(series)))
  }

  private func drawTitle(on canvas: inout SVGCanvas, top: Double) -> Double {
    let lines = TextWidth.wrapped(
      model.title, to: width - 2 * margin, size: 15, isBold: true, maximumLines: 3)
    for (position, line) in lines.enumerated() {
      canvas.text(line, margin, top + 14 + Double(position) * 20, "title")
    }
    return top + Double(lines.count) * 20 + 8
  }
}
