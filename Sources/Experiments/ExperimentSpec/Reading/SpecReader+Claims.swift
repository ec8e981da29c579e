import JSON

/// Checks of what a report section says about the paper: claims, their tests, published columns, the audit.
extension SpecReader {
  /// The members of a rule that say what it is; one of them must be there.
  private static let ruleKinds = [
    "equal", "between", "greater", "less", "trend", "constant", "saturatesAt", "identical",
  ]

  /// Checks a claim of the paper.
  func checkClaim(_ node: LocatedJSON, _ context: ReportContext, _ names: inout [String: Range<Int>]) {
    guard let claim = object(node, as: .claim, "a claim") else { return }
    let what = checkHead(claim, "claim", &names)
    _ = string(claim["text"], "'text' of \(what)")
    _ = string(claim["place"], "'place' of \(what)")
    _ = string(claim["family"], "'family' of \(what)")
    _ = string(claim["remark"], "'remark' of \(what)")
    _ = string(claim["missing"], "'missing' of \(what)")
    _ = pattern(claim["where"], "'where' of \(what)", axes: context.axes)
    let tests = elements(claim["tests"], "'tests' of \(what)", allowsEmpty: false)
    for test in tests ?? [] { checkTest(test, of: what, context) }
    if let place = claim.keyRange("missing"), tests != nil {
      report(
        .misplacedMember, at: place, "\(what) has both 'tests' and 'missing'",
        hint: "'missing' says what would make a claim testable that has no tests")
    } else if claim["tests"] == nil, claim["missing"] == nil {
      let brace = node.range.lowerBound..<node.range.lowerBound + 1
      report(
        .missingMember, at: brace, "\(what) has neither 'tests' nor 'missing'",
        hint: "expected tests that decide it, or what would make it testable")
    }
  }

  /// Checks an observation about the paper's numbers.
  func checkFinding(_ node: LocatedJSON) {
    guard let finding = object(node, as: .finding, "an element of 'audit'") else { return }
    for name in ["observation", "reason", "expectation"] {
      _ = string(finding[name], "'\(name)' of an element of 'audit'")
    }
  }

  /// Checks what a column says about the paper's values beside the values.
  func checkPaperColumn(_ column: SpecMembers, _ what: String) {
    if let node = column["id"], let id = string(node, "'id' of \(what)") { checkName(id, at: node.range, what) }
    _ = string(column["place"], "'place' of \(what)")
    _ = positiveNumber(column["precision"], "'precision' of \(what)")
    _ = positiveNumber(column["margin"], "'margin' of \(what)")
    checkIncomplete(column, of: what)
    if let place = column.keyRange("incomplete"), column["margin"] == nil {
      report(
        .misplacedMember, at: place, "\(what) has 'incomplete' without 'margin'",
        hint: "it says how a verdict counts missing values, and only a column with a margin gets one")
    }
    _ = string(column["missing"], "'missing' of \(what)")
    guard column["missing"] == nil else { return }
    for name in ["stage", "metric"] where column[name] == nil {
      let brace = column.node.range.lowerBound..<column.node.range.lowerBound + 1
      report(
        .missingMember, at: brace, "\(what) has no member '\(name)'", hint: "'\(name)' is required without 'missing'")
    }
  }

  private func checkTest(_ node: LocatedJSON, of claim: String, _ context: ReportContext) {
    guard let test = object(node, as: .claimTest, "a test of \(claim)") else { return }
    let label = string(test["label"], "'label' of a test of \(claim)")
    let what = "test \(label.map { "'\($0)' " } ?? "")of \(claim)"
    let form = word(test["form"], "'form' of \(what)", of: ["value", "difference", "ratio"]) ?? "value"
    checkQuantity(test["quantity"], "'quantity' of \(what)", context)
    checkQuantity(test["against"], "'against' of \(what)", context)
    _ = axis(test["over"], "'over' of \(what)", context)
    for element in elements(test["units"], "'units' of \(what)", allowsEmpty: false) ?? [] {
      _ = axis(element, "an element of 'units' of \(what)", context)
    }
    _ = pattern(test["where"], "'where' of \(what)", axes: context.axes)
    _ = string(test["unit"], "'unit' of \(what)")
    _ = integer(test["digits"], "'digits' of \(what)", in: 0...12)
    _ = string(test["paper"], "'paper' of \(what)")
    checkIncomplete(test, of: what)
    if let place = test.keyRange("against"), form == "value" {
      report(
        .misplacedMember, at: place, "\(what) has 'against' without a form that uses it",
        hint: "expected 'form' to be 'difference' or 'ratio'")
    } else if let place = test.keyRange("form"), form != "value", test["against"] == nil {
      report(
        .missingMember, at: place, "\(what) has no member 'against'", hint: "a \(form) needs what it compares with")
    }
    guard let kind = checkRule(test["rule"], "'rule' of \(what)", isRatio: form == "ratio") else { return }
    let needsAxis = ["trend", "constant", "saturatesAt"].contains(kind)
    if needsAxis, test["over"] == nil, let place = test.keyRange("rule") {
      report(.missingMember, at: place, "\(what) has no member 'over'", hint: "'\(kind)' needs the axis it runs over")
    } else if !needsAxis, let place = test.keyRange("over") {
      report(
        .misplacedMember, at: place, "\(what) has 'over', which its rule '\(kind)' does not use",
        hint: "'over' goes with 'trend', 'constant' and 'saturatesAt'")
    }
  }

