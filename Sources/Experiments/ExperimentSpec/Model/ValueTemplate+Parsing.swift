package import JSON

/// A `${` that has no end, or nothing in it.
struct TemplateFault: Error {
  /// The offending part of the text.
  var piece: String
  var mistake: SpecMistake
}

extension ValueTemplate {
  /// Splits a text at its variables.
  static func parse(_ text: String) throws(TemplateFault) -> ValueTemplate {
    guard text.utf8.contains(UInt8(ascii: "$")) else { return .constant(.string(text)) }
    var pieces: [TextPiece] = []
    var literal = ""
    var rest = Substring(text)
    while let dollar = rest.firstIndex(of: "$") {
      literal += rest[..<dollar]
      let tail = rest[dollar...]
      if tail.hasPrefix("$${") {
        literal += "${"
        rest = tail.dropFirst(3)
      } else if tail.hasPrefix("${") {
        guard let end = tail.firstIndex(of: "}") else {
          throw TemplateFault(piece: String(tail.prefix(40)), mistake: .variableWithoutEnd)
        }
        let name = String(tail[tail.index(dollar, offsetBy: 2)..<end])
        guard !name.isEmpty, !name.contains(where: { $0.isWhitespace || "${\"'".contains($0) }) else {
          throw TemplateFault(piece: String(tail[...end]), mistake: .notAVariable(String(tail[...end])))
        }
        if !literal.isEmpty { pieces.append(.literal(literal)) }
        literal = ""
        pieces.append(.variable(name))
        rest = tail[tail.index(after: end)...]
      } else {
        literal += "$"
        rest = tail.dropFirst()
      }
    }
    literal += rest
    if pieces.isEmpty { return .constant(.string(literal)) }
    if !literal.isEmpty { pieces.append(.literal(literal)) }
    if pieces.count == 1, case .variable(let name) = pieces[0] { return .variable(name) }
    return .text(pieces)
  }
}

extension SpecReader {
  /// Reads a value of any kind whose texts may hold variables.
  func template(_ node: LocatedJSON) -> ValueTemplate {
    switch node.content {
    case .scalar(.string(let text)):
      do throws(TemplateFault) {
        return try ValueTemplate.parse(text)
      } catch {
        report(error.mistake, at: sources.range(of: error.piece, in: node.range))
        return .constant(.string(text))
      }
    case .scalar(let value): return .constant(value)
    case .array(let elements):
      let templates = elements.map(template)
      let constants = templates.compactMap(\.constantValue)
      return constants.count == templates.count ? .constant(.array(constants)) : .array(templates)
    case .object(let members):
      checkDuplicates(members)
      var seen: Set<String> = []
      let first = members.filter { seen.insert($0.key).inserted }
      let templates = first.map { ValueTemplate.ObjectMember(key: $0.key, value: template($0.value)) }
      let constants = templates.compactMap { member in member.value.constantValue.map { (key: member.key, value: $0) } }
      return constants.count == templates.count ? .constant(.object(constants)) : .object(templates)
    }
  }
}

extension ValueTemplate {
  /// The value, if there is no variable in it.
  package var constantValue: JSONValue? {
    if case .constant(let value) = self { return value }
    return nil
  }

  /// Whether variables stand in the middle of texts, each of which must then be a scalar.
  func visitEmbeddedVariables(_ visit: (String) -> Void) {
    switch self {
    case .constant, .variable: break
    case .text(let pieces): for case .variable(let name) in pieces { visit(name) }
    case .array(let elements): for element in elements { element.visitEmbeddedVariables(visit) }
    case .object(let members): for member in members { member.value.visitEmbeddedVariables(visit) }
    }
  }
}
