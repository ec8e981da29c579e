import JSON

/// Holds overrides of parameters and axes to the type that their values have in the spec.
///
/// A text stays a text whatever is written (`--set version=1.0`); a number must be given for a number, a list for a list, and so on; what
/// is a real number in the spec stays one (`--set ratio=1` for `1.0`), and a whole one stays whole (`--set seed=43.0`), so that the
/// same values make the same jobs. Everything else of a spec has a type of its own, which the reader checks.
struct OverrideTyping {
  let reader: SpecReader
  let argument: String
  let base: Int

  private enum Kind {
    case text, number, truth, list, object, any
  }

  /// Returns the value as it is to be put at a path; `nil` after reporting one of another type.
  func value(_ value: LocatedJSON, at path: [String], in tree: LocatedJSON) -> LocatedJSON? {
    let isTask = path.first == "stages" && path.count > 3 && path[2] == "with"
    switch (isTask ? "parameters" : path.first, path.count) {
    case ("parameters", 2...):
      guard let existing = tree.descendant(at: path) else { return value }
      return converted(value, to: kind(of: existing), "'\(path[path.count - 1])'", existing)
        .map { NumberForm.adopted($0, from: existing) }
    case ("axes", 2): return axis(value, like: tree["axes"]?[path[1]], "'\(path[1])'")
    case ("zip", 3): return axis(value, like: tree["zip"]?[path[1]]?[path[2]], "'\(path[2])'")
    default: return value
    }
  }

  private func axis(_ value: LocatedJSON, like existing: LocatedJSON?, _ name: String) -> LocatedJSON? {
    guard let existing, let elements = value.elements else { return value }
    let kinds = Set(existing.elements?.map(kind(of:)) ?? [.number])
    guard kinds.count == 1, let kind = kinds.first, kind != .list, kind != .object else { return value }
    var typed: [LocatedJSON] = []
    for element in elements {
      guard case .scalar = element.content else { return value }
      guard let element = converted(element, to: kind, "a value of \(name)", existing) else { return nil }
      typed.append(element)
    }
    let list = LocatedJSON(content: .array(typed), range: value.range)
    // What stands for the values of a range are its bounds, of which 'to' does not make a difference.
    let model = existing.elements ?? [existing["from"], existing["by"]].compactMap(\.self)
    return NumberForm.adopted(list, from: LocatedJSON(content: .array(model), range: existing.range))
  }

  private func kind(of node: LocatedJSON) -> Kind {
    switch node.content {
    case .array: .list
    case .object: .object
    case .scalar(.string(let text)): text.contains("${") ? .any : .text
    case .scalar(.bool): .truth
    case .scalar(.null): .any
    case .scalar: .number
    }
  }

  private func converted(
    _ value: LocatedJSON, to kind: Kind, _ name: String, _ existing: LocatedJSON
  ) -> LocatedJSON? {
    let found = self.kind(of: value)
    if kind == .any || found == .any || found == kind { return value }
    let expectation: String
    switch kind {
    case .text:
      if case .scalar = value.content {
        return LocatedJSON(content: .scalar(.string(text(of: value))), range: value.range)
      }
      expectation = "a string"
    case .number: expectation = "a number"
    case .truth: expectation = "a boolean"
    case .list: expectation = "a list"
    case .object, .any: expectation = "an object"
    }
    reader.report(
      .overrideOfOtherType(name, expected: expectation, found: value.kindName), at: value.range,
      notes: [(.valueInSpec, existing.range)])
    return nil
  }

  /// The text of a number or boolean as it was typed.
  private func text(of value: LocatedJSON) -> String {
    let bytes = Array(argument.utf8)
    let range = max(0, value.range.lowerBound - base)..<min(bytes.count, value.range.upperBound - base)
    return String(decoding: bytes[range], as: UTF8.self)
  }
}

/// Whether a number is written as a whole or as a real one.
private enum NumberForm {
  case whole, real

  private init?(_ node: LocatedJSON) {
    switch node.content {
    case .scalar(.integer): self = .whole
    case .scalar(.number): self = .real
    default: return nil
    }
  }

  /// Returns a value whose numbers have the form of those that stand in the same place in another; of lists, the form that all numbers of
  /// the other list have.
  static func adopted(_ value: LocatedJSON, from model: LocatedJSON) -> LocatedJSON {
    var value = value
    switch (value.content, model.content) {
    case (.scalar(let scalar), .scalar):
      if let form = NumberForm(model) { value.content = .scalar(form.rewritten(scalar)) }
    case (.array(let elements), .array(let models)):
      let forms = Set(models.compactMap { NumberForm($0) })
      guard forms.count == 1, let model = models.first(where: { NumberForm($0) != nil }) else { break }
      value.content = .array(elements.map { adopted($0, from: model) })
    case (.object(let members), .object):
      let models = model.memberValues
      value.content = .object(
        members.map { member in
          var member = member
          if let model = models[member.key] { member.value = adopted(member.value, from: model) }
          return member
        })
    default: break
    }
    return value
  }

  private func rewritten(_ scalar: JSONValue) -> JSONValue {
    switch (self, scalar) {
    case (.whole, .number(let real)): Int64(exactly: real).map { .integer($0) } ?? scalar
    case (.real, .integer(let whole)): Double(exactly: whole).map { .number($0) } ?? scalar
    default: scalar
    }
  }
}

extension LocatedJSON {
  /// The value at a path of members and positions.
  fileprivate func descendant(at path: [String]) -> LocatedJSON? {
    var node = self
    for name in path {
      let child =
        node.elements.map { elements in
          Int(name).flatMap { elements.indices.contains($0) ? elements[$0] : nil }
        } ?? node[name]
      guard let child else { return nil }
      node = child
    }
    return node
  }
}
