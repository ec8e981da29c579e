import JSON

extension SpecReader {
  func outputs(_ node: LocatedJSON?, _ what: String) -> [String: String] {
    var outputs: [String: String] = [:]
    for member in namedMembers(node, "'outputs' of \(what)") ?? [] {
      guard let path = string(member.value, "output '\(member.key)' of \(what)") else { continue }
      if path.hasPrefix("/") || path.split(separator: "/").contains("..") {
        report(
          .outOfRange, at: member.value.range, "output '\(member.key)' of \(what) leaves the output directory",
          hint: "expected a path inside the output directory")
      }
      outputs[member.key] = path
    }
    return outputs
  }

  func environment(_ node: LocatedJSON?, _ what: String) -> [(name: String, value: ValueTemplate)] {
    (namedMembers(node, "'environment' of \(what)") ?? []).compactMap { member in
      if member.key.isEmpty || member.key.contains("=") {
        report(
          .invalidName, at: member.keyRange, "'\(member.key)' cannot be the name of an environment variable",
          hint: "expected a name without '='")
      }
      guard member.value.stringValue != nil else {
        reportWrongType(member.value, "environment variable '\(member.key)' of \(what)", "a string")
        return nil
      }
      return (member.key, template(member.value))
    }
  }

  /// Reads whole numbers by pool name.
  func amounts(_ node: LocatedJSON?, _ what: String) -> [String: Int] {
    var amounts: [String: Int] = [:]
    for member in namedMembers(node, what) ?? [] {
      checkName(member.key, at: member.keyRange, "a resource")
      amounts[member.key] = integer(member.value, "'\(member.key)' in \(what)", in: 0...Int.max)
    }
    return amounts
  }
}
