import JSON

/// How a mistake is said.
struct SpecWording {
  var code: DiagnosticCode
  var message: String
  var hint: String?
  var suggestion: String?

  init(_ code: DiagnosticCode, _ message: String, hint: String? = nil, suggestion: String? = nil) {
    self.code = code
    self.message = message
    self.hint = hint
    self.suggestion = suggestion
  }
}

extension SpecMistake {
  /// The code of the mistake, and all sentences about it.
  var wording: SpecWording {
    switch self {
    // MARK: Files
    case .syntax(let message): return SpecWording(.syntax, message)
    case .overrideSyntax(let message, let first):
      return SpecWording(.syntax, message, hint: "expected JSON, or a text that does not begin with '\(first)'")
    case .emptyFile:
      return SpecWording(
        .syntax, "the file is empty",
        hint:
          "expected an object, as in {\"name\": \"first\", \"stages\": {\"hello\": {\"command\": [\"echo\", \"hello\"]}}}"
      )
    case .unreadableSpec(let reason, let advice):
      let said = Self.said(advice, otherwise: "check the path and its permissions")
      return SpecWording(
        .unreadableFile, "the spec cannot be read: \(reason)", hint: said.hint, suggestion: said.suggestion)
    case .unreadableExtended(let file, let reason, let advice):
      let said = Self.said(advice, otherwise: "expected a path relative to the folder of this file")
      return SpecWording(
        .unreadableFile, "the spec '\(file)' cannot be read: \(reason)", hint: said.hint, suggestion: said.suggestion)
    case .namelessExtension:
      return SpecWording(
        .missingMember, "a spec that extends another needs a 'name' of its own",
        hint: "'name' is required: results of all runs of a name belong together")
    case .longChainOfSpecs:
      return SpecWording(
        .tooLarge, "more than \(SpecLimit.extendedSpecs) specs extend each other", hint: "expected a shorter chain")
    case .circleOfSpecs(let names):
      return SpecWording(
        .cycle, "specs extend each other: \(names.joined(separator: " → "))",
        hint: "one of them must stand by itself")
    case .nothingToRemove(let name, let file, let known):
      let nearest = SpellingSuggestion.nearest(to: name, in: known)
      return SpecWording(
        .nothingToRemove, "'\(name)' is null, but '\(file)' has no such member to remove",
        hint: nearest == nil ? "known: \(known.prefix(15).joined(separator: ", "))" : nil, suggestion: nearest)
    case .notTold(let count, let severity):
      return SpecWording(
        .tooManyMistakes, "there are \(count) more \(severity == .error ? "mistakes" : "remarks")",
        hint: "correct those above first")

    // MARK: Values of any kind
    case .wrongType(let value, let expected, let found):
      return SpecWording(.wrongType, "\(value) must be \(expected), not \(found)", hint: "expected \(expected)")
    case .empty(let value, let expected):
      return SpecWording(.empty, "\(value) must not be empty", hint: expected.map { "expected \($0)" })
    case .missingMember(let name, let whole):
      return SpecWording(.missingMember, "\(whole) has no member '\(name)'", hint: "'\(name)' is required")
    case .duplicateMember(let name):
      return SpecWording(
        .duplicateMember, "the member '\(name)' occurs twice in one object", hint: "remove one of them")
    case .tooManyParts(let value, let count, let limit):
      return SpecWording(.tooLarge, "\(value) has \(count) parts", hint: "expected at most \(limit)")
    case .integerOutOfRange(let value, let number, let range):
      let limits =
        range.upperBound == .max ? "\(range.lowerBound) or more" : "from \(range.lowerBound) to \(range.upperBound)"
      return SpecWording(.outOfRange, "\(value) is \(number), which is out of range", hint: "expected \(limits)")
    case .numberOutOfRange(let value, let number, let range):
      let (low, high) = (JSONValue.number(range.lowerBound), JSONValue.number(range.upperBound))
      return SpecWording(
        .outOfRange, "\(value) is \(number)", hint: "expected from \(low.compactText) to \(high.compactText)")
    case .notAboveZero(let value): return SpecWording(.outOfRange, "\(value) must be above 0")
    case .belowZero(let value): return SpecWording(.outOfRange, "\(value) must not be below 0")
    case .unknownWord(let value, let word, let known):
      return SpecWording(
        .outOfRange, "\(value) is '\(word)'",
        hint: "expected \(known.map { "'\($0)'" }.joined(separator: " or "))",
        suggestion: SpellingSuggestion.nearest(to: word, in: known))
    case .notADuration(let value):
      return SpecWording(.badDuration, "\(value) is not a duration", hint: "expected \(DurationText.expectation)")
    case .tooShort(let value, let allowsZero):
      return SpecWording(
        .badDuration, "\(value) must \(allowsZero ? "not be below" : "be above") 0",
        hint: "expected \(DurationText.expectation)")
    case .tooLong(let value): return SpecWording(.badDuration, "\(value) is longer than thirty years")
    case .notAnAmountOfMemory(let value):
      return SpecWording(
        .outOfRange, "\(value) is not an amount of memory", hint: "expected \(ByteCountText.expectation)")
    case .nulCharacter:
      return SpecWording(
        .badCharacter, "a text has the character \\u0000, which no program can be given", hint: "remove it")
    case .controlCharacterInPath(let value):
      return SpecWording(
        .badCharacter, "\(value) has a control character in its path", hint: "expected a path on one line")

    // MARK: Names
    case .unknownName(let code, let kind, let name, let known, let whole):
      let nearest = SpellingSuggestion.nearest(to: name, in: known)
      let list =
        known.count <= 16 ? known.joined(separator: ", ") : known.prefix(15).joined(separator: ", ") + ", …"
      return SpecWording(
        code, "unknown \(kind) '\(name)'\(whole)",
        hint: nearest == nil ? (known.isEmpty ? "none is defined" : "known: \(list)") : nil, suggestion: nearest)
    case .impossibleName(let name, let kind):
      return SpecWording(
        .invalidName, "'\(name)' cannot be the name of \(kind)", hint: "expected letters, digits, '_' and '-'")
    case .longName(let bytes, let kind):
      return SpecWording(
        .invalidName, "a name of \(bytes) letters cannot be the name of \(kind)",
        hint: "expected at most \(SpecLimit.nameBytes)")
    case .impossibleFileName(let name, let kind, let problem):
      return SpecWording(
        .invalidName, "'\(name)' cannot be the name of \(kind), because it \(problem)", hint: "expected another name")
    case .nameOfReportPage(let name):
      return SpecWording(
        .invalidName, "'\(name)' cannot be the name of an experiment",
        hint: "every report has a page of its own with that name")
    case .controlCharacterInName(let kind):
      return SpecWording(
        .invalidName, "the name of \(kind) has a control character",
        hint: "expected letters, digits and punctuation")
    case .longFreeName(let bytes, let kind):
      return SpecWording(
        .invalidName, "the name of \(kind) has \(bytes) bytes", hint: "expected at most \(SpecLimit.freeNameBytes)")
    case .unusableFreeName(let name, let kind, let expectation):
      return SpecWording(.invalidName, "'\(name)' cannot be the name of \(kind)", hint: "expected \(expectation)")
    case .sameLookingName(let name):
      return SpecWording(
        .duplicateName, "'\(name)' is written with other characters elsewhere, though it looks the same",
        hint: "write the name in one Unicode normalisation")
    case .impossibleVariable(let name):
      return SpecWording(
        .invalidName, "'\(name)' cannot be the name of an environment variable",
        hint: "expected a name without '='")
    case .reservedVariable(let name):
      return SpecWording(
        .invalidName, "'\(name)' cannot be set, '\(VariableName.reserved)…' are variables of orchestrate itself",
        hint: "expected another name")
    case .sharedVariable(let kind, let name, let other, let variable):
      return SpecWording(
        .duplicateName, "\(kind) '\(name)' and '\(other)' would share the variable \(variable)",
        hint: "expected names that differ in letters or digits, not only in case or in '-' and '_'")
    case .sharedPoolVariable(let pool, let other, let variable):
      return SpecWording(
        .duplicateName, "pools '\(pool)' and '\(other)' have the same variable \(variable)",
        hint: "expected a variable of its own")
    case .impossibleIndex(let name, let pool):
      return SpecWording(
        .outOfRange, "'\(name)' cannot be an index of \(pool)",
        hint: "expected a name without a comma that occurs once")
    case .nameOfBuiltInVariable(let name):
      return SpecWording(
        .duplicateName, "'\(name)' is a variable that every experiment has", hint: "expected another name")
    case .nameOfTwoThings(let name, let kind, let other):
      return SpecWording(.duplicateName, "'\(name)' is \(kind) and also \(other)", hint: "expected another name")

    // MARK: Axes and trials
    case .unequalLengths(let axis, let count, let first, let expected):
      return SpecWording(
        .unequalLengths, "'\(axis)' has \(count) values, but '\(first)' of the same zip group has \(expected)",
        hint: "expected \(expected) values")
    case .tooManyAxisValues(let axis, let count):
      return SpecWording(
        .tooLarge, "\(axis) has too many values, \(count)",
        hint: "expected at most \(SpecLimit.axisValues), and \(SpecLimit.allAxisValues) of all axes together")
    case .repeatedValue(let value, let axis):
      return SpecWording(
        .duplicateValue, "\(axis) has the value \(value.compactText) twice", hint: "remove one of them")
    case .rangeWithoutStep(let axis): return SpecWording(.outOfRange, "'by' of \(axis) must not be 0")
    case .emptyRange(let axis):
      return SpecWording(
        .empty, "\(axis) is empty: 'to' lies before 'from'", hint: "exchange them or negate 'by'")
    case .longRange(let axis):
      return SpecWording(.outOfRange, "\(axis) has more than \(SpecLimit.axisValues) values")
    case .indistinctRange(let axis):
      return SpecWording(
        .outOfRange, "\(axis) has values that no number holds exactly enough to tell them apart",
        hint: "list the values, or choose numbers with fewer digits between the greatest and the least")
    case .noSuchValue(let value, let axis, let pattern):
      return SpecWording(
        .noMatch, "axis '\(axis)' has no value \(value.compactText), so \(pattern) matches nothing here")
    case .matchesEverything(let list):
      return SpecWording(.empty, "an element of \(list) without conditions matches every trial")
    case .incompleteTrial(let missing):
      let list = missing.map { "'\($0)'" }.joined(separator: ", ")
      return SpecWording(
        .missingMember, "an included trial needs a value for every axis; \(list) is missing", hint: "add \(list)")

    // MARK: Stages
    case .noAction(let stage):
      return SpecWording(
        .missingMember, "\(stage) has neither a 'task' nor a 'command'",
        hint: "'task', 'command' or 'compare' is required")
    case .incompleteTask(let text, let stage):
      return SpecWording(.invalidName, "'task' of \(stage) is '\(text)'", hint: "expected 'worker/task'")
    case .misplaced(let name, let whole, let reason):
      return SpecWording(.misplacedMember, "'\(name)' does not belong to \(whole)", hint: reason.wording)
    case .tooFewCompared(let stage):
      return SpecWording(
        .empty, "'compare' of \(stage) needs two commands or more",
        hint: "expected an object such as {\"a\": [\"./a\", \"${prompt}\"], \"b\": [\"./b\", \"${prompt}\"]}")
    case .outputOutside(let name, let stage):
      return SpecWording(
        .outOfRange, "output '\(name)' of \(stage) leaves the output directory",
        hint: "expected a path inside the output directory")
    case .outsideProject(let path, let list):
      return SpecWording(
        .outOfRange, "'\(path)' in \(list) is no path of the project",
        hint: "expected a path relative to the project, such as 'lib/**/*.py'")
    case .beyondPool(let value, let amount, let pool, let size):
      return SpecWording(
        .outOfRange, "\(value) asks for \(amount) of '\(pool)', but there are only \(size)",
        hint: "expected from 0 to \(size)")
    case .circleOfStages(let names):
      return SpecWording(
        .cycle,
        names.count == 1
          ? "stage '\(names[0])' needs itself"
          : "stages need each other: \((names + [names[0]]).joined(separator: " → "))",
        hint: "remove one of these needs")
    case .rareArtifact(let name, let stage, let nearest):
      return SpecWording(
        .unusualArtifact, "only this input takes an artifact '\(name)' of stage '\(stage)'", suggestion: nearest)
    case .limitWithoutPrecision(let measurement):
      return SpecWording(
        .misplacedMember, "\(measurement) has 'maximumRepetitions' without 'precision'",
        hint: "only a measurement with a precision goes on after its repetitions")
    case .limitBelowRepetitions(let measurement, let limit, let repetitions):
      return SpecWording(
        .outOfRange, "\(measurement) has at most \(limit) repetitions, but at least \(repetitions)",
        hint: "expected 'maximumRepetitions' not below 'repetitions'")

    // MARK: Variables
    case .variableWithoutEnd: return .interpolation("a variable without its end '}'")
    case .notAVariable(let text): return .interpolation("'\(text)' is not a variable")
    case .circleOfParameters(let names):
      return SpecWording(
        .cycle, "parameters are made of each other: \(names.joined(separator: " → "))",
        hint: "one of them must have a value of its own")
    case .largeValue(let value, let bytes):
      let amount = bytes >> 20
      let size = amount >= ValueSize.ceiling >> 20 ? "far too large" : "\(amount) MiB large"
      return SpecWording(
        .tooLarge, "\(value) becomes \(size) with its variables",
        hint: "expected at most \(SpecLimit.valueBytes >> 20) MiB")
    case .deepValue(let value, let depth):
      return SpecWording(
        .tooLarge, "\(value) has \(depth) lists and objects in each other with its variables",
        hint: "expected at most \(SpecLimit.valueDepth)")
    case .collectedVariable(let name, let stage, let axis):
      let reason = axis == name ? "" : ", which depends on '\(axis)'"
      return SpecWording(
        .collectedVariable, "stage '\(stage)' collects '\(axis)' and so has no single value of '\(name)'\(reason)",
        hint: "remove the variable, or '\(axis)' from 'collect'")
    case .varyingVariable(let name, let whole):
      return SpecWording(
        .unknownVariable, "the variable '\(name)' differs from trial to trial and cannot be used\(whole)",
        hint: "expected a parameter that does not depend on an axis")
    case .compositeInText(let name):
      return SpecWording(
        .notText, "'\(name)' is a list or an object and cannot be a part of a text",
        hint: "write \"${\(name)}\" alone, as the value of a member")

    // MARK: Overrides
    case .incompleteOverride:
      return SpecWording(
        .unknownOverride, "an override needs a path and a value", hint: "expected path=value")
    case .longOverridePath(let count):
      return SpecWording(
        .tooLarge, "an override has a path of \(count) parts", hint: "expected at most \(SpecOverride.longestPath)")
    case .overriddenExtends:
      return SpecWording(
        .unknownOverride, "'extends' cannot be overridden", hint: "write a spec that extends the other one")
    case .overrideOfOtherType(let value, let expected, let found):
      return SpecWording(
        .wrongType, "\(value) must be \(expected), as in the spec, not \(found)", hint: "expected \(expected)")
    case .memberOfScalar(let name, let path, let kind):
      return SpecWording(
        .unknownOverride, "'\(path.joined(separator: "."))' is \(kind) and has no member '\(name)'",
        hint: "expected a path to an existing value")
    case .presentMember(let name):
      return SpecWording(
        .unknownOverride, "'\(name)' cannot be added, it is there already", hint: "leave out the '+' to change it")
    case .unknownPath(let name, let known):
      let nearest = SpellingSuggestion.nearest(to: name, in: known)
      let list = known.prefix(15).joined(separator: ", ") + (known.count > 15 ? ", …" : "")
      let found = nearest.map { "did you mean '\($0)'?" } ?? (known.isEmpty ? "none is defined." : "known: \(list).")
      return SpecWording(
        .unknownOverride, "unknown path '\(name)' in an override",
        hint: "\(found) A '+' before the whole path adds a member", suggestion: nearest)
    }
  }
}

