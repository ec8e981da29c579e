import JSON

extension SpecReader {
  /// Reads `axes` and `zip` in the order in which they stand in the file.
  func axisGroups(_ spec: SpecMembers) -> [AxisGroup] {
    var groups: [AxisGroup] = []
    var room = SpecLimit.allAxisValues
    for member in spec.members {
      switch member.key {
      case "axes":
        for axis in limitedMembers(member.value, "'axes'", to: SpecLimit.parts) ?? [] {
          checkName(axis.key, at: axis.keyRange, "an axis")
          // An axis without valid values is still a name that others may mention.
          let values = axisValues(axis.value, "axis '\(axis.key)'", &room) ?? []
          groups.append(
            AxisGroup(name: axis.key, members: [Axis(name: axis.key, values: values, place: axis.keyRange)]))
        }
      case "zip":
        for group in limitedMembers(member.value, "'zip'", to: SpecLimit.parts) ?? [] {
          checkName(group.key, at: group.keyRange, "a zip group")
          if let read = zipGroup(group, &room) { groups.append(read) }
        }
      default: break
      }
    }
    return groups
  }

  private func zipGroup(_ group: LocatedJSON.Member, _ room: inout Int) -> AxisGroup? {
    guard let members = limitedMembers(group.value, "zip group '\(group.key)'", to: SpecLimit.parts) else { return nil }
    if members.isEmpty { report(.empty("zip group '\(group.key)'"), at: group.value.range) }
    var axes: [Axis] = []
    for member in members {
      checkName(member.key, at: member.keyRange, "a member of a zip group")
      let what = "'\(member.key)' of zip group '\(group.key)'"
      guard let values = axisValues(member.value, what, allowsRepeats: true, &room) else { continue }
      let axis = Axis(name: member.key, values: values, place: member.keyRange)
      if let first = axes.first, first.values.count != values.count {
        report(
          .unequalLengths(axis: member.key, values.count, first: first.name, first.values.count),
          at: member.value.range, notes: [(.named(first.name), first.place)])
      } else {
        axes.append(axis)
      }
    }
    return axes.isEmpty ? nil : AxisGroup(name: group.key, members: axes)
  }

  /// Reads a list of scalars or a range; `room` is how many values all axes together may still have.
  private func axisValues(
    _ node: LocatedJSON, _ what: String, allowsRepeats: Bool = false, _ room: inout Int
  ) -> [JSONValue]? {
    let values: [JSONValue]?
    switch node.content {
    case .scalar:
      reportWrongType(node, what, "a list of values or a range {\"from\", \"to\", \"by\"}")
      return nil
    case .object: values = rangeValues(node, what)
    case .array(let elements): values = listedValues(elements, node, what, allowsRepeats: allowsRepeats)
    }
    guard let values else { return nil }
    guard values.count <= min(room, SpecLimit.axisValues) else {
      report(.tooManyAxisValues(what, count: values.count), at: node.range)
      return nil
    }
    room -= values.count
    return values
  }

  private func listedValues(
    _ elements: [LocatedJSON], _ node: LocatedJSON, _ what: String, allowsRepeats: Bool
  ) -> [JSONValue]? {
    if elements.isEmpty {
      report(.empty(what, expected: "at least one value"), at: node.range)
      return nil
    }
    var places: [JSONValue: Range<Int>] = [:]
    var values: [JSONValue] = []
    for element in elements {
      guard case .scalar(let value) = element.content, !value.isNull else {
        reportWrongType(element, "a value of \(what)", "a string, a number or a boolean")
        continue
      }
      if !allowsRepeats {
        let identity = value.scalarIdentity
        if let first = places[identity] {
          report(.repeatedValue(value, of: what), at: element.range, notes: [(.firstOne, first)])
          continue
        }
        places[identity] = element.range
      }
      values.append(value)
    }
    return values.isEmpty ? nil : values
  }

  private func rangeValues(_ node: LocatedJSON, _ what: String) -> [JSONValue]? {
    guard let range = object(node, as: .range, what) else { return nil }
    let numbers = ["from", "to", "by"].map { name in range.number(name).flatMap { _ in range[name]?.value } }
    guard let from = numbers[0], let to = numbers[1], range["by"] == nil || numbers[2] != nil else { return nil }
    do throws(DecimalRange.Fault) {
      return try DecimalRange(from: from, to: to, by: numbers[2] ?? 1).values
    } catch {
      switch error {
      case .noStep: report(.rangeWithoutStep(what), at: range["by"]?.range ?? node.range)
      case .empty: report(.emptyRange(what), at: node.range)
      case .tooMany: report(.longRange(what), at: node.range)
      case .tooManyDigits: report(.indistinctRange(what), at: node.range)
      }
      return nil
    }
  }

  /// Reads a condition on axes; `axes` has what is known of them by name, `nil` if names are not to be looked up.
  func pattern(_ node: LocatedJSON?, _ what: String, axes: [String: KnownAxis]?, listsAllowed: Bool = true)
    -> AssignmentPattern?
  {
    guard let node, let members = namedMembers(node, what) else { return nil }
    var conditions: [(name: String, values: [JSONValue])] = []
    for member in members {
      let axis = axes?[member.key]
      if let axes, axis == nil {
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
        if listsAllowed, let axis, !axis.has(value) {
          report(
            .noSuchValue(value, axis: member.key, in: what), at: element.range, severity: .warning,
            notes: [(.axis, axis.place)])
        }
      }
      conditions.append((member.key, values))
    }
    return AssignmentPattern(conditions: conditions, place: node.range)
  }
}
