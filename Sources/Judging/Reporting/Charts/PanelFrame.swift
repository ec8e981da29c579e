/// The axes of one panel: where they stand and what their ticks say.
struct PanelFrame {
  /// What the horizontal axis is.
  enum Horizontal {
    /// Values drawn to scale, with ticks at the values themselves while they are few.
    case values([Double], domain: [Double], name: (Double) -> String)
    /// Names at equal distances, at positions 0, 1, 2, …
    case names([String])
    /// A quantity, with ticks at round numbers.
    case quantity([Double])
    /// A quantity above 0 whose values differ by large factors.
    case ratios([Double])
  }

  /// Room above the plot for the panel's label.
  static let headHeight = 26.0
  /// Room below the plot for tick labels and the axis label.
  static let footHeight = 44.0

  let x: ChartScale
  let y: ChartScale
  /// Left and right end of the plot.
  let plot: (left: Double, right: Double)
  private let label: String
  private let axisLabel: String
  private let place: (left: Double, top: Double, width: Double)
  private let horizontal: Horizontal
  private let verticalTicks: [(value: Double, label: String)]

  /// Computes scales for a panel whose vertical axis is a quantity.
  ///
  /// - Parameters:
  ///   - label: Above the plot.
  ///   - axisLabel: Below the plot.
  ///   - horizontal: The horizontal axis.
  ///   - heights: Values that the vertical axis must enclose.
  ///   - place: Upper left corner, width, and height of the plot itself, in drawing units.
  init(
    label: String, axisLabel: String, horizontal: Horizontal, heights: [Double],
    place: (left: Double, top: Double, width: Double, plotHeight: Double)
  ) {
    let ticks = ChartScale.ticks(from: heights.min() ?? 0, to: heights.max() ?? 1)
    let labels = ticks.values.map { NumberFormat.fixed($0, ticks.decimals) }
    self.init(
      label: label, axisLabel: axisLabel, horizontal: horizontal, ticks: zip(ticks.values, labels).map { ($0, $1) },
      domain: ticks.domain, place: place)
  }

  /// Computes scales for a panel whose vertical axis is a list of names, the first one on top.
  init(
    label: String, axisLabel: String, horizontal: Horizontal, rows: [String],
    place: (left: Double, top: Double, width: Double, plotHeight: Double)
  ) {
    let room = place.plotHeight / Double(max(rows.count, 1))
    // Labels of rows that are lower than a line of text would overlap.
    let stride = max(1, Int((14 / max(room, 0.1)).rounded(.up)))
    let ticks = rows.enumerated().map { position, name in
      (Double(position), position % stride == 0 ? TextWidth.truncated(name, to: place.width * 0.34, size: 11) : "")
    }
    self.init(
      label: label, axisLabel: axisLabel, horizontal: horizontal, ticks: ticks,
      domain: -0.5...(Double(max(rows.count, 1)) - 0.5), place: place, isUpsideDown: true)
  }

  private init(
    label: String, axisLabel: String, horizontal: Horizontal, ticks: [(value: Double, label: String)],
    domain: ClosedRange<Double>, place: (left: Double, top: Double, width: Double, plotHeight: Double),
    isUpsideDown: Bool = false
  ) {
    self.label = label
    self.axisLabel = axisLabel
    self.horizontal = horizontal
    self.place = (place.left, place.top, place.width)
    verticalTicks = ticks
    let labelWidth = ticks.map { TextWidth.of($0.label, size: 11) }.max() ?? 0
    let plotLeft = place.left + labelWidth + 10
    let right = place.left + place.width
    let positions: [Double]
    var inset = 18.0
    var isLogarithmic = false
    switch horizontal {
    case .values(_, let domain, _): positions = domain
    case .names(let names):
      positions = names.isEmpty ? [] : [0, Double(names.count - 1)]
      inset = (right - plotLeft) / Double(max(names.count, 1)) / 2
    case .quantity(let values):
      let round = ChartScale.ticks(from: values.min() ?? 0, to: values.max() ?? 1).domain
      positions = [round.lowerBound, round.upperBound]
      inset = 8
    case .ratios(let values):
      positions = [(values.min() ?? 1) / 1.25, (values.max() ?? 1) * 1.25]
      inset = 8
      isLogarithmic = true
    }
    let (low, high) = (positions.min() ?? 0, positions.max() ?? 1)
    x = ChartScale(domain: low...high, start: plotLeft + inset, end: right - inset, isLogarithmic: isLogarithmic)
    let (bottom, top) = (place.top + PanelFrame.headHeight + place.plotHeight, place.top + PanelFrame.headHeight)
    y = ChartScale(domain: domain, start: isUpsideDown ? top : bottom, end: isUpsideDown ? bottom : top)
    plot = (plotLeft, right)
  }

  /// Lowest and highest edge of the plot, in drawing units.
  var bottom: Double { max(y.start, y.end) }
  var top: Double { min(y.start, y.end) }

  /// Room for one name of a horizontal axis of names.
  var step: Double {
    guard case .names(let names) = horizontal else { return plot.right - plot.left }
    return (plot.right - plot.left) / Double(max(names.count, 1))
  }

  /// Draws label, grid, axes and ticks.
  func draw(on canvas: inout SVGCanvas, hasGrid: Bool = true) {
    let shown = TextWidth.truncated(label, to: place.width, size: 12, isBold: true)
    canvas.text(shown, place.left, place.top + 12, "panel", tooltip: shown == label ? nil : label)
    for tick in verticalTicks {
      let height = y.position(tick.value)
      if hasGrid { canvas.line(plot.left, height, plot.right, height, "grid") }
      guard !tick.label.isEmpty else { continue }
      canvas.text(tick.label, plot.left - 6, height + 4, "muted", anchor: .end)
    }
    canvas.line(plot.left, bottom, plot.right, bottom, "axis")
    for tick in horizontalTicks() {
      canvas.line(tick.x, bottom, tick.x, bottom + 4, "axis")
      guard let label = tick.label else { continue }
      canvas.text(label, tick.x, bottom + 16, "muted", anchor: .middle, tooltip: tick.tooltip)
    }
    let name = TextWidth.truncated(axisLabel, to: plot.right - plot.left, size: 11)
    canvas.text(
      name, (plot.left + plot.right) / 2, bottom + 34, "axisLabel", anchor: .middle,
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
    switch horizontal {
    case .values(let values, _, let name) where Set(values).count <= 12:
      ticks = Set(values).sorted().map { Tick(x: x.position($0), label: name($0)) }
    case .values, .quantity:
      let round = ChartScale.ticks(from: x.domain.lowerBound, to: x.domain.upperBound)
      ticks = round.values.filter(x.domain.contains).map {
        Tick(x: x.position($0), label: NumberFormat.fixed($0, round.decimals))
      }
    case .ratios:
      ticks = ChartScale.logarithmicTicks(in: x.domain).map {
        Tick(x: x.position($0), label: NumberFormat.significant($0, 1))
      }
    case .names(let names):
      let room = max(step - 6, 24)
      let labels = Set(names.map { TextWidth.truncated($0, to: room, size: 11) })
      let common = names.dropFirst().reduce(names.first ?? "") { $0.commonPrefix(with: $1) }.count
      ticks = names.enumerated().map { position, name in
        let label = TextWidth.truncated(
          labels.count < names.count ? "…" + name.dropFirst(common) : name, to: room, size: 11)
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
}

extension String {
  fileprivate func commonPrefix(with other: String) -> String {
    String(zip(self, other).prefix { $0 == $1 }.map(\.0))
  }
}
