import ExperimentSpec

/// The names of lines at their right ends.
///
/// A legend of many lines makes the reader compare colours; a name beside its line does not.
enum LineNames {
  /// Where a line ends.
  struct End {
    var label: String
    var colour: Int
    var x: Double
    var y: Double
  }

  /// Lines above which the legend gives way to names.
  private static let mostInLegend = 6
  /// Room that a name takes.
  private static let lineHeight = 12.0
  private static let mostNames = 40

  /// Whether the lines of a chart are named at their ends: curves if there are several, and lines if there are many.
  static func areNeeded(in model: ChartModel) -> Bool {
    guard model.kind == .line, !model.isHorizontal, model.joinsPoints else { return false }
    let count = model.panels.map(\.series.count).max() ?? 0
    return model.isCourse ? count > 1 : count > mostInLegend
  }

  /// Returns the room that names need right of the plot, at most two fifths of the panel.
  static func room(for model: ChartModel, in width: Double) -> Double {
    let widest = model.seriesLabels.map { TextWidth.of($0, size: 11) }.max() ?? 0
    return min(widest + 22, width * 0.4)
  }

  /// Returns how high a plot must be for the names of its lines.
  static func plotHeight(for model: ChartModel, atLeast height: Double) -> Double {
    guard areNeeded(in: model) else { return height }
    let count = min(model.panels.map(\.series.count).max() ?? 0, mostNames)
    return max(height, Double(count) * lineHeight + 8)
  }

  /// Writes each name as near to the end of its line as the others allow; of more than fit, every few.
  static func draw(_ ends: [End], beside frame: PanelFrame, on canvas: inout SVGCanvas) {
    let sorted = ends.sorted { ($0.y, $0.colour) < ($1.y, $1.colour) }
    let capacity = min(mostNames, max(1, Int((frame.bottom - frame.top) / lineHeight)))
    let shown =
      sorted.count <= capacity
      ? sorted : (0..<capacity).map { sorted[$0 * (sorted.count - 1) / max(capacity - 1, 1)] }
    let places = places(shown.map(\.y), from: frame.top, to: frame.bottom)
    for (end, y) in zip(shown, places) {
      let left = frame.plot.right + 4
      canvas.line(end.x + 2, end.y, left + 7, y, "leader \(SeriesStyle.colourClass(end.colour))")
      canvas.marker(
        SeriesStyle.marker(end.colour), left + 7, y, radius: 3, "dot \(SeriesStyle.colourClass(end.colour))")
      let text = TextWidth.truncated(end.label, to: frame.rightRoom - 20, size: 11)
      canvas.text(text, left + 14, y + 4, "muted", tooltip: text == end.label ? nil : end.label)
    }
  }

  /// Moves heights apart until each has its room, as little as possible downward and then back from the end.
  static func places(_ heights: [Double], from top: Double, to bottom: Double) -> [Double] {
    var places = heights
    var least = top + lineHeight / 2
    for position in places.indices {
      places[position] = max(places[position], least)
      least = places[position] + lineHeight
    }
    var greatest = bottom - lineHeight / 2
    for position in places.indices.reversed() {
      places[position] = min(places[position], greatest)
      greatest = places[position] - lineHeight
    }
    return places
  }
}
