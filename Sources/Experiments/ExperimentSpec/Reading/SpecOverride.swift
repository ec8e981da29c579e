import JSON

/// Applies `--set path=value` to a tree before it is read, so that a wrong value is reported like one in the file.
///
/// Where members have names of the user's choice, an override changes one that is there; `--set +path=value` adds one.
struct SpecOverride {
  let reader: SpecReader
  let argument: String
  let base: Int

  /// Whether the last member of the path is to be a new one.
  private let isAddition: Bool

  /// Objects whose members have names of the user's choice; `*` stands for one name, `**` for any number of them.
  private static let freeObjects: [[String]] = [
    ["parameters", "**"], ["axes"], ["zip"], ["zip", "*"], ["resources"], ["stages"], ["workers"],
    ["workers", "*", "environment"], ["stages", "*", "with", "**"], ["stages", "*", "environment"],
    ["stages", "*", "inputs"], ["stages", "*", "outputs"], ["stages", "*", "resources"], ["stages", "*", "compare"],
  ]

  /// Parts of a path; no value of a spec lies deeper.
  static let longestPath = 128

  init(_ argument: String, reader: SpecReader) {
    self.reader = reader
    self.argument = argument
    isAddition = argument.hasPrefix("+")
    base = reader.sources.add(SourceText(name: "--set", text: argument))
  }

  func apply(to tree: inout LocatedJSON) {
    let whole = base..<base + argument.utf8.count
    let start = isAddition ? argument.index(after: argument.startIndex) : argument.startIndex
    guard let sign = argument.firstIndex(of: "="), sign > start else {
      reader.report(.incompleteOverride, at: whole)
      return
    }
    let name = argument[start..<sign]
    let pathRange = base + (isAddition ? 1 : 0)..<base + argument[..<sign].utf8.count
    guard var value = value(after: sign) else { return }
    guard let path = path(String(name), in: tree, at: pathRange) else { return }
    guard path.count <= Self.longestPath else {
      reader.report(.longOverridePath(count: path.count), at: pathRange)
      return
    }
    guard path != ["extends"] else {
      reader.report(.overriddenExtends, at: pathRange)
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
        .overrideSyntax(error.message, first: first),
        at: start + error.range.lowerBound..<start + error.range.upperBound)
      return nil
    }
  }

  /// Completes a short path: `steps` finds `axes.steps`, `parameters.steps` or a zip member.
  private func path(_ text: String, in tree: LocatedJSON, at range: Range<Int>) -> [String]? {
    let parts = text.split(separator: ".", omittingEmptySubsequences: false).map(String.init)
    let first = parts.first ?? ""
    if SpecObject.experiment.memberNames.contains(first) { return parts }
    var known: [String] = SpecObject.experiment.memberNames.filter { $0 != "$schema" && $0 != "extends" }
    for (section, members) in [("axes", tree["axes"]?.members), ("parameters", tree["parameters"]?.members)] {
      if members?.contains(where: { $0.key == first }) == true { return [section] + parts }
      known = (members ?? []).map(\.key) + known
    }
    for group in tree["zip"]?.members ?? [] {
      let names = (group.value.members ?? []).map(\.key)
      if names.contains(first) { return ["zip", group.key] + parts }
      known = names + known
    }
    reportUnknown(first, at: range, known: known)
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
        guard path.count > 1 || !isAddition else {
          return reader.report(.presentMember(name), at: reader.sources.range(of: name, in: range))
        }
        set(path.dropFirst(), to: value, in: &members[index].value, parents: parents + [name], at: range)
      } else {
        guard mayAdd(name, to: parents, isEmpty: members.isEmpty, isLast: path.count == 1) else {
          return reader.report(
            .unknownPath(name, known: members.map(\.key)), at: reader.sources.range(of: name, in: range))
        }
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
        .memberOfScalar(name, path: parents, kind: node.kindName), at: reader.sources.range(of: name, in: range))
    }
  }

  // MARK: Additions

  /// Whether an object may get a new member: one that its form knows, or a new name that is asked for as such.
  private func mayAdd(_ name: String, to parents: [String], isEmpty: Bool, isLast: Bool) -> Bool {
    guard Self.freeObjects.contains(where: { Self.matches(parents, $0) }) else { return true }
    // What has no members yet has none that could be meant.
    return isAddition && isLast || isEmpty && parents.count > 1 || parents == ["resources"] && name == "cpu"
  }

  private static func matches(_ path: [String], _ pattern: [String]) -> Bool {
    let isOpen = pattern.last == "**"
    let fixed = isOpen ? pattern.dropLast() : pattern[...]
    guard isOpen ? path.count >= fixed.count : path.count == fixed.count else { return false }
    return zip(path, fixed).allSatisfy { $1 == "*" || $0 == $1 }
  }
}
