import ExperimentSpec

/// The axes of one panel: where they stand and what their ticks say.
struct PanelFrame {
  /// What the horizontal axis is.
  enum Horizontal {
    /// Values drawn to scale, with ticks at the values themselves while they are few.
    case values([Double], domain: [Double], name: (Double) -> String, extent: ChartRequest.Extent)
    /// Names at equal distances, at positions 0, 1, 2, …
    case names([String])
    /// A quantity, with ticks at round numbers.
    case quantity([Double], extent: ChartRequest.Extent)
  }

  /// What the vertical axis is.
  enum Vertical {
    case quantity([Double], extent: ChartRequest.Extent)
    /// Names at equal distances, the first one on top.
    case names([String])
  }

  /// Where the panel stands, in drawing units.
  struct Place {
    var left: Double
    var top: Double
    var width: Double
    var plotHeight: Double
    /// Lines of the panel's label.
    var headLines = 1
    /// Room right of the plot, for names of lines.
    var rightRoom = 0.0
  }

  let x: ChartScale
  let y: ChartScale
  /// Left and right end of the plot.
  let plot: (left: Double, right: Double)
  /// Room below the plot for tick labels and the axis label.
  let footHeight: Double
  private let label: String
  private let axisLabel: String
  private let place: Place
  private let rowCount: Int?
  private let verticalTicks: [(value: Double, label: String)]
  private let horizontalTicks: [AxisTick]

  /// Returns the room above the plot for a label of some lines.
  static func headHeight(lines: Int) -> Double { 26 + 15 * Double(lines - 1) }

  /// Computes the scales of a panel.
  ///
  /// - Parameters:
  ///   - label: Above the plot.
  ///   - axisLabel: Below the plot.
  ///   - horizontal: The horizontal axis.
  ///   - vertical: The vertical axis.
  ///   - place: Where it stands.
  init(label: String, axisLabel: String, horizontal: Horizontal, vertical: Vertical, place: Place) {
    self.label = label
    self.axisLabel = axisLabel
    self.place = place
    let top = place.top + PanelFrame.headHeight(lines: place.headLines)
    let bottom = top + place.plotHeight
    switch vertical {
    case .quantity(let values, let extent):
      let axis = ChartScale.axis(for: values, extent)
      verticalTicks = axis.ticks
      rowCount = nil
      y = ChartScale(domain: axis.domain, start: bottom, end: top, isLogarithmic: axis.isLogarithmic)
    case .names(let names):
      let count = Double(max(names.count, 1))
      // Labels of rows that are lower than a line of text would overlap.
      let stride = max(1, Int((14 / max(place.plotHeight / count, 0.1)).rounded(.up)))
      verticalTicks = names.enumerated().map { position, name in
        (Double(position), position % stride == 0 ? TextWidth.truncated(name, to: place.width * 0.34, size: 11) : "")
      }
      rowCount = names.count
      y = ChartScale(domain: -0.5...(count - 0.5), start: top, end: bottom)
    }
    let labelWidth = verticalTicks.map { TextWidth.of($0.label, size: 11) }.max() ?? 0
    let right = place.left + place.width - place.rightRoom
    var left = place.left + labelWidth + 10
    var across = PanelFrame.across(horizontal, from: left, to: right, edge: -.infinity)
    // Labels aslant reach to the left of their ticks: the plot makes room for them, up to a fifth of the panel.
    let reach = across.ticks.map { place.left + $0.reach - $0.x }.max() ?? 0
    if reach > 0 {
      left += min(reach, place.width * 0.2)
      across = PanelFrame.across(horizontal, from: left, to: right, edge: place.left)
    }
    plot = (left, right)
    (x, step, horizontalTicks) = (across.scale, across.step, across.ticks)
    footHeight = 44 + (horizontalTicks.map(\.height).max() ?? AxisTick.lineHeight) - AxisTick.lineHeight
  }

  private static func across(
    _ horizontal: Horizontal, from left: Double, to right: Double, edge: Double
  ) -> (scale: ChartScale, step: Double, ticks: [AxisTick]) {
    let scale = scale(of: horizontal, from: left, to: right)
    let step = step(of: horizontal, from: left, to: right)
    return (scale, step, AxisTick.ticks(of: horizontal, on: scale, step: step, left: edge))
  }

