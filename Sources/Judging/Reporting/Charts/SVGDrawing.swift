import Printing

/// A finished drawing, for a file of its own or for the inside of a page.
struct SVGDrawing: Sendable {
  /// Pixels, as text.
  var width: String
  var height: String
  /// Short name for readers who hear the picture.
  var title: String
  /// What the picture shows, with its numbers.
  var description: String
  /// Elements, each ended by a line feed.
  var elements: String

  /// The text of an SVG file.
  var document: String {
    text(prefix: "", sheet: ["<style>\n\(ChartStyle.sheet)</style>"])
  }

  /// Returns the element for an HTML page, whose own style sheet must hold the chart's.
  ///
  /// - Parameter id: Begins the ids inside, which must be unique in the page.
  /// - Returns: The `svg` element.
  func inline(id: String) -> String {
    text(prefix: "\(id)-", sheet: [])
  }

  private func text(prefix: String, sheet: [String]) -> String {
    let size = "width=\"\(width)\" height=\"\(height)\""
    let head = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) viewBox=\"0 0 \(width) \(height)\" role=\"img\" "
        + "aria-labelledby=\"\(prefix)title \(prefix)desc\">",
      "<title id=\"\(prefix)title\">\(XMLText.escaped(title))</title>",
      "<desc id=\"\(prefix)desc\">\(XMLText.escaped(description))</desc>",
    ]
    let background = "<rect class=\"background\" width=\"100%\" height=\"100%\"/>"
    return (head + sheet + [background]).joined(separator: "\n") + "\n" + elements + "</svg>\n"
  }
}
