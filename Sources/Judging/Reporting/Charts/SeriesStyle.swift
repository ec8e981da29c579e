/// Colours, shapes and small marks that all kinds of charts share.
enum SeriesStyle {
  /// The class of a series' colour.
  static func colourClass(_ colour: Int) -> String {
    "c\(colour % ChartStyle.series.count)"
  }

  /// The shape of a series' points.
  static func marker(_ colour: Int) -> SVGCanvas.Marker {
    // After twelve series colours and shapes would meet again in the same pairs.
    SVGCanvas.Marker.allCases[(colour + colour / 12) % SVGCanvas.Marker.allCases.count]
  }

  /// The classes of a series' line: series of one colour have different dashes.
  static func lineClass(_ colour: Int, _ line: String = "line") -> String {
    let dash = colour / ChartStyle.series.count % 4
    return "\(line) \(colourClass(colour))" + (dash == 0 ? "" : " dash\(dash)")
  }

  /// How filled the columns of a series are, so that neighbours differ without colour.
  static func opacity(_ colour: Int) -> Double { [0.78, 0.3, 0.55, 0.12][colour % 4] }

  /// The classes of a series' columns.
  static func columnClass(_ colour: Int) -> String {
    "tile \(colourClass(colour))" + (colour == 0 ? "" : " outlined")
  }

  /// Draws an error bar with caps.
  static func drawBar(_ x: Double, _ y1: Double, _ y2: Double, _ style: String, on canvas: inout SVGCanvas) {
    canvas.line(x, y1, x, y2, style)
    canvas.line(x - 4, y1, x + 4, y1, style)
    canvas.line(x - 4, y2, x + 4, y2, style)
  }

  /// Draws the mark of a value that does not exist.
  static func drawCross(_ x: Double, _ y: Double, _ style: String, on canvas: inout SVGCanvas) {
    canvas.line(x - 4, y - 4, x + 4, y + 4, style)
    canvas.line(x - 4, y + 4, x + 4, y - 4, style)
  }

  /// What a point says when it is pointed at.
  static func tooltip(_ series: ChartModel.Series, _ point: ChartModel.Point, _ model: ChartModel) -> String {
    let note = point.note.map { "; \($0)" } ?? ""
    return "\(series.label) at \(model.name(of: point.x)): \(NumberFormat.significant(point.mean ?? .nan, 4)) "
      + "(n = \(point.count))\(note)"
  }

  /// What a value of the paper says when it is pointed at.
  static func tooltip(_ series: ChartModel.Series, paper value: (x: Double, y: Double), _ model: ChartModel) -> String {
    "\(series.label), the paper, at \(model.name(of: value.x)): \(NumberFormat.significant(value.y, 4))"
  }
}
