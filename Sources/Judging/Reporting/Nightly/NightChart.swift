import ExperimentSpec
import SeriesReview
import ResultsStore
import Statistics

/// Draws one quantity night by night: its values, the levels between lasting changes, the accepted level, and what was expected last.
struct NightChart {
  private let cell: NightCell
  private let count: Int
  private let frame: PanelFrame
  private let width: Double
  private let margin: Double
  private let top: Double
  private let keys: [[Key]]
  private static let plotHeight = 170.0

  /// What an entry of the legend shows.
  private enum Key: String {
    case night, unusable = "blind or stale", level, accepted, expected
  }

  /// Returns the chart of a quantity.
  ///
  /// - Parameters:
  ///   - cell: The quantity; it has at least one value.
  ///   - nights: Number of nights in the review.
  ///   - isNarrow: Whether it must fit the width of a phone.
  /// - Returns: The drawing.
  static func drawing(of cell: NightCell, nights: Int, isNarrow: Bool = false) -> SVGDrawing {
    NightChart(cell, nights: nights, isNarrow: isNarrow).drawing()
  }

  private init(_ cell: NightCell, nights: Int, isNarrow: Bool) {
    self.cell = cell
    count = nights
    width = isNarrow ? 344 : 540
    margin = isNarrow ? 8 : 18
    keys = NightChart.keys(of: cell, width: width)
    top = 38 + Double(keys.count) * 20
    var heights = cell.points.map(\.value)
    heights += [cell.expected?.lower, cell.expected?.upper, cell.baseline?.value].compactMap(\.self)
    let numbers = (1...max(nights, 1)).map(Double.init)
    let label = cell.unit.isEmpty ? cell.address : "\(cell.address) (\(cell.unit))"
    frame = PanelFrame(
      label: label, axisLabel: "night",
      horizontal: .values(numbers, domain: numbers, name: { NumberFormat.trimmed($0, 0) }, extent: .init()),
      vertical: .quantity(heights, extent: .init()),
      place: PanelFrame.Place(left: margin, top: top, width: width, plotHeight: Self.plotHeight))
  }

  private func drawing() -> SVGDrawing {
    var canvas = SVGCanvas()
    let title = "\(cell.address): \(cell.verdictText)"
    let shown = TextWidth.truncated(title, to: width, size: 15, isBold: true)
    canvas.text(shown, margin, 26, "title", tooltip: shown == title ? nil : title)
    drawLegend(on: &canvas)
    frame.draw(on: &canvas)
    drawExpectation(on: &canvas)
    drawLevels(on: &canvas)
    drawPoints(on: &canvas)
    return canvas.drawing(
      width: width + 2 * margin,
      height: top + PanelFrame.headHeight(lines: 1) + Self.plotHeight + frame.footHeight + 8,
      title: "\(cell.address) night by night", description: description)
  }

  private func x(_ night: Int) -> Double { frame.x.position(Double(night + 1)) }

  private static func keyWidth(_ key: Key) -> Double { 28 + TextWidth.of(key.rawValue, size: 12) + 18 }

  /// The entries of the legend, in lines that fit.
  private static func keys(of cell: NightCell, width: Double) -> [[Key]] {
    var keys: [Key] = [.night]
    if cell.points.contains(where: { !$0.isUsable }) { keys.append(.unusable) }
    keys.append(.level)
    if cell.baseline != nil { keys.append(.accepted) }
    if cell.expected != nil { keys.append(.expected) }
    var lines: [[Key]] = [[]]
    for key in keys {
      let taken = lines[lines.count - 1].reduce(0) { $0 + keyWidth($1) }
      if taken + keyWidth(key) - 18 > width { lines.append([]) }
      lines[lines.count - 1].append(key)
    }
    return lines
  }

  private func drawLegend(on canvas: inout SVGCanvas) {
    for (number, line) in keys.enumerated() {
      var left = margin
      let height = 44 + Double(number) * 20
      for key in line {
        switch key {
        case .night: canvas.marker(.circle, left + 11, height, radius: 4, "dot c0")
        case .unusable: canvas.marker(.circle, left + 11, height, radius: 4, "ring c0")
        case .level: canvas.line(left, height, left + 22, height, "level c0")
        case .accepted: canvas.line(left, height, left + 22, height, "front c2")
        case .expected: canvas.rectangle(left + 4, height - 6, 14, 12, "box ink")
        }
        canvas.text(key.rawValue, left + 28, height + 4, "legend")
        left += NightChart.keyWidth(key)
      }
    }
  }

  /// The range in which the latest value was expected, at its place.
  private func drawExpectation(on canvas: inout SVGCanvas) {
    guard let expected = cell.expected, let latest = cell.latest else { return }
    let (upper, lower) = (frame.y.position(expected.upper), frame.y.position(expected.lower))
    canvas.rectangle(x(latest.night) - 7, upper, 14, max(1, lower - upper), "box ink")
  }

  private func drawLevels(on canvas: inout SVGCanvas) {
    if let baseline = cell.baseline {
      let height = frame.y.position(baseline.value)
      canvas.line(frame.plot.left, height, frame.plot.right, height, "front c2")
    }
    guard let first = cell.points.first(where: \.isUsable), let last = cell.points.last(where: \.isUsable) else {
      return
    }
    let starts = [first.night] + cell.changes.map(\.night)
    let ends = cell.changes.map { $0.night - 1 } + [last.night]
    let levels = [cell.changes.first?.before ?? cell.level?.value] + cell.changes.map { $0.after }
    for (position, level) in levels.enumerated() {
      guard let level else { continue }
      let height = frame.y.position(level)
      canvas.line(x(starts[position]) - 3, height, x(ends[position]) + 3, height, "level c0")
    }
    var taken = cell.points.map { (x: x($0.night), y: frame.y.position($0.value)) }
    for change in cell.changes {
      let edge = (x(change.night) + x(change.night - 1)) / 2
      canvas.line(edge, frame.top, edge, frame.bottom, "change c1")
      guard change.before != 0 else { continue }
      let text = NightText.signedPercent(change.after / change.before - 1)
      let width = TextWidth.of(text, size: 11)
      let left = min(edge + 4, frame.plot.right - width)
      guard let baseline = frame.freeBaseline(for: left...(left + width), beside: taken) else { continue }
      taken += [left, left + width / 2, left + width].map { ($0, baseline - 4) }
      canvas.text(text, left, baseline, "muted")
    }
  }

  private func drawPoints(on canvas: inout SVGCanvas) {
    for point in cell.points {
      let note = point.isBlind ? ", blind" : point.staleReason.map { ", stale: \($0)" } ?? ""
      canvas.marker(
        .circle, x(point.night), frame.y.position(point.value), radius: count > 60 ? 2.5 : 3.5,
        point.isUsable ? "dot c0" : "ring c0",
        tooltip: "night \(point.night + 1): \(NightText.number(point.value, cell.unit))\(note)")
    }
  }

  private var description: String {
    let values = cell.points.map { "night \($0.night + 1): \(NumberFormat.significant($0.value, 4))" }
    let changes = cell.changes.map {
      "from night \($0.night + 1) the level is \(NumberFormat.significant($0.after, 4)) instead of "
        + NumberFormat.significant($0.before, 4)
    }
    return "\(cell.address) is \(cell.verdictText). " + (changes + values).joined(separator: "; ") + "."
  }
}
