import Files
import JSON

/// Typed access to a located tree that records every mistake and goes on.
///
/// Messages call a value by a phrase such as `'retries' of stage 'coarse'`. Not shared between threads.
final class SpecReader {
  var sources = SourceMap()
  private var findings = DiagnosticList()
  private var spellings: [String: (bytes: [UInt8], range: Range<Int>)] = [:]

  /// All diagnostics in the order of their places, each once.
  var diagnostics: [Diagnostic] { findings.sorted }

  /// Records a mistake; of more than a person can use only their number, for which the message is not even made.
  func report(
    _ mistake: @autoclosure () -> SpecMistake, at range: @autoclosure () -> Range<Int>,
    severity: Diagnostic.Severity = .error, notes: @autoclosure () -> [(SpecNote, at: Range<Int>)] = []
  ) {
    guard findings.hasRoom(for: severity) else { return findings.omit(severity) }
    let wording = mistake().wording
    report(
      wording.code, at: range(), wording.message, hint: wording.hint, suggestion: wording.suggestion,
      severity: severity, notes: notes().map { ($0.wording, $1) })
  }

  /// Records a mistake of the report section.
  func report(
    _ code: DiagnosticCode, at range: @autoclosure () -> Range<Int>, _ message: @autoclosure () -> String,
    hint: @autoclosure () -> String? = nil, suggestion: @autoclosure () -> String? = nil,
    severity: Diagnostic.Severity = .error,
    notes: @autoclosure () -> [(message: String, range: Range<Int>)] = []
  ) {
    guard findings.hasRoom(for: severity) else { return findings.omit(severity) }
    let range = range()
    let message = message()
    let notes = notes()
    let diagnostic = Diagnostic(
      severity: severity, code: code, message: message, place: sources.excerpt(of: range), hint: hint(),
      suggestion: suggestion(),
      notes: notes.map { Diagnostic.Note(message: $0.message, place: sources.excerpt(of: $0.range)) })
    findings.add(diagnostic, at: range.lowerBound)
  }

  /// Reports a name that is not known, with the nearest known one or, if there is none, all of them.
  func reportUnknown(
    _ code: DiagnosticCode, _ kind: String, _ name: String, at range: @autoclosure () -> Range<Int>,
    known: @autoclosure () -> [String], of whole: @autoclosure () -> String = ""
  ) {
    report(.unknownName(code, kind: kind, name, known: known(), whole: whole()), at: range())
  }

  func reportWrongType(
    _ node: LocatedJSON, _ what: @autoclosure () -> String, _ expectation: @autoclosure () -> String
  ) {
    report(.wrongType(what(), expected: expectation(), found: node.kindName), at: node.range)
  }

  /// Returns where a variable stands in a value: its first use in a text of the value, or the whole value.
  func place(ofVariable name: String, in node: LocatedJSON) -> Range<Int> {
    func search(_ node: LocatedJSON) -> Range<Int>? {
      switch node.content {
      case .scalar: return sources.firstRange(of: "${\(name)}", in: node.range, notAfter: UInt8(ascii: "$"))
      // Not by a lazy sequence: its first element is made twice, at each level again.
      case .array(let elements):
        for element in elements { if let found = search(element) { return found } }
      case .object(let members):
        for member in members { if let found = search(member.value) { return found } }
      }
      return nil
    }
    return search(node) ?? node.range
  }

  // MARK: Scalars

  func string(_ node: LocatedJSON?, _ what: String, allowsEmpty: Bool = false) -> String? {
    guard let node else { return nil }
    guard let text = node.stringValue else {
      reportWrongType(node, what, "a string")
      return nil
    }
    if text.isEmpty, !allowsEmpty {
      report(.empty(what), at: node.range)
      return nil
    }
    return text
  }

  func integer(
    _ node: LocatedJSON?, _ what: String, in range: ClosedRange<Int>, _ expectation: String = "an integer"
  ) -> Int? {
    guard let node else { return nil }
    guard case .scalar(.integer(let wide)) = node.content else {
      reportWrongType(node, what, expectation)
      return nil
    }
    guard let value = Int(exactly: wide), range.contains(value) else {
      report(.integerOutOfRange(what, is: wide, range), at: node.range)
      return nil
    }
    return value
  }

  func number(
    _ node: LocatedJSON?, _ what: String, _ numbers: SpecShape.Numbers = .any, _ expectation: String = "a number"
  ) -> Double? {
    guard let node else { return nil }
    guard case .scalar(let value) = node.content, let number = value.doubleValue else {
      reportWrongType(node, what, expectation)
      return nil
    }
    switch numbers {
    case .positive where number <= 0: report(.notAboveZero(what), at: node.range)
    case .notNegative where number < 0: report(.belowZero(what), at: node.range)
    case .between(let low, let high) where !(low...high).contains(number):
      report(.numberOutOfRange(what, is: number, low...high), at: node.range)
    default: return number
    }
    return nil
  }