  /// Checks how a verdict counts units that have no finite value.
  private func checkIncomplete(_ object: SpecMembers, of what: String) {
    _ = word(object["incomplete"], "'incomplete' of \(what)", of: ["undecided", "leave-out", "worst"])
  }

  private func checkQuantity(_ node: LocatedJSON?, _ what: String, _ context: ReportContext) {
    guard let quantity = object(node, as: .quantity, what) else { return }
    _ = checkMetric(quantity, "the metric", of: what, context)
    _ = pattern(quantity["where"], "'where' of \(what)", axes: context.axes)
  }

  /// Returns which rule it is, `nil` if that is not clear.
  private func checkRule(_ node: LocatedJSON?, _ what: String, isRatio: Bool) -> String? {
    guard let node, let rule = object(node, as: .rule, what) else { return nil }
    let kinds = Self.ruleKinds.filter { rule[$0] != nil }
    for name in ["equal", "greater", "less"] {
      guard let node = rule[name], let bound = number(node, "'\(name)' of \(what)"), isRatio, bound <= 0 else {
        continue
      }
      report(.outOfRange, at: node.range, "'\(name)' of \(what) must be above 0, as every ratio is")
    }
    for name in ["margin", "constant", "share"] { _ = positiveNumber(rule[name], "'\(name)' of \(what)") }
    if let node = rule["identical"], let width = number(node, "'identical' of \(what)"), width < 0 {
      report(.outOfRange, at: node.range, "'identical' of \(what) must not be below 0")
    }
    let at = number(rule["saturatesAt"], "'saturatesAt' of \(what)")
    if let node = rule["from"], let from = number(node, "'from' of \(what)"), let at, from >= at {
      report(.outOfRange, at: node.range, "'from' of \(what) must be below 'saturatesAt'")
    }
    _ = word(rule["trend"], "'trend' of \(what)", of: ["increasing", "decreasing"])
    _ = word(rule["better"], "'better' of \(what)", of: ["less", "greater"])
    if let node = rule["between"], let bounds = elements(node, "'between' of \(what)") {
      let values = bounds.compactMap { number($0, "a bound of 'between' of \(what)") }
      if values.count == bounds.count, values.count != 2 || values[0] >= values[1] || (isRatio && values[0] <= 0) {
        report(.outOfRange, at: node.range, "'between' of \(what) must be a lower and an upper bound")
      }
    }
    guard kinds.count == 1, let kind = kinds.first else {
      report(
        .misplacedMember, at: node.range, "\(what) must say one thing, not \(kinds.count)",
        hint: "expected one of \(Self.ruleKinds.joined(separator: ", "))")
      return nil
    }
    let companions = ["equal": ["margin"], "saturatesAt": ["from", "share", "better"]][kind] ?? []
    for name in ["margin", "from", "share", "better"] where !companions.contains(name) {
      guard let place = rule.keyRange(name) else { continue }
      report(.misplacedMember, at: place, "\(what) has '\(name)', which '\(kind)' does not use")
    }
    for name in companions where name != "share" && rule[name] == nil {
      let brace = node.range.lowerBound..<node.range.lowerBound + 1
      report(.missingMember, at: brace, "\(what) has no member '\(name)'", hint: "'\(kind)' needs it")
    }
    return kind
  }
}
