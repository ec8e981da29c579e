import ExperimentSpec
import Statistics

/// Draws one panel of a chart: axes by its frame, the data by its kind.
struct PanelDrawing {
  let panel: ChartModel.Panel
  let model: ChartModel
  let frame: PanelFrame
  /// The axis values in the order drawn.
  let positions: [Double]

  /// Computes the scales of a panel.
  init(
    _ panel: ChartModel.Panel, of model: ChartModel, left: Double, top: Double, width: Double, plotHeight: Double
  ) {
    self.panel = panel
    self.model = model
    positions = model.axisPositions
    let place = (left, top, width, plotHeight)
    let points = panel.series.flatMap(\.points)
    let paper = panel.series.flatMap { $0.paper.map(\.y) }
    let heights = points.flatMap { [$0.mean, $0.interval?.lower, $0.interval?.upper].compactMap { $0 } } + paper
    let values = points.flatMap { $0.observations.map(\.value).filter(\.isFinite) }
    func framed(
      _ horizontal: PanelFrame.Horizontal, _ heights: [Double], label: String? = nil, axisLabel: String? = nil
    ) -> PanelFrame {
      PanelFrame(
        label: label ?? panel.label, axisLabel: axisLabel ?? model.axisLabel, horizontal: horizontal, heights: heights,
        place: place)
    }
    switch model.kind {
    case .line, .trend: frame = framed(PanelDrawing.toScale(model), heights)
    case .bar: frame = framed(.names(model.axisNames), heights.isEmpty ? [] : heights + [0])
    case .strip, .box: frame = framed(.names(model.axisNames), values + paper)
    case .scatter:
      let across = points.flatMap {
        [$0.across?.mean, $0.across?.interval?.lower, $0.across?.interval?.upper].compactMap { $0 }
      }
      let means = points.compactMap { $0.across?.mean }
      frame =
        ChartScale.needsLogarithm(means)
        ? framed(.ratios(means), heights, axisLabel: "\(model.axisLabel), logarithmic")
        : framed(.quantity(across), heights)
    case .ecdf: frame = framed(.quantity(values), [0, 1], label: "Share of attempts", axisLabel: panel.label)
    case .heat:
      frame = PanelFrame(
        label: panel.label, axisLabel: "\(model.axisLabel) (across), \(model.rowLabel) (down)",
        horizontal: .names(model.axisNames), rows: model.rowNames,
        place: place)
    }
  }

  /// The axis is the same in all panels, so that they can be compared.
  private static func toScale(_ model: ChartModel) -> PanelFrame.Horizontal {
    switch model.axis {
    case .numeric(let values):
      .values(
        values, domain: values + model.panels.flatMap(\.series).flatMap { $0.paper.map(\.x) },
        name: { model.name(of: $0) })
    case .names(let names): .names(names)
    }
  }

  /// Draws axes and data.
  func draw(on canvas: inout SVGCanvas) {
    frame.draw(on: &canvas, hasGrid: model.kind != .heat)
    switch model.kind {
    case .line: drawLines(on: &canvas)
    case .trend: drawTrends(on: &canvas)
    case .bar: drawColumns(on: &canvas)
    case .strip: drawStrips(on: &canvas, hasBoxes: false)
    case .box: drawStrips(on: &canvas, hasBoxes: true)
    case .scatter: drawScatter(on: &canvas)
    case .ecdf: drawDistributions(on: &canvas)
    case .heat: drawTiles(on: &canvas)
    }
    guard !panel.series.contains(where: { $0.points.contains { $0.mean != nil } || !$0.paper.isEmpty }) else { return }
    frame.drawNothing(on: &canvas)
  }

  /// The position of a point on an axis of names.
  func slot(_ point: ChartModel.Point) -> Double {
    switch model.axis {
    case .names: point.x
    case .numeric: Double(positions.firstIndex(of: point.x) ?? 0)
    }
  }
}
