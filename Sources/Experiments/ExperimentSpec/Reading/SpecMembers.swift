import JSON

/// The members of an object that has been checked for unknown ones, read as the description of the object says.
///
/// Each accessor returns `nil` for a member that is not there, and for one of the wrong shape after reporting it.
struct SpecMembers {
  let reader: SpecReader
  let kind: SpecObject
  let node: LocatedJSON
  let members: [LocatedJSON.Member]
  /// How messages call the object; `nil` for the experiment itself, of which nothing need be said.
  var whole: String?

  subscript(key: String) -> LocatedJSON? { members.first { $0.key == key }?.value }

  func keyRange(_ key: String) -> Range<Int>? { members.first { $0.key == key }?.keyRange }

  /// Where to say that something is missing.
  var brace: Range<Int> { node.range.lowerBound..<node.range.lowerBound + 1 }

  /// How messages call a member.
  func phrase(_ name: String) -> String { "'\(name)'" + (whole.map { " of \($0)" } ?? "") }

  private func shape(_ name: String) -> SpecShape? { kind.members.first { $0.name == name }?.shape }

  func text(_ name: String) -> String? {
    var allowsEmpty = false
    if case .text = shape(name) { allowsEmpty = true }
    return reader.string(self[name], phrase(name), allowsEmpty: allowsEmpty)
  }

  func integer(_ name: String) -> Int? {
    guard case .integer(let range) = shape(name) else { return nil }
    return reader.integer(self[name], phrase(name), in: range)
  }

  func number(_ name: String) -> Double? {
    guard case .number(let numbers) = shape(name) else { return nil }
    return reader.number(self[name], phrase(name), numbers)
  }

  func boolean(_ name: String) -> Bool? { reader.boolean(self[name], phrase(name)) }

  func word<Word>(_ name: String, as type: Word.Type) -> Word?
  where Word: CaseIterable & RawRepresentable, Word.RawValue == String {
    reader.word(self[name], phrase(name), of: type.allCases.map(\.rawValue)).flatMap(Word.init(rawValue:))
  }

  /// Seconds.
  func duration(_ name: String) -> Double? {
    var allowsZero = false
    if case .durationOrZero = shape(name) { allowsZero = true }
    return reader.duration(self[name], phrase(name), allowsZero: allowsZero)
  }

  func byteCount(_ name: String) -> Int? { reader.byteCount(self[name], phrase(name)) }

  func list(_ name: String) -> [LocatedJSON]? {
    guard case .list(_, let atLeast, _, _) = shape(name) else { return nil }
    return reader.elements(self[name], phrase(name), allowsEmpty: atLeast == 0)
  }

  func texts(_ name: String) -> [(text: String, range: Range<Int>)] { reader.strings(self[name], phrase(name)) }
}

extension SpecReader {
  /// Opens an object with fixed members and reports unknown, missing and duplicate ones.
  func object(_ node: LocatedJSON?, as kind: SpecObject, _ what: String) -> SpecMembers? {
    guard let node, let members = namedMembers(node, what) else { return nil }
    let known = kind.memberNames
    for member in members where !known.contains(member.key) {
      reportUnknown(.unknownMember, "member", member.key, at: member.keyRange, known: known, of: " of \(what)")
    }
    let object = SpecMembers(reader: self, kind: kind, node: node, members: members, whole: what)
    for name in kind.requiredNames where object[name] == nil {
      report(.missingMember(name, of: what), at: object.brace)
    }
    return object
  }
}
