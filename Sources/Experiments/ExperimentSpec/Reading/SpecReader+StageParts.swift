import JSON

extension SpecReader {
  func outputs(_ node: LocatedJSON?, _ what: String) -> [String: String] {
    var outputs: [String: String] = [:]
    for member in namedMembers(node, "'outputs' of \(what)") ?? [] {
      guard let path = string(member.value, "output '\(member.key)' of \(what)") else { continue }
      if path.hasPrefix("/") || path.split(separator: "/").contains("..") {
        report(.outputOutside(member.key, stage: what), at: member.value.range)
      }
      checkFreeName(member.key, at: member.keyRange, "an output of \(what)")
      checkPath(path, at: member.value.range, "output '\(member.key)' of \(what)")
      outputs[member.key] = path
    }
    return outputs
  }

  func environment(_ node: LocatedJSON?, _ what: String) -> [(name: String, value: ValueTemplate)] {
    (namedMembers(node, "'environment' of \(what)") ?? []).compactMap { member in
      checkVariableName(member.key, at: member.keyRange)
      guard member.value.stringValue != nil else {
        reportWrongType(member.value, "environment variable '\(member.key)' of \(what)", "a string")
        return nil
      }
      return (member.key, template(member.value))
    }
  }

  /// Checks the name of a variable of the environment that a spec sets.
  func checkVariableName(_ name: String, at range: Range<Int>) {
    if name.isEmpty || name.contains("=") {
      report(.impossibleVariable(name), at: range)
    } else if name.hasPrefix(VariableName.reserved) {
      report(.reservedVariable(name), at: range)
    }
    checkFreeName(name, at: range, "an environment variable")
  }

  /// Refuses names that become the same variable of the environment, of which only one would be seen.
  ///
  /// - Parameters:
  ///   - names: Names with their places.
  ///   - kind: What they are names of.
  ///   - variables: Returns the variables that a name may become.
  func checkVariables(
    _ names: [(name: String, range: Range<Int>)], _ kind: String, _ variables: (String) -> [String]
  ) {
    var owners: [String: (name: String, range: Range<Int>)] = [:]
    for (name, range) in names {
      for variable in variables(name) {
        if let first = owners[variable], first.name != name {
          report(
            .sharedVariable(kind: kind, name, first.name, variable: variable), at: range,
            notes: [(.named(first.name), first.range)])
          break
        }
        owners[variable] = (name, range)
      }
    }
  }

  /// Reads whole numbers by pool name.
  func amounts(_ node: LocatedJSON?, _ what: String) -> [String: Int] {
    var amounts: [String: Int] = [:]
    for member in namedMembers(node, what) ?? [] {
      checkName(member.key, at: member.keyRange, "a resource")
      amounts[member.key] = integer(member.value, "'\(member.key)' in \(what)", in: 0...SpecLimit.poolSize)
    }
    return amounts
  }
}
