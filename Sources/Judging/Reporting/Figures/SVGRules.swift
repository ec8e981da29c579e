import Printing

/// What of a drawing may stay.
enum SVGRules {
  private static let elements: Set<String> = [
    "svg", "g", "defs", "symbol", "use", "title", "desc", "style", "path", "rect", "circle", "ellipse", "line",
    "polyline", "polygon", "text", "tspan", "textPath", "image", "clipPath", "mask", "pattern", "marker",
    "linearGradient", "radialGradient", "stop", "filter", "feBlend", "feColorMatrix", "feComponentTransfer",
    "feComposite", "feConvolveMatrix", "feDropShadow", "feFlood", "feFuncA", "feFuncB", "feFuncG", "feFuncR",
    "feGaussianBlur", "feMerge", "feMergeNode", "feMorphology", "feOffset", "feTile",
  ]

  /// Whether an element is drawn.
  static func isKnown(_ name: String) -> Bool { elements.contains(name) }

  /// Whether an element is left out, but not what it holds.
  static func isTransparent(_ name: String) -> Bool { name == "a" || name == "switch" }

  /// Returns the harmless attributes of an element, each after a space.
  static func kept(_ attributes: [(name: String, value: String)]) -> String {
    var text = ""
    var names: Set<String> = []
    for (name, value) in attributes {
      let key = name == "xlink:href" ? "href" : name
      guard isKept(key, value), names.insert(key).inserted else { continue }
      text += " \(key)=\"\(XMLText.escaped(value))\""
    }
    return text
  }

  private static func isKept(_ name: String, _ value: String) -> Bool {
    let lower = name.lowercased()
    let isName = name.utf8.allSatisfy { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") || isAlphanumeric($0) }
    guard isName || name == "xml:space", !lower.hasPrefix("on"), lower != "xmlns" else { return false }
    if lower == "href" || lower == "src" { return lower == "href" && isInternal(value) }
    return isInert(style: value)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
      || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
  }

  /// Whether a reference leads to the drawing itself or to pixels that it holds.
  private static func isInternal(_ target: String) -> Bool {
    let start = target.prefix(40).lowercased()
    return start.hasPrefix("#")
      || ["png", "jpeg", "jpg", "gif", "webp"].contains { start.hasPrefix("data:image/\($0);") }
  }

  /// Whether a style sheet, or the value of an attribute, fetches and runs nothing.
  static func isInert(style: String) -> Bool {
    let lower = style.lowercased()
    // Escapes could spell anything.
    let marks = [
      "\\", "@import", "expression(", "javascript:", "vbscript:", "behavior", "-moz-binding", "image-set(", "src(",
    ]
    guard !marks.contains(where: lower.contains) else { return false }
    return lower.components(after: "url(").allSatisfy { rest in
      isInternal(String(rest.drop { $0 == " " || $0 == "\"" || $0 == "'" || $0.isNewline || $0 == "\t" }))
    }
  }

  /// Returns the size of a drawing in pixels: as it says, or that of its box.
  static func size(
    _ attributes: [(name: String, value: String)]
  ) -> (width: Int, height: Int, viewBox: String?) {
    func value(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
    let box = value("viewBox").flatMap { text -> [Double]? in
      let numbers = text.split { $0 == " " || $0 == "," || $0.isNewline }.compactMap { Double($0) }
      return numbers.count == 4 && numbers[2] > 0 && numbers[3] > 0 && numbers.allSatisfy(\.isFinite) ? numbers : nil
    }
    let (width, height) = (value("width").flatMap(pixels), value("height").flatMap(pixels))
    let ratio = box.map { $0[3] / $0[2] }
    let shownWidth = width ?? height.flatMap { height in ratio.map { height / $0 } } ?? box?[2] ?? 300
    let shownHeight = height ?? ratio.map { shownWidth * $0 } ?? 150
    let viewBox = box == nil ? "0 0 \(Int(shownWidth.rounded(.up))) \(Int(shownHeight.rounded(.up)))" : value("viewBox")
    return (side(shownWidth), side(shownHeight), viewBox)
  }

  private static func side(_ length: Double) -> Int { Int(min(max(length.rounded(.up), 1), 16_384)) }

  /// Lengths as CSS defines them; shares of a page have none.
  private static func pixels(_ text: String) -> Double? {
    let number = text.prefix { $0.isNumber || $0 == "." || $0 == "e" || $0 == "-" || $0 == "+" }
    guard let value = Double(number.hasSuffix("e") ? number.dropLast() : number), value > 0, value.isFinite else {
      return nil
    }
    let units = ["": 1, "px": 1, "pt": 96.0 / 72, "pc": 16, "in": 96, "cm": 96 / 2.54, "mm": 96 / 25.4]
    return units[text.dropFirst(number.count).filter { !$0.isWhitespace }.lowercased()].map { value * $0 }
  }
}

extension String {
  /// What follows each occurrence of a mark.
  fileprivate func components(after mark: String) -> [Substring] {
    var result: [Substring] = []
    var rest = self[...]
    while let found = rest.firstRange(of: mark) {
      rest = rest[found.upperBound...]
      result.append(rest)
    }
    return result
  }
}
