import JSON

/// What a report section says about the paper: claims, their tests, the audit.
extension ReportReader {
  mutating func claim(_ node: LocatedJSON) -> ClaimRequest? {
    guard var object = reader.object(node, as: .claim, "a claim") else { return nil }
    let id = object.text("id")
    if let id { object.whole = "claim '\(id)'" }
    let isNamed = id.map { reserve($0, of: object, "claim") } ?? false
    let (text, missing) = (object.text("text"), object.text("missing"))
    let filter = filter(object)
    let averaged = axes("over", of: object)
    let nodes = object.list("tests")
    if let place = object.keyRange("missing"), nodes != nil {
      reader.report(
        .misplacedMember, at: place, "\(object.whole ?? "") has both 'tests' and 'missing'",
        hint: "'missing' says what would make a claim testable that has no tests")
    } else if object["tests"] == nil, object["missing"] == nil {
      reader.report(
        .missingMember, at: object.brace, "\(object.whole ?? "") has neither 'tests' nor 'missing'",
        hint: "expected tests that decide it, or what would make it testable")
    }
    var claim = ClaimRequest(id: id ?? "", text: text ?? "")
    claim.place = object.text("place") ?? ""
    claim.family = object.text("family") ?? claim.family
    claim.remark = object.text("remark") ?? ""
    claim.missing = missing
    claim.tests = (nodes ?? []).compactMap {
      test($0, of: object.whole ?? "", filter: filter, averaged: averaged)
    }
    return isNamed ? claim : nil
  }

  /// Reads an observation about the paper's numbers.
  func finding(_ node: LocatedJSON) -> AuditFinding? {
    guard let object = reader.object(node, as: .finding, "an element of 'audit'") else { return nil }
    let (observation, reason) = (object.text("observation"), object.text("reason"))
    let expectation = object.text("expectation")
    guard let observation, let reason else { return nil }
    return AuditFinding(observation: observation, reason: reason, expectation: expectation ?? "")
  }

  private func test(
    _ node: LocatedJSON, of claim: String, filter outer: AssignmentPattern, averaged: [String]
  ) -> ClaimTest? {
    guard var object = reader.object(node, as: .claimTest, "a test of \(claim)") else { return nil }
    let label = object.text("label")
    object.whole = "test \(label.map { "'\($0)' " } ?? "")of \(claim)"
    let form = object.word("form", as: ClaimTest.Form.self) ?? .value
    let (quantity, against) = (quantity("quantity", of: object), quantity("against", of: object))
    checkAgainst(object, form)
    let isCourse = object["over"].map { $0.elements == nil } ?? false
    let over = isCourse ? axis("over", of: object) : nil
    let averaged = averaged + (isCourse ? [] : axes("over", of: object))
    let units = object.list("units")?.compactMap { axis($0, "an element of \(object.phrase("units"))") }
    var filter = filter(object)
    filter.conditions += outer.conditions
    let rule = rule(object["rule"], object.phrase("rule"), isRatio: form == .ratio, better: better(of: quantity))
    if let kind = rule?.kind { checkOver(object, kind, isCourse: isCourse) }
    let incomplete = object.word("incomplete", as: IncompleteUnits.self) ?? .undecided
    let (unit, digits, paper) = (object.text("unit"), object.integer("digits"), object.text("paper"))
    guard let quantity, let rule = rule?.value else { return nil }
    let metric = metrics[quantity.source.metric]
    // A ratio has neither the unit nor the size of what is divided.
    let description = form == .ratio ? nil : metric
    let test = ClaimTest(
      label: label ?? metric?.label ?? quantity.source.metric, filter: filter, quantity: quantity, against: against,
      form: form, over: over, units: units, averaged: averaged, rule: rule, incomplete: incomplete,
      unit: unit ?? description?.unit ?? "", digits: digits ?? description?.digits, paper: paper ?? "")
    checkPooling(of: test, object)
    return test
  }

  private func quantity(_ name: String, of test: SpecMembers) -> ClaimTest.Quantity? {
    guard var object = reader.object(test[name], as: .quantity, test.phrase(name)) else { return nil }
    object.whole = "the metric of \(test.phrase(name))"
    let source = source(object)
    object.whole = test.phrase(name)
    let filter = filter(object)
    return source.map { ClaimTest.Quantity(source: $0, filter: filter) }
  }

  /// Which values of a quantity are better, as the spec says of its metric.
  private func better(of quantity: ClaimTest.Quantity?) -> Preference? {
    quantity.flatMap { metrics[$0.source.metric]?.lessIsBetter }.map { $0 ? .less : .greater }
  }

  private func checkAgainst(_ test: SpecMembers, _ form: ClaimTest.Form) {
    if let place = test.keyRange("against"), form == .value {
      reader.report(
        .misplacedMember, at: place, "\(test.whole ?? "") has 'against' without a form that uses it",
        hint: "expected 'form' to be 'difference' or 'ratio'")
    } else if let place = test.keyRange("form"), form != .value, test["against"] == nil {
      reader.report(
        .missingMember, at: place, "\(test.whole ?? "") has no member 'against'",
        hint: "a \(form.rawValue) needs what it compares with")
    }
  }

  private func checkOver(_ test: SpecMembers, _ kind: ClaimRule.Kind, isCourse: Bool) {
    if kind.needsAxis, !isCourse, let place = test.keyRange("rule") {
      reader.report(
        .missingMember, at: place, "\(test.whole ?? "") has no member 'over'",
        hint: "'\(kind.rawValue)' needs the axis it runs over")
    } else if !kind.needsAxis, isCourse, let place = test.keyRange("over") {
      let rules = ClaimRule.Kind.allCases.filter(\.needsAxis).map { "'\($0.rawValue)'" }
      reader.report(
        .misplacedMember, at: place,
        "\(test.whole ?? "") has 'over', which its rule '\(kind.rawValue)' does not use",
        hint:
          "an axis goes with \(rules.dropLast().joined(separator: ", ")) and \(rules.last ?? ""); a list is averaged over"
      )
    }
  }
}
