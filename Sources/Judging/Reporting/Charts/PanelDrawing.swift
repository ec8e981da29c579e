import ExperimentSpec
import Statistics

/// Draws one panel of a chart: axes by its frame, the data by its kind.
struct PanelDrawing {
  let panel: ChartModel.Panel
  let model: ChartModel
  let frame: PanelFrame
  /// The axis values in the order drawn.
  let positions: [Double]
  /// Whether the names of lines stand at their ends, and not in the legend.
  let namesLines: Bool

  /// Computes the scales of a panel.
  init(_ panel: ChartModel.Panel, of model: ChartModel, at place: PanelFrame.Place) {
    self.panel = panel
    self.model = model
    positions = model.axisPositions
    namesLines = LineNames.areNeeded(in: model)
    var place = place
    if namesLines { place.rightRoom = LineNames.room(for: model, in: place.width) }
    let scales = PanelScales(panel, of: model)
    frame = PanelFrame(
      label: model.kind == .ecdf ? "Share of attempts" : model.kind == .histogram ? "Attempts" : panel.label,
      axisLabel: scales.axisLabel, horizontal: scales.horizontal, vertical: scales.vertical, place: place)
  }

  /// Draws axes and data.
  func draw(on canvas: inout SVGCanvas) {
    frame.draw(on: &canvas, hasGrid: model.kind != .heat)
    drawReferences(on: &canvas)
    switch model.kind {
    case .line, .points:
      if model.isCourse { drawCurves(on: &canvas) } else { drawLines(on: &canvas) }
    case .trend: drawTrends(on: &canvas)
    case .bar: drawColumns(on: &canvas)
    case .stacked: drawStacks(on: &canvas)
    case .strip: drawStrips(on: &canvas, hasBoxes: false)
    case .box: drawStrips(on: &canvas, hasBoxes: true)
    case .histogram: drawBins(on: &canvas)
    case .scatter: drawScatter(on: &canvas)
    case .ecdf: drawDistributions(on: &canvas)
    case .heat: drawTiles(on: &canvas)
    }
    if namesLines { LineNames.draw(lineEnds, beside: frame, on: &canvas) }
    let hasValues = panel.series.contains { series in
      !series.paper.isEmpty || series.curve?.steps.isEmpty == false || series.points.contains { $0.mean != nil }
    }
    if !hasValues { frame.drawNothing(on: &canvas) }
  }

  /// Where the lines of the panel end.
  private var lineEnds: [LineNames.End] {
    panel.series.compactMap { series in
      let last: (x: Double, y: Double)?
      if let curve = series.curve {
        last = curve.steps.indices.last { shows(curve.steps[$0], curve.values[$0]) }
          .map { (curve.steps[$0], curve.values[$0]) }
      } else {
        last = series.points.last { point in point.mean.map { shows(point.x, $0) } ?? false }.map {
          ($0.x, $0.mean ?? 0)
        }
      }
      return last.map {
        LineNames.End(
          label: series.label, colour: series.colour, x: frame.x.position($0.x), y: frame.y.position($0.y))
      }
    }
  }

  /// Whether a point lies within the axes.
  func shows(_ x: Double, _ y: Double) -> Bool { frame.x.shows(x) && frame.y.shows(y) }

  /// Draws lines at fixed values, with their names.
  private func drawReferences(on canvas: inout SVGCanvas) {
    var taken: [PointNames.Box] = []
    for reference in panel.references {
      let runsAcross = reference.isUpright == model.isHorizontal
      let scale = runsAcross ? frame.y : frame.x
      guard scale.shows(reference.value), !(reference.isUpright && model.kind.standsOnNames) else { continue }
      let position = scale.position(reference.value)
      if runsAcross {
        canvas.line(frame.plot.left, position, frame.plot.right, position, "reference ink")
      } else {
        canvas.line(position, frame.top, position, frame.bottom, "reference ink")
      }
      let label = TextWidth.truncated(reference.label, to: frame.plot.right - frame.plot.left - 8, size: 11)
      guard !label.isEmpty else { continue }
      let width = TextWidth.of(label, size: 11)
      let isRight = runsAcross || position + 4 + width > frame.plot.right
      let x = runsAcross ? frame.plot.right - 4 : isRight ? position - 4 : position + 4
      let y = runsAcross ? (position - 5 < frame.top + 9 ? position + 13 : position - 5) : frame.top + 10
      let left = isRight ? x - width : x
      let box = PointNames.Box(left: left, right: left + width, top: y - 9, bottom: y + 3)
      guard !taken.contains(where: box.meets), left > frame.plot.left else { continue }
      taken.append(box)
      canvas.text(label, x, y, "note muted", anchor: isRight ? .end : .start)
    }
  }

  /// The position of a point on an axis of names.
  func slot(_ point: ChartModel.Point) -> Double {
    switch model.axis {
    case .names, .steps: point.x
    case .numeric: Double(positions.firstIndex(of: point.x) ?? 0)
    }
  }
}
