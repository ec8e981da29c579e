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
  /// Pixels at the top that only the written title takes, which a page has as a heading.
  var titleHeight = 0

  /// The text of an SVG file.
  var document: String {
    text(prefix: "", sheet: ["<style>\n\(ChartStyle.sheet(for: elements))</style>"], elements: elements)
  }

  /// Returns the element for an HTML page, whose own style sheet must hold the chart's, without its written title.
  ///
  /// - Parameter id: Begins the ids inside, which must be unique in the page.
  /// - Returns: The `svg` element.
  func inline(id: String) -> String {
    guard titleHeight > 0, let whole = Double(height) else {
      return text(prefix: "\(id)-", sheet: [], elements: elements)
    }
    let lines = elements.split(separator: "\n").filter { !$0.hasPrefix("<text class=\"title\"") }
    var drawing = self
    drawing.height = NumberFormat.trimmed(whole - Double(titleHeight), 2, minus: "-")
    return drawing.text(prefix: "\(id)-", sheet: [], elements: lines.joined(separator: "\n") + "\n", top: titleHeight)
  }

  private func text(prefix: String, sheet: [String], elements: String, top: Int = 0) -> String {
    let size = "width=\"\(width)\" height=\"\(height)\""
    let head = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" \(size) viewBox=\"0 \(top) \(width) \(height)\" role=\"img\" "
        + "aria-labelledby=\"\(prefix)title \(prefix)desc\">",
      "<title id=\"\(prefix)title\">\(XMLText.escaped(title))</title>",
      "<desc id=\"\(prefix)desc\">\(XMLText.escaped(description))</desc>",
    ]
    let background = "<rect class=\"background\"\(top == 0 ? "" : " y=\"\(top)\"") width=\"100%\" height=\"100%\"/>"
    return (head + sheet + [background]).joined(separator: "\n") + "\n" + elements + "</svg>\n"
  }
}
