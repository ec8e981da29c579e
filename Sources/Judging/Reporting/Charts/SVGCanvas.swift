import Printing

/// Collects the elements of an SVG document.
///
/// Colours are classes, so that one style sheet serves light and dark surroundings; lengths are pixels.
struct SVGCanvas {
  /// Where a text begins.
  enum Anchor: String { case start, middle, end }
  /// Shapes that tell series apart without colour.
  enum Marker: CaseIterable { case circle, square, triangle, diamond }

  private var elements = ""

  /// Draws a straight line.
  mutating func line(_ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String) {
    add("<line class=\"\(style)\" x1=\"\(n(x1))\" y1=\"\(n(y1))\" x2=\"\(n(x2))\" y2=\"\(n(y2))\"/>")
  }

  /// Draws a rectangle.
  mutating func rectangle(_ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String) {
    add(
      "<rect class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\"/>")
  }

  /// Draws a rectangle of its own colour, with a tooltip.
  mutating func tile(
    _ x: Double, _ y: Double, _ width: Double, _ height: Double, _ style: String, opacity: Double, tooltip: String
  ) {
    let title = tooltip.isEmpty ? "" : "<title>\(XMLText.escaped(tooltip))</title>"
    add(
      "<rect class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\" "
        + "fill-opacity=\"\(n(opacity))\">\(title)</rect>")
  }

  /// Draws lines through points; fewer than two draw nothing.
  mutating func polyline(_ points: [(x: Double, y: Double)], _ style: String) {
    guard points.count > 1 else { return }
    let list = points.map { "\(n($0.x)),\(n($0.y))" }.joined(separator: " ")
    add("<polyline class=\"\(style)\" points=\"\(list)\"/>")
  }

  /// Draws a marker around a point, with a tooltip.
  mutating func marker(
    _ marker: Marker, _ x: Double, _ y: Double, radius r: Double, _ style: String, tooltip: String? = nil
  ) {
    let title = tooltip.map { "<title>\(XMLText.escaped($0))</title>" } ?? ""
    switch marker {
    case .circle:
      add("<circle class=\"\(style)\" cx=\"\(n(x))\" cy=\"\(n(y))\" r=\"\(n(r))\">\(title)</circle>")
    case .square:
      let s = r * 0.9
      path([(x - s, y - s), (x + s, y - s), (x + s, y + s), (x - s, y + s)], style, title)
    case .triangle:
      path([(x, y - r * 1.2), (x + r * 1.1, y + r * 0.8), (x - r * 1.1, y + r * 0.8)], style, title)
    case .diamond:
      path([(x, y - r * 1.3), (x + r * 1.3, y), (x, y + r * 1.3), (x - r * 1.3, y)], style, title)
    }
  }

  /// Writes a text whose baseline is at `y`.
  mutating func text(
    _ text: String, _ x: Double, _ y: Double, _ style: String, anchor: Anchor = .start, tooltip: String? = nil
  ) {
    let title = tooltip.map { "<title>\(XMLText.escaped($0))</title>" } ?? ""
    add(
      "<text class=\"\(style)\" x=\"\(n(x))\" y=\"\(n(y))\" text-anchor=\"\(anchor.rawValue)\">"
        + "\(XMLText.escaped(text))\(title)</text>")
  }

  /// Writes a text that rises to its end, which is at the point.
  mutating func slantedText(_ text: String, _ x: Double, _ y: Double, _ style: String, tooltip: String? = nil) {
    let title = tooltip.map { "<title>\(XMLText.escaped($0))</title>" } ?? ""
    add(
      "<text class=\"\(style)\" text-anchor=\"end\" transform=\"translate(\(n(x)) \(n(y))) rotate(-36.87)\">"
        + "\(XMLText.escaped(text))\(title)</text>")
  }

  /// Draws a line through many points, tenths of a pixel apart, in few bytes.
  mutating func course(_ points: [(x: Double, y: Double)], _ style: String, tooltip: String? = nil) {
    guard points.count > 1 else { return }
    let title = tooltip.map { "<title>\(XMLText.escaped($0))</title>" } ?? ""
    add("<path class=\"\(style)\" d=\"\(PathText.text(of: points))\">\(title)</path>")
  }

  /// Fills what lies between two lines.
  mutating func area(_ upper: [(x: Double, y: Double)], _ lower: [(x: Double, y: Double)], _ style: String) {
    guard upper.count > 1 else { return }
    add("<path class=\"\(style)\" d=\"\(PathText.text(of: upper + lower.reversed()))z\"/>")
  }

  /// Shows a picture that an address holds.
  mutating func image(
    _ address: String, _ x: Double, _ y: Double, _ width: Double, _ height: Double, isPixels: Bool, tooltip: String
  ) {
    let rendering = isPixels ? " style=\"image-rendering:pixelated\"" : ""
    add(
      "<image x=\"\(n(x))\" y=\"\(n(y))\" width=\"\(n(width))\" height=\"\(n(height))\"\(rendering) href=\"\(address)\">"
        + "<title>\(XMLText.escaped(tooltip))</title></image>")
  }

  /// Returns the whole drawing.
  ///
  /// - Parameters:
  ///   - width: Pixels.
  ///   - height: Pixels.
  ///   - title: Short name for readers who hear the picture.
  ///   - description: What the picture shows, with its numbers.
  /// - Returns: The drawing, still without a style sheet.
  func drawing(width: Double, height: Double, title: String, description: String) -> SVGDrawing {
    SVGDrawing(width: n(width), height: n(height), title: title, description: description, elements: elements)
  }

  private mutating func add(_ element: String) {
    elements += element
    elements += "\n"
  }

  private mutating func path(_ points: [(Double, Double)], _ style: String, _ title: String) {
    let steps = points.map { "\(n($0.0)) \(n($0.1))" }.joined(separator: " L")
    add("<path class=\"\(style)\" d=\"M\(steps) Z\">\(title)</path>")
  }

  /// Two decimals are a hundredth of a pixel.
  private func n(_ value: Double) -> String {
    NumberFormat.trimmed(value, 2, minus: "-")
  }
}
