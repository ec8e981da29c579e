import Printing

/// A drawing of others in which nothing can act: no scripts, no handlers, no foreign content, nothing from elsewhere.
///
/// What is not known to be harmless is left out; elements of other vocabularies (editors, licences) with all that they hold.
package struct InertSVG {
  private(set) var file: PictureFile

  private static let mostBytes = 32 << 20
  private static let greatestDepth = 200

  /// The text of the drawing.
  package var text: String { String(decoding: file.bytes, as: UTF8.self) }

  /// Reads a drawing and writes it anew.
  ///
  /// - Parameter bytes: An SVG file in UTF-8.
  /// - Throws: `StoredPicture.Fault` if it is not well-formed, too large, or no SVG.
  package init(_ bytes: [UInt8]) throws(StoredPicture.Fault) {
    guard bytes.count <= InertSVG.mostBytes else { throw .init(reason: "as an SVG file it has more than 32 MiB") }
    var writer = Writer()
    do throws(XMLTokens.Fault) {
      var tokens = XMLTokens(bytes)
      while let token = try tokens.next() { try writer.take(token) }
      try writer.finish()
    } catch {
      throw .init(reason: error.reason)
    }
    file = PictureFile(
      mediaType: "image/svg+xml", bytes: Array(writer.text.utf8), width: writer.width, height: writer.height)
  }

  private struct Writer {
    var text = ""
    var (width, height) = (300, 150)
    /// Open elements; those without a name in the output are kept as empty texts.
    private var open: [(name: String, written: String)] = []
    /// Depth below which everything is left out.
    private var skipped: Int?

    mutating func take(_ token: XMLTokens.Token) throws(XMLTokens.Fault) {
      switch token {
      case .text(let words):
        guard skipped == nil, let holder = open.last else { return }
        if holder.written == "style", !SVGRules.isInert(style: words) { return }
        text += XMLText.escaped(words)
      case .close(let name): try close(name)
      case .open(let name, let attributes, let isEmpty):
        guard open.count < InertSVG.greatestDepth else { throw .init(reason: "as an SVG file it is nested too deeply") }
        if open.isEmpty { try begin(name, attributes) } else { begin(part: name, attributes) }
        if isEmpty { try close(name) }
      }
    }

    private mutating func begin(_ name: String, _ attributes: [(name: String, value: String)]) throws(XMLTokens.Fault) {
      guard name == "svg", text.isEmpty else {
        throw .init(reason: "it is no SVG file: it begins with '\(name.prefix(40))'")
      }
      let size = SVGRules.size(attributes)
      (width, height) = (size.width, size.height)
      text += "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(width)\" height=\"\(height)\""
      if let box = size.viewBox { text += " viewBox=\"\(XMLText.escaped(box))\"" }
      let rest = attributes.filter { !["width", "height", "viewBox"].contains($0.name) }
      text += SVGRules.kept(rest) + ">"
      open.append((name, "svg"))
    }

    private mutating func begin(part name: String, _ attributes: [(name: String, value: String)]) {
      defer { if skipped == nil, !SVGRules.isKnown(name), !SVGRules.isTransparent(name) { skipped = open.count } }
      guard skipped == nil, SVGRules.isKnown(name) else {
        open.append((name, ""))
        return
      }
      text += "<\(name)\(SVGRules.kept(attributes))>"
      open.append((name, name))
    }

    private mutating func close(_ name: String) throws(XMLTokens.Fault) {
      guard let last = open.popLast(), last.name == name else {
        throw .init(reason: "as an SVG file it is damaged: '\(name.prefix(40))' ends where another element is open")
      }
      if let depth = skipped {
        if open.count < depth { skipped = nil }
        return
      }
      if !last.written.isEmpty { text += "</\(last.written)>" }
    }

    func finish() throws(XMLTokens.Fault) {
      guard !text.isEmpty else { throw .init(reason: "it is no SVG file") }
      if let last = open.last { throw .init(reason: "as an SVG file it is cut off: '\(last.name)' has no end") }
    }
  }
}
