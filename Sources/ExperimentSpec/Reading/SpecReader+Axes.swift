import JSON

extension SpecReader {
  /// Greatest length of an axis; a longer one is a typing mistake.
  private var axisLimit: Int { 1_000_000 }

  /// Reads `axes` and `zip` in the order in which they stand in the file.
  func axisGroups(_ spec: SpecMembers) -> [AxisGroup] {
    var groups: [AxisGroup] = []
    for member in spec.members {
      switch member.key {
      case "axes":
        for axis in namedMembers(member.value, "'axes'") ?? [] {
          checkName(axis.key, at: axis.keyRange, "an axis")
          // An axis without valid values is still a name that others may mention.
          let values = axisValues(axis.value, "axis '\(axis.key)'") ?? []
          groups.append(
            AxisGroup(name: axis.key, members: [Axis(name: axis.key, values: values, place: axis.keyRange)]))
        }
      case "zip":
        for group in namedMembers(member.value, "'zip'") ?? [] {
          checkName(group.key, at: group.keyRange, "a zip group")
          if let read = zipGroup(group) { groups.append(read) }
        }
      default: break
      }
    }
    return groups
  }

  private func zipGroup(_ group: LocatedJSON.Member) -> AxisGroup? {
    guard let members = namedMembers(group.value, "zip group '\(group.key)'") else { return nil }
    if members.isEmpty { report(.empty, at: group.value.range, "zip group '\(group.key)' must not be empty") }
    var axes: [Axis] = []
    for member in members {
      checkName(member.key, at: member.keyRange, "a member of a zip group")
      guard let values = axisValues(member.value, "'\(member.key)' of zip group '\(group.key)'", allowsRepeats: true)
      else { continue }
      let axis = Axis(name: member.key, values: values, place: member.keyRange)
      if let first = axes.first, first.values.count != values.count {
        report(
          .unequalLengths, at: member.value.range,
          "'\(member.key)' has \(values.count) values, but '\(first.name)' of the same zip group has \(first.values.count)",
          hint: "expected \(first.values.count) values", notes: [("'\(first.name)' is here", first.place)])
      } else {
        axes.append(axis)
      }
    }
    return axes.isEmpty ? nil : AxisGroup(name: group.key, members: axes)
  }

  /// Reads a list of scalars or a range.
  private func axisValues(_ node: LocatedJSON, _ what: String, allowsRepeats: Bool = false) -> [JSONValue]? {
    switch node.content {
    case .scalar:
      reportWrongType(node, what, "a list of values or a range {\"from\", \"to\", \"by\"}")
      return nil
    case .object: return rangeValues(node, what)
    case .array(let elements):
      if elements.isEmpty {
        report(.empty, at: node.range, "\(what) must not be empty", hint: "expected at least one value")
        return nil
      }
      var places: [JSONValue: Range<Int>] = [:]
      var values: [JSONValue] = []
      for element in elements {
        guard case .scalar(let value) = element.content, !value.isNull else {
          reportWrongType(element, "a value of \(what)", "a string, a number or a boolean")
          continue
        }
        if !allowsRepeats, let first = places[value] {
          report(
            .duplicateValue, at: element.range, "\(what) has the value \(value.compactText) twice",
            hint: "remove one of them", notes: [("the first one is here", first)])
          continue
        }
        places[value] = element.range
        values.append(value)
      }
      return values.isEmpty ? nil : values
    }
  }

  private func rangeValues(_ node: LocatedJSON, _ what: String) -> [JSONValue]? {
    guard let range = object(node, as: .range, what) else { return nil }
    let from = number(range["from"], "'from' of \(what)")
    let to = number(range["to"], "'to' of \(what)")
    let by = number(range["by"], "'by' of \(what)")
    guard let from, let to, range["by"] == nil || by != nil else { return nil }
    let step = by ?? 1
    guard step != 0 else {
      report(.outOfRange, at: range["by"]?.range ?? node.range, "'by' of \(what) must not be 0")
      return nil
    }
    let steps = ((to - from) / step + 1e-9).rounded(.down)
    guard steps >= 0 else {
      report(.empty, at: node.range, "\(what) is empty: 'to' lies before 'from'", hint: "exchange them or negate 'by'")
      return nil
    }
    guard steps < Double(axisLimit) else {
      report(.outOfRange, at: node.range, "\(what) has more than \(axisLimit) values")
      return nil
    }
    let bounds = [range["from"], range["by"]].compactMap { $0?.value }
    if bounds.allSatisfy({ $0.integerValue != nil }) {
      return (0...Int64(steps)).map { .integer(Int64(from) + $0 * Int64(step)) }
    }
    // Multiples such as 3 × 0.1 are cleaned of their last binary digits, as a person would write them.
    return (0...Int(steps)).map { .number(((from + Double($0) * step) * 1e12).rounded() / 1e12) }
  }

  /// Reads a condition on axes; `axes` has the known values by name.
  func pattern(_ node: LocatedJSON?, _ what: String, axes: [String: Axis], listsAllowed: Bool = true)
    -> AssignmentPattern?
  {
    guard let node, let members = namedMembers(node, what) else { return nil }
    var conditions: [(name: String, values: [JSONValue])] = []
    for member in members {
      guard let axis = axes[member.key] else {
        reportUnknown(
          .unknownAxis, "axis", member.key, at: member.keyRange, known: axes.keys.sorted(), of: " in \(what)")
        continue
      }
      let elements: [LocatedJSON]
      switch member.value.content {
      case .scalar: elements = [member.value]
      case .array(let list) where listsAllowed: elements = list
      default:
        reportWrongType(
          member.value, "'\(member.key)' in \(what)", listsAllowed ? "a value or a list of values" : "a value")
        continue
      }
      var values: [JSONValue] = []
      for element in elements {
        guard case .scalar(let value) = element.content, !value.isNull else {
          reportWrongType(element, "a value of '\(member.key)' in \(what)", "a string, a number or a boolean")
          continue
        }
        values.append(value)
        if listsAllowed, !axis.values.contains(where: { $0.isSameScalar(as: value) }) {
          report(
            .noMatch, at: element.range,
            "axis '\(axis.name)' has no value \(value.compactText), so \(what) matches nothing here",
            severity: .warning, notes: [("the axis is here", axis.place)])
        }
      }
      conditions.append((member.key, values))
    }
    return AssignmentPattern(conditions: conditions, place: node.range)
  }
}