  /// Room for one name of a horizontal axis of names.
  let step: Double

  private static func step(of horizontal: Horizontal, from left: Double, to right: Double) -> Double {
    guard case .names(let names) = horizontal else { return right - left }
    return (right - left) / Double(max(names.count, 1))
  }

  private static func scale(of horizontal: Horizontal, from left: Double, to right: Double) -> ChartScale {
    switch horizontal {
    case .values(_, let values, _, let extent):
      if extent.isLogarithmic {
        let axis = ChartScale.axis(for: values, extent)
        return ChartScale(domain: axis.domain, start: left + 8, end: right - 8, isLogarithmic: true)
      }
      let low = extent.from ?? min(values.min() ?? 0, extent.to ?? .infinity)
      let high = extent.to ?? max(values.max() ?? low, low)
      return ChartScale(domain: low...max(low, high), start: left + 18, end: right - 18)
    case .names(let names):
      let inset = (right - left) / Double(max(names.count, 1)) / 2
      return ChartScale(domain: 0...Double(max(names.count - 1, 0)), start: left + inset, end: right - inset)
    case .quantity(let values, let extent):
      let axis = ChartScale.axis(for: values, extent)
      return ChartScale(domain: axis.domain, start: left + 8, end: right - 8, isLogarithmic: axis.isLogarithmic)
    }
  }

  /// Lowest and highest edge of the plot, in drawing units.
  var bottom: Double { max(y.start, y.end) }
  var top: Double { min(y.start, y.end) }

  /// Room right of the plot, for names of lines.
  var rightRoom: Double { place.rightRoom }

  /// Room for one name of a vertical axis of names.
  var rowStep: Double { (bottom - top) / Double(max(rowCount ?? 1, 1)) }

  /// Draws label, grid, axes and ticks.
  func draw(on canvas: inout SVGCanvas, hasGrid: Bool = true) {
    let lines = TextWidth.wrapped(label, to: place.width, size: 12, isBold: true, maximumLines: place.headLines)
    for (position, line) in lines.enumerated() {
      canvas.text(
        line, place.left, place.top + 12 + 15 * Double(position), "panel", tooltip: line.hasSuffix("…") ? label : nil)
    }
    let hasRows = rowCount != nil
    for tick in verticalTicks {
      let height = y.position(tick.value)
      if hasGrid, !hasRows { canvas.line(plot.left, height, plot.right, height, "grid") }
      guard !tick.label.isEmpty else { continue }
      canvas.text(tick.label, plot.left - 6, height + 4, "muted", anchor: .end)
    }
    if hasGrid, hasRows {
      for tick in horizontalTicks { canvas.line(tick.x, top, tick.x, bottom, "grid") }
      canvas.line(plot.left, top, plot.left, bottom, "axis")
    }
    canvas.line(plot.left, bottom, plot.right, bottom, "axis")
    for tick in horizontalTicks { tick.draw(on: &canvas, below: bottom) }
    guard !axisLabel.isEmpty else { return }
    let name = TextWidth.truncated(axisLabel, to: plot.right - plot.left, size: 11)
    canvas.text(
      name, (plot.left + plot.right) / 2, bottom + footHeight - 10, "axisLabel", anchor: .middle,
      tooltip: name == axisLabel ? nil : axisLabel)
  }

  /// Returns the highest baseline at which a text covers none of some points; `nil` if there is none.
  ///
  /// - Parameters:
  ///   - range: Left and right end of the text, in drawing units.
  ///   - points: Markers in the plot.
  /// - Returns: A baseline inside the plot.
  func freeBaseline(for range: ClosedRange<Double>, beside points: [(x: Double, y: Double)]) -> Double? {
    let near = points.filter { $0.x > range.lowerBound - 6 && $0.x < range.upperBound + 6 }
    return stride(from: top + 9, through: bottom - 6, by: 13).first { baseline in
      !near.contains { $0.y > baseline - 15 && $0.y < baseline + 8 }
    }
  }

  /// Says that there is nothing to draw.
  func drawNothing(on canvas: inout SVGCanvas) {
    canvas.text("no values", (plot.left + plot.right) / 2, (top + bottom) / 2, "muted", anchor: .middle)
  }
}