extension SpecWording {
  fileprivate static func interpolation(_ message: String) -> SpecWording {
    SpecWording(.badInterpolation, message, hint: "write '${name}' for a variable, '$${' for the characters")
  }
}

extension SpecMistake.Misplacement {
  fileprivate var wording: String {
    switch self {
    case .taskAndCommand: "a stage has a task or a command"
    case .taskAndComparison: "a stage has a task or a comparison"
    case .commandAndComparison: "a stage has a command or a comparison"
    case .outputsOfTask: "a worker announces its artifacts itself"
    case .parametersOfCommand: "a command takes its parameters as '${name}' in its arguments"
    case .folderOfTask: "a worker starts in the project's folder"
    case .folderOfComparison: "compared commands start in the project's folder"
    }
  }
}

extension SpecMistake {
  private static func said(
    _ advice: SpecFile.Advice, otherwise general: String
  ) -> (hint: String?, suggestion: String?) {
    switch advice {
    case .folder(let spec): ("expected a file" + (spec.map { ", such as '\($0)'" } ?? ""), nil)
    case .misspelt(let nearest): (nil, nearest)
    case .unknown: (general, nil)
    }
  }
}

extension Diagnostic {
  /// Says a mistake.
  init(_ mistake: SpecMistake, at place: SourceExcerpt, severity: Severity = .error) {
    let wording = mistake.wording
    self.init(
      severity: severity, code: wording.code, message: wording.message, place: place, hint: wording.hint,
      suggestion: wording.suggestion)
  }
}

extension SpecNote {
  /// What the note says.
  var wording: String {
    switch self {
    case .firstOne: "the first one is here"
    case .otherOne: "the other one is here"
    case .axis: "the axis is here"
    case .valueInSpec: "the spec's value is here"
    case .named(let name): "'\(name)' is here"
    case .kind(let kind): "\(kind) is here"
    case .need(let stage, let needed): "'\(stage)' needs '\(needed)' here"
    case .unclosed(let open, let close): "this '\(open)' seems to lack its '\(close)'"
    }
  }
}
