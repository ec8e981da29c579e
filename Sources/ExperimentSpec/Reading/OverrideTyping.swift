import JSON

/// Holds overrides of parameters and axes to the type that their values have in the spec.
///
/// A text stays a text whatever is written (`--set version=1.0`); a number must be given for a number, a list for a list, and so on.
/// Everything else of a spec has a type of its own, which the reader checks.
struct OverrideTyping {
  let reader: SpecReader
  let argument: String
  let base: Int

  private enum Kind {
    case text, number, truth, list, object, any
  }

  /// Returns the value as it is to be put at a path; `nil` after reporting one of another type.
  func value(_ value: LocatedJSON, at path: [String], in tree: LocatedJSON) -> LocatedJSON? {
    switch (path.first, path.count) {
    case ("parameters", 2):
      guard let existing = tree["parameters"]?[path[1]] else { return value }
      return converted(value, to: kind(of: existing), "'\(path[1])'", existing)
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
    return LocatedJSON(content: .array(typed), range: value.range)
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
      .wrongType, at: value.range, "\(name) must be \(expectation), as in the spec, not \(value.kindName)",
      hint: "expected \(expectation)", notes: [("the spec's value is here", existing.range)])
    return nil
  }

  /// The text of a number or boolean as it was typed.
  private func text(of value: LocatedJSON) -> String {
    let bytes = Array(argument.utf8)
    let range = max(0, value.range.lowerBound - base)..<min(bytes.count, value.range.upperBound - base)
    return String(decoding: bytes[range], as: UTF8.self)
  }
}
