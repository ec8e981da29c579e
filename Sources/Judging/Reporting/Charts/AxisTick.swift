import ExperimentSpec

/// A tick of a horizontal axis with what it says.
struct AxisTick {
  /// Room for a line of a label.
  static let lineHeight = 13.0
  /// The most room that a label takes that hangs down aslant.
  private static let greatestSlantedWidth = 190.0
  private static let slope = (sine: 0.6, cosine: 0.8)

  var x: Double
  /// One for each line; none if the label would not fit.
  var lines: [String] = []
  /// The whole label, if it was cut.
  var tooltip: String?
  /// Whether the label hangs down aslant.
  var isSlanted = false

  /// The room below the axis that the label takes.
  var height: Double {
    guard isSlanted else { return Double(max(lines.count, 1)) * AxisTick.lineHeight }
    return AxisTick.lineHeight + AxisTick.slope.sine * TextWidth.of(lines.first ?? "", size: 11)
  }

  /// The room that a label aslant takes to the left of its tick; 0 for others.
  var reach: Double { isSlanted ? AxisTick.slope.cosine * TextWidth.of(lines.first ?? "", size: 11) : 0 }

  func draw(on canvas: inout SVGCanvas, below bottom: Double) {
    canvas.line(x, bottom, x, bottom + 4, "axis")
    if isSlanted, let line = lines.first {
      canvas.slantedText(line, x + 4, bottom + 14, "muted", tooltip: tooltip)
      return
    }
    for (position, line) in lines.enumerated() {
      canvas.text(
        line, x, bottom + 16 + Double(position) * AxisTick.lineHeight, "muted", anchor: .middle, tooltip: tooltip)
    }
  }

  /// Returns the ticks of an axis: at the data, or above twelve values at round numbers.
  ///
  /// Labels of numbers that would overlap their left neighbour are left out.
  ///
  /// - Parameters:
  ///   - axis: What it shows.
  ///   - scale: Where its values stand.
  ///   - step: Room for one name.
  ///   - left: The left end of the panel; labels aslant are cut there.
  /// - Returns: The ticks from left to right.
  static func ticks(of axis: PanelFrame.Horizontal, on scale: ChartScale, step: Double, left: Double) -> [AxisTick] {
    switch axis {
    case .values(let values, _, let name, _) where Set(values).count <= 12:
      return spaced(
        Set(values).sorted().filter(scale.shows).map { AxisTick(x: scale.position($0), lines: [name($0)]) })
    case .values(_, let values, _, let extent), .quantity(let values, let extent):
      var ticks = ChartScale.axis(for: values, extent).ticks
      if extent == ChartRequest.Extent() {
        let round = ChartScale.ticks(from: scale.domain.lowerBound, to: scale.domain.upperBound)
        ticks = round.values.map { ($0, NumberFormat.fixed($0, round.decimals)) }
      }
      return spaced(
        ticks.filter { scale.shows($0.value) }.map { AxisTick(x: scale.position($0.value), lines: [$0.label]) })
    case .names(let names):
      if names.allSatisfy({ TextWidth.of($0, size: 11) <= 30 }) {
        return spaced(names.enumerated().map { AxisTick(x: scale.position(Double($0.offset)), lines: [$0.element]) })
      }
      return labelled(names, on: scale, step: step, left: left)
    }
  }

  private static func spaced(_ ticks: [AxisTick]) -> [AxisTick] {
    var ticks = ticks
    var end = -Double.infinity
    for position in ticks.indices {
      guard let label = ticks[position].lines.first else { continue }
      let half = TextWidth.of(label, size: 11) / 2
      if ticks[position].x - half < end + 5 {
        ticks[position].lines = []
      } else {
        end = ticks[position].x + half
      }
    }
    return ticks
  }

  /// Names stand on up to three lines, or hang down aslant if that is not enough; what is still too long is cut.
  private static func labelled(_ names: [String], on scale: ChartScale, step: Double, left: Double) -> [AxisTick] {
    let room = step - 6
    let wrapped = names.map { TextWidth.wrapped($0, to: max(room, 24), size: 11, maximumLines: 3) }
    let fits = zip(names, wrapped).allSatisfy { name, lines in
      lines.joined(separator: " ") == name && lines.allSatisfy { TextWidth.of($0, size: 11) <= room }
    }
    var end = -Double.infinity
    return names.enumerated().map { position, name in
      let x = scale.position(Double(position))
      if fits { return AxisTick(x: x, lines: wrapped[position]) }
      // Slanted lines of text need as much room as the lines are high.
      guard x >= end + 15 else { return AxisTick(x: x) }
      end = x
      let label = TextWidth.truncated(name, to: min(greatestSlantedWidth, (x - left) / slope.cosine), size: 11)
      return AxisTick(x: x, lines: [label], tooltip: label == name ? nil : name, isSlanted: true)
    }
  }
}
