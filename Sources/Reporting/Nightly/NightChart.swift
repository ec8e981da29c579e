import Nightly
import ResultsStore
import Statistics

/// Draws one quantity night by night: its values, the levels between lasting changes, the accepted level, and what was expected last.
struct NightChart {
  private let cell: NightCell
  private let count: Int
  private let frame: PanelFrame
  private static let width = 540.0
  private static let margin = 18.0
  private static let top = 58.0
  private static let plotHeight = 170.0

  /// Returns the chart of a quantity.
  ///
  /// - Parameters:
  ///   - cell: The quantity; it has at least one value.
  ///   - nights: Number of nights in the review.
  /// - Returns: The drawing.
  static func drawing(of cell: NightCell, nights: Int) -> SVGDrawing {
    NightChart(cell, nights: nights).drawing()
  }

  private init(_ cell: NightCell, nights: Int) {
    self.cell = cell
    count = nights
    var heights = cell.points.map(\.value)
    heights += [cell.expected?.lower, cell.expected?.upper, cell.baseline?.value].compactMap(\.self)
    let numbers = (1...max(nights, 1)).map(Double.init)
    let label = cell.unit.isEmpty ? cell.address : "\(cell.address) (\(cell.unit))"
    frame = PanelFrame(
      label: label, axisLabel: "night",
      horizontal: .values(numbers, domain: numbers, name: { NumberFormat.trimmed($0, 0) }), heights: heights,
      place: (Self.margin, Self.top, Self.width, Self.plotHeight))
  }

  private func drawing() -> SVGDrawing {
    var canvas = SVGCanvas()
    canvas.text("\(cell.address): \(cell.verdictText)", Self.margin, 26, "title")
    drawLegend(on: &canvas)
    frame.draw(on: &canvas)
    drawExpectation(on: &canvas)
    drawLevels(on: &canvas)
    drawPoints(on: &canvas)
    return canvas.drawing(
      width: Self.width + 2 * Self.margin,
      height: Self.top + PanelFrame.headHeight + Self.plotHeight + PanelFrame.footHeight + 8,
      title: "\(cell.address) night by night", description: description)
  }

  private func x(_ night: Int) -> Double { frame.x.position(Double(night + 1)) }

  private func drawLegend(on canvas: inout SVGCanvas) {
    var left = Self.margin
    func entry(_ text: String, draw: (Double, inout SVGCanvas) -> Void) {
      draw(left, &canvas)
      canvas.text(text, left + 28, 48, "legend")
      left += 28 + TextWidth.of(text, size: 12) + 18
    }
    entry("night") { $1.marker(.circle, $0 + 11, 44, radius: 4, "dot c0") }
    if cell.points.contains(where: { !$0.isUsable }) {
      entry("blind or stale") { $1.marker(.circle, $0 + 11, 44, radius: 4, "ring c0") }
    }
    entry("level") { $1.line($0, 44, $0 + 22, 44, "level c0") }
    if cell.baseline != nil { entry("accepted") { $1.line($0, 44, $0 + 22, 44, "front c2") } }
    if cell.expected != nil { entry("expected") { $1.rectangle($0 + 4, 38, 14, 12, "box ink") } }
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
    var taken = frame.plot.left
    for change in cell.changes {
      let edge = (x(change.night) + x(change.night - 1)) / 2
      canvas.line(edge, frame.top, edge, frame.bottom, "change c1")
      guard change.before != 0 else { continue }
      let text = NightText.signedPercent(change.after / change.before - 1)
      let left = min(edge + 4, frame.plot.right - TextWidth.of(text, size: 11))
      guard left >= taken else { continue }
      taken = left + TextWidth.of(text, size: 11) + 5
      canvas.text(text, left, frame.top + 9, "muted")
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
