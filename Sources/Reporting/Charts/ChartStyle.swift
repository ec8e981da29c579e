/// The colours and letters of charts, for light and dark surroundings.
package enum ChartStyle {
  /// One colour in its two forms, as "#rrggbb".
  package struct Colour: Sendable {
    package var light: String
    package var dark: String
  }

  /// What charts are drawn on.
  package static let background = Colour(light: "#ffffff", dark: "#0d1117")
  /// Titles and labels.
  package static let ink = Colour(light: "#1f2328", dark: "#e6edf3")
  /// Ticks, axes and notes.
  package static let muted = Colour(light: "#59636e", dark: "#9198a1")
  /// Lines behind the data.
  package static let grid = Colour(light: "#e4e8ec", dark: "#262c36")

  /// Series in their order; told apart by people with any of the common colour deficiencies, and by their markers.
  package static let series = [
    Colour(light: "#0068b5", dark: "#5cb0ff"), Colour(light: "#c2510a", dark: "#f39044"),
    Colour(light: "#0b7a5b", dark: "#3fc79a"), Colour(light: "#a33e8f", dark: "#e08fd0"),
    Colour(light: "#7a5f00", dark: "#d9b53c"), Colour(light: "#57606a", dark: "#aab3bd"),
  ]

  /// The style sheet of a chart.
  static var sheet: String {
    let shapes = """
      text{font-family:Helvetica,Arial,"Liberation Sans",sans-serif;font-size:11px}
      .title{font-size:15px;font-weight:bold}.panel{font-size:12px;font-weight:bold}.legend{font-size:12px}
      .grid{stroke-width:1}.axis{stroke-width:1}.line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
      .dotted{fill:none;stroke:currentColor;stroke-width:1.25;stroke-dasharray:2 3}
      .bar{stroke:currentColor;stroke-width:1.25}.dot{fill:currentColor}.ring{stroke:currentColor;stroke-width:1.5}
      .cross{fill:none;stroke:currentColor;stroke-width:1.75}

      """
    return shapes + rules(\.light) + "@media (prefers-color-scheme:dark){\n" + rules(\.dark) + "}\n"
  }

  private static func rules(_ form: KeyPath<Colour, String>) -> String {
    var rules = [
      ".background,.ring{fill:\(background[keyPath: form])}", "text{fill:\(ink[keyPath: form])}",
      ".muted{fill:\(muted[keyPath: form])}", ".grid{stroke:\(grid[keyPath: form])}",
      ".axis{stroke:\(muted[keyPath: form])}", ".ink{color:\(muted[keyPath: form])}",
    ]
    for (position, colour) in series.enumerated() { rules.append(".c\(position){color:\(colour[keyPath: form])}") }
    return rules.joined(separator: "\n") + "\n"
  }
}
