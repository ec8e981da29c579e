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
    guard findings.hasRoom(for: .error) else { return findings.omit(.error) }
    let known = known()
    let suggestion = SpellingSuggestion.nearest(to: name, in: known)
    let list = known.count <= 16 ? known.joined(separator: ", ") : known.prefix(15).joined(separator: ", ") + ", …"
    let hint = suggestion == nil ? (known.isEmpty ? "none is defined" : "known: \(list)") : nil
    report(code, at: range(), "unknown \(kind) '\(name)'\(whole())", hint: hint, suggestion: suggestion)
  }

  func reportWrongType(
    _ node: LocatedJSON, _ what: @autoclosure () -> String, _ expectation: @autoclosure () -> String
  ) {
    report(
      .wrongType, at: node.range, "\(what()) must be \(expectation()), not \(node.kindName)",
      hint: "expected \(expectation())")
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
      report(.empty, at: node.range, "\(what) must not be empty")
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
      let limits =
        range.upperBound == .max ? "\(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
      report(.outOfRange, at: node.range, "\(what) is \(wide), which is out of range", hint: "expected \(limits)")
      return nil
    }
    return value
  }

  func number(_ node: LocatedJSON?, _ what: String, _ expectation: String = "a number") -> Double? {
    guard let node else { return nil }
    guard case .scalar(let value) = node.content, let number = value.doubleValue else {
      reportWrongType(node, what, expectation)
      return nil
    }
    return number
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
    let list = words.map { "'\($0)'" }.joined(separator: " or ")
    report(
      .outOfRange, at: node.range, "\(what) is '\(text)'", hint: "expected \(list)",
      suggestion: SpellingSuggestion.nearest(to: text, in: words))
    return nil
  }

  /// Checks a name of the user's choice that may have any letters: of an artifact, a metric, a task, a variable of the environment.
  ///
  /// Names that look the same are the same for some programs and not for others.
  func checkFreeName(_ name: String, at range: Range<Int>, _ what: @autoclosure () -> String) {
    if name.hasControlCharacters {
      report(
        .invalidName, at: range, "the name of \(what()) has a control character",
        hint: "expected letters, digits and punctuation")
    } else if name.utf8.count > SpecLimit.freeNameBytes {
      report(
        .invalidName, at: range, "the name of \(what()) has \(name.utf8.count) bytes",
        hint: "expected at most \(SpecLimit.freeNameBytes)")
    } else if let expectation = FreeName.expectation(for: name) {
      report(
        .invalidName, at: range, "'\(name)' cannot be the name of \(what())", hint: "expected \(expectation)")
    }
    let bytes = Array(name.utf8)
    // Texts are equal for Swift whatever their normalisation.
    guard let first = spellings[name] else {
      spellings[name] = (bytes, range)
      return
    }
    guard first.bytes != bytes else { return }
    report(
      .duplicateName, at: range, "'\(name)' is written with other characters elsewhere, though it looks the same",
      hint: "write the name in one Unicode normalisation", notes: [("the other one is here", first.range)])
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
      report(
        .invalidName, at: range, "'\(name)' cannot be the name of \(what)",
        hint: "expected letters, digits, '_' and '-'")
    } else if name.utf8.count > SpecLimit.nameBytes {
      report(
        .invalidName, at: range, "a name of \(name.utf8.count) letters cannot be the name of \(what)",
        hint: "expected at most \(SpecLimit.nameBytes)")
      return false
    }
    return isValid
  }

  /// Checks a name that becomes that of a file.
  @discardableResult
  func checkFileName(_ name: String, at range: Range<Int>, _ what: String) -> Bool {
    guard checkName(name, at: range, what) else { return false }
    guard let problem = FileName.problem(with: name) else { return true }
    report(
      .invalidName, at: range, "'\(name)' cannot be the name of \(what), because it \(problem)",
      hint: "expected another name")
    return false
  }

  // MARK: Lists and objects

  func elements(_ node: LocatedJSON?, _ what: String, allowsEmpty: Bool = true) -> [LocatedJSON]? {
    guard let node else { return nil }
    guard let elements = node.elements else {
      reportWrongType(node, what, "a list")
      return nil
    }
    if elements.isEmpty, !allowsEmpty { report(.empty, at: node.range, "\(what) must not be empty") }
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
    report(.tooLarge, at: node.range, "\(what) has \(parts.count) parts", hint: "expected at most \(limit)")
    return Array(parts.prefix(limit))
  }

  func checkDuplicates(_ members: [LocatedJSON.Member]) {
    var first: [String: Range<Int>] = [:]
    for member in members {
      if let earlier = first[member.key] {
        report(
          .duplicateMember, at: member.keyRange, "the member '\(member.key)' occurs twice in one object",
          hint: "remove one of them", notes: [("the first one is here", earlier)])
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
