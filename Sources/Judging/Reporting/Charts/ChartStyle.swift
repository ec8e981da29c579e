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

  /// A class that few charts need.
  private struct Extra {
    var name: String
    var shape: String
    /// What it is coloured in: fills or strokes with a colour of the surroundings.
    var paint: (property: String, colour: Colour)?
  }

  private static let extras = [
    Extra(name: "band", shape: "fill:currentColor;fill-opacity:.16"),
    Extra(name: "course", shape: "fill:none;stroke:currentColor;stroke-width:1.5;stroke-linejoin:round"),
    Extra(name: "outlined", shape: "stroke:currentColor;stroke-width:1.25"),
    Extra(name: "reference", shape: "stroke:currentColor;stroke-width:1.25;stroke-dasharray:7 4"),
    Extra(name: "leader", shape: "stroke:currentColor;stroke-width:.75"),
    Extra(name: "dash1", shape: "stroke-dasharray:9 3"), Extra(name: "dash2", shape: "stroke-dasharray:2 3"),
    Extra(name: "dash3", shape: "stroke-dasharray:9 3 2 3"),
    Extra(name: "cut", shape: "fill:none;stroke-width:3", paint: ("stroke", background)),
    Extra(
      name: "note", shape: "paint-order:stroke;stroke-width:3px;stroke-linejoin:round", paint: ("stroke", background)),
  ]

  /// Returns the style sheet of a chart of its own, with the rules that its elements need.
  static func sheet(for elements: String) -> String {
    let used = extras.filter { extra in
      elements.contains("\"\(extra.name)\"") || elements.contains("\"\(extra.name) ")
        || elements.contains(" \(extra.name)\"") || elements.contains(" \(extra.name) ")
    }
    let dark = rules(\.dark) + rules(used, \.dark)
    return shapes + shapes(used) + rules(\.light) + rules(used, \.light)
      + "@media (prefers-color-scheme:dark){\n" + dark + "}\n"
  }

  private static func shapes(_ extras: [Extra]) -> String {
    extras.map { ".\($0.name){\($0.shape)}\n" }.joined()
  }

  private static func rules(_ extras: [Extra], _ form: KeyPath<Colour, String>) -> String {
    extras.compactMap { extra in
      extra.paint.map { ".\(extra.name){\($0.property):\($0.colour[keyPath: form])}\n" }
    }.joined()
  }

  /// Returns the style sheet of charts inside a page, for elements below `scope`.
  static func sheet(scope: String) -> String {
    func scoped(_ text: String) -> String {
      text.split(separator: "\n").map { line in
        line.split(separator: "}").map {
          "\(scope) \($0.replacing(",", with: ",\(scope) ", maxReplacements: selectorCommas($0)))}"
        }
        .joined()
      }.joined(separator: "\n") + "\n"
    }
    return scoped(shapes + shapes(extras)) + scoped(rules(\.light) + rules(extras, \.light))
      + "@media screen and (prefers-color-scheme:dark){\n" + scoped(rules(\.dark) + rules(extras, \.dark)) + "}\n"
  }

  /// Commas before the brace separate selectors.
  private static func selectorCommas(_ rule: Substring) -> Int {
    rule.prefix { $0 != "{" }.count { $0 == "," }
  }

  private static let shapes = """
    text{font-family:Helvetica,Arial,"Liberation Sans",sans-serif;font-size:11px}
    .title{font-size:15px;font-weight:bold}.panel{font-size:12px;font-weight:bold}.legend{font-size:12px}
    .grid{stroke-width:1}.axis{stroke-width:1}.line{fill:none;stroke:currentColor;stroke-width:2;stroke-linejoin:round}
    .dotted{fill:none;stroke:currentColor;stroke-width:1.25;stroke-dasharray:2 3}
    .bar{stroke:currentColor;stroke-width:1.25}.dot{fill:currentColor}.ring{stroke:currentColor;stroke-width:1.5}
    .cross{fill:none;stroke:currentColor;stroke-width:1.75}
    .column,.tile{fill:currentColor}.column{fill-opacity:.78}.box{fill:currentColor;fill-opacity:.14;stroke:currentColor}
    .pale{fill:currentColor;fill-opacity:.45}.front{fill:none;stroke:currentColor;stroke-dasharray:6 4;stroke-width:1.5}
    .level{fill:none;stroke:currentColor;stroke-width:3;stroke-opacity:.45}.change{stroke:currentColor;stroke-dasharray:4 3}

    """

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
