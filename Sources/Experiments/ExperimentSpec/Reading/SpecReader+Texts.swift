import JSON

extension SpecReader {
  /// Refuses NUL in any text of a spec: arguments, variables of the environment and paths would end there without a word.
  func checkTexts(_ node: LocatedJSON) {
    switch node.content {
    case .scalar(.string(let text)): checkText(text, at: node.range)
    case .scalar: break
    case .array(let elements): for element in elements { checkTexts(element) }
    case .object(let members):
      for member in members {
        checkText(member.key, at: member.keyRange)
        checkTexts(member.value)
      }
    }
  }

  private func checkText(_ text: String, at range: Range<Int>) {
    guard text.utf8.contains(0) else { return }
    report(.nulCharacter, at: range)
  }

  /// Refuses control characters in a path: paths are listed one on a line.
  func checkPath(_ path: String, at range: Range<Int>, _ what: @autoclosure () -> String) {
    guard path.hasControlCharacters else { return }
    report(.controlCharacterInPath(what()), at: range)
  }
}

extension String {
  /// Whether a line break, an escape or another control character is in it.
  package var hasControlCharacters: Bool {
    unicodeScalars.contains { $0.properties.generalCategory == .control }
  }
}
