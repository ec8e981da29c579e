import Files
import JSON

/// Reads a spec and the specs it extends, and merges them into one tree whose parts know the file they stand in.
///
/// Objects merge member by member, anything else replaces, `null` removes a member. A member keeps the position that the extended spec gave
/// it; new ones come last.
struct SpecLoader {
  let reader: SpecReader

  /// A file on the way from the spec to the one it rests upon.
  private struct Link {
    var name: String
    var identity: String
  }

  /// Returns the merged tree; `nil` after a mistake that leaves nothing to be checked.
  func tree(_ source: SourceText) -> LocatedJSON? {
    tree(source, after: [Link(name: source.name, identity: SpecFile.identity(of: source.name))])
  }

  private func tree(_ source: SourceText, after chain: [Link]) -> LocatedJSON? {
    let base = reader.sources.add(source)
    let own: LocatedJSON
    do throws(JSONError) {
      own = try LocatedJSON(parsing: source, dialect: .relaxed).shifted(by: base)
    } catch {
      reportSyntax(error, in: source, base: base)
      return nil
    }
    guard let members = own.members, let extends = own["extends"] else { return own }
    guard let path = reader.string(extends, "'extends'") else { return nil }
    if chain.count == 1, own["name"] == nil {
      let brace = own.range.lowerBound..<own.range.lowerBound + 1
      reader.report(.namelessExtension, at: brace)
    }
    guard let parent = parent(path, extends, beside: source.name, chain) else { return nil }
    let rest = LocatedJSON(content: .object(members.filter { $0.key != "extends" }), range: own.range)
    checkSingle(members)
    return merged(rest, onto: parent, named: SpecFile.path(path, beside: source.name))
  }

  private func parent(
    _ path: String, _ node: LocatedJSON, beside file: String, _ chain: [Link]
  ) -> LocatedJSON? {
    let name = SpecFile.path(path, beside: file)
    guard chain.count < SpecLimit.extendedSpecs else {
      reader.report(.longChainOfSpecs, at: node.range)
      return nil
    }
    let identity = SpecFile.identity(of: name)
    if let start = chain.firstIndex(where: { $0.identity == identity }) {
      let names = chain[start...].map(\.name) + [chain[start].name]
      reader.report(.circleOfSpecs(names), at: node.range)
      return nil
    }
    switch SpecFile.bytes(of: name, limit: SpecLimit.fileBytes - reader.sources.byteCount) {
    case .success(let bytes):
      let tree = tree(SourceText(name: name, bytes: bytes), after: chain + [Link(name: name, identity: identity)])
      guard let tree else { return nil }
      guard tree.members != nil else {
        reader.reportWrongType(tree, "the spec '\(name)'", "an object")
        return nil
      }
      return tree
    case .failure(let error):
      let folder = file.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
      let isAtRoot = folder.isEmpty && file.hasPrefix("/")
      let advice = SpecFile.advice(on: error, path: path, in: isAtRoot ? "/" : folder.isEmpty ? "." : folder)
      reader.report(.unreadableExtended(file: name, reason: error.reason, advice), at: node.range)
      return nil
    }
  }

  // MARK: Merging

  private func merged(_ own: LocatedJSON, onto parent: LocatedJSON, named file: String) -> LocatedJSON {
    guard let ownMembers = own.members, let parentMembers = parent.members else { return own }
    reader.checkDuplicates(ownMembers)
    reader.checkDuplicates(parentMembers)
    let known = firstOfEach(parentMembers)
    let positions = Dictionary(known.enumerated().map { ($1.key, $0) }, uniquingKeysWith: { first, _ in first })
    var members: [LocatedJSON.Member?] = known
    for member in firstOfEach(ownMembers) {
      let position = positions[member.key]
      if case .scalar(.null) = member.value.content {
        if let position {
          members[position] = nil
        } else {
          reader.report(
            .nothingToRemove(name: member.key, file: file, known: known.map(\.key)), at: member.keyRange)
        }
      } else if let position {
        members[position] = LocatedJSON.Member(
          key: member.key, keyRange: member.keyRange,
          value: merged(member.value, onto: known[position].value, named: file))
      } else {
        members.append(member)
      }
    }
    return LocatedJSON(content: .object(members.compactMap(\.self)), range: own.range)
  }

  private func firstOfEach(_ members: [LocatedJSON.Member]) -> [LocatedJSON.Member] {
    var seen: Set<String> = []
    return members.filter { seen.insert($0.key).inserted }
  }

  /// Reports a second `extends`, which is gone when the reader looks for duplicates.
  private func checkSingle(_ members: [LocatedJSON.Member]) {
    reader.checkDuplicates(members.filter { $0.key == "extends" })
  }

  // MARK: Syntax

  private func reportSyntax(_ error: JSONError, in source: SourceText, base: Int) {
    func moved(_ range: Range<Int>) -> Range<Int> { range.lowerBound + base..<range.upperBound + base }
    if source.bytes.allSatisfy({ $0 == UInt8(ascii: " ") || 0x09...0x0D ~= $0 }) {
      reader.report(.emptyFile, at: moved(error.range))
      return
    }
    var notes: [(SpecNote, at: Range<Int>)] = []
    if let bracket = UnclosedBracket.find(in: source.bytes, before: error.range.lowerBound) {
      let (open, close) = bracket.kind == UInt8(ascii: "{") ? ("{", "}") : ("[", "]")
      notes.append((.unclosed(open: open, close: close), moved(bracket.offset..<bracket.offset + 1)))
    }
    reader.report(.syntax(error.message), at: moved(error.range), notes: notes)
  }
}