  func boolean(_ node: LocatedJSON?, _ what: String) -> Bool? {
    guard let node else { return nil }
    guard case .scalar(.bool(let value)) = node.content else {
      reportWrongType(node, what, "true or false")
      return nil
    }
    return value
  }

  func word(_ node: LocatedJSON?, _ what: String, of words: [String]) -> String? {
    guard let node, let text = string(node, what) else { return nil }
    if words.contains(text) { return text }
    report(.unknownWord(what, is: text, known: words), at: node.range)
    return nil
  }

  /// Checks a name of the user's choice that may have any letters: of an artifact, a metric, a task, a variable of the environment.
  ///
  /// Names that look the same are the same for some programs and not for others.
  func checkFreeName(_ name: String, at range: Range<Int>, _ what: @autoclosure () -> String) {
    if name.hasControlCharacters {
      report(.controlCharacterInName(of: what()), at: range)
    } else if name.utf8.count > SpecLimit.freeNameBytes {
      report(.longFreeName(bytes: name.utf8.count, of: what()), at: range)
    } else if let expectation = FreeName.expectation(for: name) {
      report(.unusableFreeName(name, of: what(), expected: expectation), at: range)
    }
    let bytes = Array(name.utf8)
    // Texts are equal for Swift whatever their normalisation.
    guard let first = spellings[name] else {
      spellings[name] = (bytes, range)
      return
    }
    guard first.bytes != bytes else { return }
    report(.sameLookingName(name), at: range, notes: [(.otherOne, first.range)])
  }

  /// Checks a name that ends up in file names and on command lines.
  @discardableResult
  func checkName(_ name: String, at range: Range<Int>, _ what: String) -> Bool {
    let isValid =
      !name.isEmpty
      && name.utf8.allSatisfy {
        switch $0 {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
          UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
          true
        default: false
        }
      }
    if !isValid {
      report(.impossibleName(name, of: what), at: range)
    } else if name.utf8.count > SpecLimit.nameBytes {
      report(.longName(bytes: name.utf8.count, of: what), at: range)
      return false
    }
    return isValid
  }

  /// Checks a name that becomes that of a file.
  @discardableResult
  func checkFileName(_ name: String, at range: Range<Int>, _ what: String) -> Bool {
    guard checkName(name, at: range, what) else { return false }
    guard let problem = FileName.problem(with: name) else { return true }
    report(.impossibleFileName(name, of: what, problem: problem), at: range)
    return false
  }

  // MARK: Lists and objects

  func elements(_ node: LocatedJSON?, _ what: String, allowsEmpty: Bool = true) -> [LocatedJSON]? {
    guard let node else { return nil }
    guard let elements = node.elements else {
      reportWrongType(node, what, "a list")
      return nil
    }
    if elements.isEmpty, !allowsEmpty { report(.empty(what), at: node.range) }
    return elements
  }

  func strings(_ node: LocatedJSON?, _ what: String) -> [(text: String, range: Range<Int>)] {
    (elements(node, what) ?? []).compactMap { element in
      string(element, "an element of \(what)").map { ($0, element.range) }
    }
  }

  /// Reads an object whose keys are names of the user's choice; of duplicates the first one counts.
  func namedMembers(_ node: LocatedJSON?, _ what: String) -> [LocatedJSON.Member]? {
    guard let node else { return nil }
    guard let members = node.members else {
      reportWrongType(node, what, "an object")
      return nil
    }
    checkDuplicates(members)
    var seen: Set<String> = []
    return members.filter { seen.insert($0.key).inserted }
  }

  /// Reads an object whose keys are names of the user's choice, of no more than some.
  func limitedMembers(_ node: LocatedJSON?, _ what: String, to limit: Int) -> [LocatedJSON.Member]? {
    guard let node, let members = namedMembers(node, what) else { return nil }
    return limited(members, node, what, to: limit)
  }

  /// Returns the first ones of a list, after reporting that there are too many.
  func limited<Part>(_ parts: [Part], _ node: LocatedJSON, _ what: String, to limit: Int) -> [Part] {
    guard parts.count > limit else { return parts }
    report(.tooManyParts(what, count: parts.count, limit: limit), at: node.range)
    return Array(parts.prefix(limit))
  }

  func checkDuplicates(_ members: [LocatedJSON.Member]) {
    var first: [String: Range<Int>] = [:]
    for member in members {
      if let earlier = first[member.key] {
        report(.duplicateMember(member.key), at: member.keyRange, notes: [(.firstOne, earlier)])
      } else {
        first[member.key] = member.keyRange
      }
    }
  }
}

extension LocatedJSON {
  /// The members of an object by name; of those that occur twice the first one.
  var memberValues: [String: LocatedJSON] {
    Dictionary((members ?? []).map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
  }
}
