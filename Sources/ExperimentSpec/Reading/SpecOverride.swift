import JSON

/// Applies `--set path=value` to a tree before it is read, so that a wrong value is reported like one in the file.
struct SpecOverride {
  let reader: SpecReader
  let argument: String
  let base: Int

  /// Objects whose members are names of the user's choice: an override may change them but not add one.
  private static let closedObjects: [[String]] = [
    ["parameters"], ["axes"], ["zip"], ["zip", "*"], ["stages"], ["workers"],
  ]

  init(_ argument: String, reader: SpecReader) {
    self.reader = reader
    self.argument = argument
    base = reader.sources.add(SourceText(name: "--set", text: argument))
  }

  func apply(to tree: inout LocatedJSON) {
    let whole = base..<base + argument.utf8.count
    guard let sign = argument.firstIndex(of: "="), sign != argument.startIndex else {
      reader.report(.unknownOverride, at: whole, "an override needs a path and a value", hint: "expected path=value")
      return
    }
    let name = argument[..<sign]
    let pathRange = base..<base + name.utf8.count
    guard var value = value(after: sign) else { return }
    guard let path = path(String(name), in: tree, at: pathRange) else { return }
    guard path != ["extends"] else {
      reader.report(
        .unknownOverride, at: pathRange, "'extends' cannot be overridden",
        hint: "write a spec that extends the other one")
      return
    }
    if path.count == 2, path[0] == "axes", case .scalar = value.content {
      value = LocatedJSON(content: .array([value]), range: value.range)
    }
    let typing = OverrideTyping(reader: reader, argument: argument, base: base)
    guard let typed = typing.value(value, at: path, in: tree) else { return }
    set(path[...], to: typed, in: &tree, parents: [], at: pathRange)
  }

  /// Reads the value as JSON, or as a bare text if it does not look like JSON.
  private func value(after sign: String.Index) -> LocatedJSON? {
    let start = base + argument[...sign].utf8.count
    let text = String(argument[argument.index(after: sign)...])
    do throws(JSONError) {
      return try LocatedJSON(parsing: SourceText(name: "--set", text: text), dialect: .relaxed).shifted(by: start)
    } catch {
      let first = text.first { !$0.isWhitespace }
      guard let first, "[{\"".contains(first) else {
        return LocatedJSON(content: .scalar(.string(text)), range: start..<start + text.utf8.count)
      }
      reader.report(
        .syntax, at: start + error.range.lowerBound..<start + error.range.upperBound, error.message,
        hint: "expected JSON, or a text that does not begin with '\(first)'")
      return nil
    }
  }

  /// Completes a short path: `steps` finds `axes.steps`, `parameters.steps` or a zip member.
  private func path(_ text: String, in tree: LocatedJSON, at range: Range<Int>) -> [String]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    if SpecObject.experiment.members.contains(parts[0]) { return parts }
    var known: [String] = SpecObject.experiment.members.filter { $0 != "$schema" && $0 != "extends" }
    for (section, members) in [("axes", tree["axes"]?.members), ("parameters", tree["parameters"]?.members)] {
      if members?.contains(where: { $0.key == parts[0] }) == true { return [section] + parts }
      known = (members ?? []).map(\.key) + known
    }
    for group in tree["zip"]?.members ?? [] {
      let names = (group.value.members ?? []).map(\.key)
      if names.contains(parts[0]) { return ["zip", group.key] + parts }
      known = names + known
    }
    reportUnknown(parts[0], at: range, known: known)
    return nil
  }

  private func reportUnknown(_ name: String, at range: Range<Int>, known: [String]) {
    reader.reportUnknown(
      .unknownOverride, "path", name, at: reader.sources.range(of: name, in: range), known: known, of: " in an override"
    )
  }

  private func set(
    _ path: ArraySlice<String>, to value: LocatedJSON, in node: inout LocatedJSON, parents: [String],
    at range: Range<Int>
  ) {
    guard let name = path.first else {
      node = value
      return
    }
    switch node.content {
    case .object(var members):
      if let index = members.firstIndex(where: { $0.key == name }) {
        set(path.dropFirst(), to: value, in: &members[index].value, parents: parents + [name], at: range)
      } else if Self.closedObjects.contains(where: { $0.elementsEqual(parents) { $0 == "*" || $0 == $1 } }) {
        reportUnknown(name, at: range, known: members.map(\.key))
        return
      } else {
        var child = LocatedJSON(content: .object([]), range: range)
        set(path.dropFirst(), to: value, in: &child, parents: parents + [name], at: range)
        let place = reader.sources.range(of: name, in: range)
        members.append(LocatedJSON.Member(key: name, keyRange: place, value: child))
      }
      node.content = .object(members)
    case .array(var elements):
      guard let index = Int(name), elements.indices.contains(index) else {
        reportUnknown(name, at: range, known: elements.indices.map(String.init))
        return
      }
      set(path.dropFirst(), to: value, in: &elements[index], parents: parents + [name], at: range)
      node.content = .array(elements)
    case .scalar:
      reader.report(
        .unknownOverride, at: reader.sources.range(of: name, in: range),
        "'\(parents.joined(separator: "."))' is \(node.kindName) and has no member '\(name)'",
        hint: "expected a path to an existing value")
    }
  }
}
