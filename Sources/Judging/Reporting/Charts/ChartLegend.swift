import ExperimentSpec

/// Says what the marks of a chart mean.
struct ChartLegend {
  private let model: ChartModel
  private let left: Double
  private let right: Double

  /// Prepares the legend of a chart between two edges, in drawing units.
  init(_ model: ChartModel, left: Double, right: Double) {
    self.model = model
    self.left = left
    self.right = right
  }

  /// What one entry of the legend shows.
  private enum Key {
    case series(String, colour: Int)
    case spread(ChartRequest.Spread)
    case band(ChartRequest.Spread)
    case paper
    case gap
    case front
    case median
    case level
    case shade(low: String, high: String)

    var label: String {
      switch self {
      case .series(let label, _): label
      case .spread(let spread), .band(let spread): spread.label
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
    var keys =
      LineNames.areNeeded(in: model)
      ? [] : model.seriesLabels.enumerated().map { Key.series($0.element, colour: $0.offset) }
    if series.contains(where: { $0.curve?.lower.isEmpty == false }) { keys.append(.band(model.spread)) }
    if model.kind.showsMeans, points.contains(where: { $0.bar != nil }) { keys.append(.spread(model.spread)) }
    let showsPaper = ![.scatter, .ecdf, .histogram, .stacked].contains(model.kind)
    if showsPaper, series.contains(where: { !$0.paper.isEmpty }) { keys.append(.paper) }
    if model.kind == .scatter, model.lessIsBetterAcross != nil, model.panels.contains(where: { $0.lessIsBetter != nil })
    {
      keys.append(.front)
    }
    if model.kind == .strip || model.kind == .box { keys.append(.median) }
    if model.kind == .trend { keys.append(.level) }
    if model.kind != .ecdf, model.kind != .histogram, points.contains(where: { $0.mean == nil }) { keys.append(.gap) }
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

  /// Draws it in as many lines as it needs.
  ///
  /// - Parameters:
  ///   - canvas: The drawing.
  ///   - top: Where it begins.
  /// - Returns: Where it ends.
  func draw(on canvas: inout SVGCanvas, top: Double) -> Double {
    var (x, y) = (left, top)
    for key in keys {
      let text = TextWidth.truncated(key.label, to: right - left - 30, size: 12)
      let extent = 30 + TextWidth.of(text, size: 12)
      if x > left, x + extent > right {
        (x, y) = (left, y + 20)
      }
      draw(key, x: x, y: y + 8, on: &canvas)
      canvas.text(text, x + 30, y + 12, "legend", tooltip: text == key.label ? nil : key.label)
      x += extent + 20
    }
    return keys.isEmpty ? top : y + 30
  }

  private func draw(_ key: Key, x: Double, y: Double, on canvas: inout SVGCanvas) {
    switch key {
    case .series(_, let colour) where [.bar, .stacked].contains(model.kind) && colour > 0:
      canvas.tile(
        x + 4, y - 6, 14, 12, SeriesStyle.columnClass(colour), opacity: SeriesStyle.opacity(colour), tooltip: "")
    case .series(_, let colour) where [.bar, .stacked, .box].contains(model.kind):
      canvas.rectangle(
        x + 4, y - 6, 14, 12, (model.kind == .box ? "box " : "column ") + SeriesStyle.colourClass(colour))
    case .series(_, let colour)
    where [.scatter, .strip].contains(model.kind) || model.kind.showsMeans && !model.joinsPoints:
      canvas.marker(
        SeriesStyle.marker(colour), x + 11, y, radius: 4, "dot \(SeriesStyle.colourClass(colour))")
    case .series(_, let colour) where [.ecdf, .histogram].contains(model.kind) || model.isCourse:
      canvas.line(x, y, x + 22, y, SeriesStyle.lineClass(colour))
    case .series(_, let colour):
      canvas.line(x, y, x + 22, y, SeriesStyle.lineClass(colour))
      canvas.marker(
        SeriesStyle.marker(colour), x + 11, y, radius: 4, "dot \(SeriesStyle.colourClass(colour))")
    case .band: canvas.rectangle(x, y - 6, 22, 12, "band ink")
    case .spread: SeriesStyle.drawBar(x + 11, y - 6, y + 6, "bar ink", on: &canvas)
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
