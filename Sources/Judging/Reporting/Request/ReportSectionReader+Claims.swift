import JSON

/// Reading of claims and of the audit.
extension ReportSectionReader {
  func claim(_ node: Node) throws(ReportError) -> ClaimRequest {
    var claim = ClaimRequest(id: try identifier(of: node), text: try required("text", of: node))
    claim.place = try text("place", of: node) ?? ""
    claim.family = try text("family", of: node) ?? claim.family
    claim.remark = try text("remark", of: node) ?? ""
    claim.missing = try text("missing", of: node)
    let filter = try filter(node)
    for child in try list("tests", of: node) { claim.tests.append(try test(child, filter: filter)) }
    guard claim.tests.isEmpty == (claim.missing != nil) else {
      throw mistake(node, "expected tests, or missing with what would make the claim testable, and not both")
    }
    return claim
  }

  func finding(_ node: Node) throws(ReportError) -> AuditFinding {
    AuditFinding(
      observation: try required("observation", of: node), reason: try required("reason", of: node),
      expectation: try text("expectation", of: node) ?? "")
  }

  private func test(_ node: Node, filter outer: TrialFilter) throws(ReportError) -> ClaimTest {
    guard let quantityNode = member("quantity", of: node) else { throw mistake(node, "expected a member quantity") }
    guard let ruleNode = member("rule", of: node) else { throw mistake(node, "expected a member rule") }
    let quantity = try self.quantity(quantityNode)
    var test = ClaimTest(
      label: try text("label", of: node) ?? quantity.source.metric, quantity: quantity, rule: try rule(ruleNode))
    test.filter = try filter(node)
    test.filter.conditions += outer.conditions
    test.over = try text("over", of: node)
    test.unit = try text("unit", of: node) ?? ""
    test.paper = try text("paper", of: node) ?? ""
    test.incomplete = try incomplete(node)
    if member("digits", of: node) != nil { test.digits = try digits(node) }
    if member("units", of: node) != nil {
      var units: [String] = []
      for child in try list("units", of: node) {
        guard let name = child.value.stringValue else { throw mistake(child, "expected the name of an axis") }
        units.append(name)
      }
      test.units = units
    }
    if let name = try choice("form", of: node, ClaimTest.Form.allCases.map(\.rawValue)),
      let form = ClaimTest.Form(rawValue: name)
    {
      test.form = form
    }
    if let against = member("against", of: node) { test.against = try self.quantity(against) }
    guard (test.form == .value) == (test.against == nil) else {
      throw mistake(node, "expected against together with form difference or ratio")
    }
    guard test.rule.needsAxis == (test.over != nil) else {
      throw mistake(node, "expected over exactly if the rule is trend, constant or saturatesAt")
    }
    if test.form == .ratio {
      guard test.rule.ratioBoundsArePositive else { throw mistake(ruleNode, "expected bounds of a ratio above 0") }
    }
    return test
  }

  /// How a verdict counts units without a finite value.
  func incomplete(_ node: Node) throws(ReportError) -> IncompleteUnits {
    let word = try choice("incomplete", of: node, IncompleteUnits.allCases.map(\.rawValue))
    return word.flatMap(IncompleteUnits.init(rawValue:)) ?? .undecided
  }

  private func quantity(_ node: Node) throws(ReportError) -> ClaimTest.Quantity {
    ClaimTest.Quantity(source: try source(node), filter: try filter(node))
  }

  private func rule(_ node: Node) throws(ReportError) -> ClaimRule {
    let kinds = ["equal", "between", "greater", "less", "trend", "constant", "saturatesAt", "identical"]
    let present = kinds.filter { member($0, of: node) != nil }
    guard present.count == 1, let kind = present.first else {
      throw mistake(node, "expected one of \(kinds.joined(separator: ", "))")
    }
    switch kind {
    case "between":
      let bounds = try list("between", of: node).compactMap(\.value.doubleValue)
      guard bounds.count == 2, bounds[0] < bounds[1] else { throw mistake(node, "expected between with two bounds") }
      return .between(bounds[0], bounds[1])
    case "trend":
      return try choice("trend", of: node, ["increasing", "decreasing"]) == "increasing" ? .increasing : .decreasing
    default: break
    }
    guard let value = try number(kind, of: node) else { throw mistake(node, "expected a number for \(kind)") }
    switch kind {
    case "equal":
      guard let margin = try number("margin", of: node), margin > 0 else {
        throw mistake(node, "expected a margin above 0 beside equal")
      }
      return .equal(value, margin: margin)
    case "greater": return .greater(value)
    case "less": return .less(value)
    case "identical":
      guard value >= 0 else { throw mistake(node, "expected identical to be 0 or more") }
      return .identical(within: value)
    case "constant":
      guard value > 0 else { throw mistake(node, "expected constant with a margin above 0") }
      return .constant(margin: value)
    default:
      guard let from = try number("from", of: node), from < value else {
        throw mistake(node, "expected from below saturatesAt")
      }
      let share = try number("share", of: node) ?? 0.1
      let lessIsBetter = try choice("better", of: node, ["less", "greater"]) == "less"
      return .saturates(at: value, from: from, share: share, lessIsBetter: lessIsBetter)
    }
  }
}

extension ClaimRule {
  /// Whether the logarithms of all bounds exist.
  var ratioBoundsArePositive: Bool {
    switch self {
    case .equal(let value, let margin): value - margin > 0
    case .between(let low, _): low > 0
    case .greater(let bound), .less(let bound): bound > 0
    case .increasing, .decreasing, .constant, .saturates, .identical: true
    }
  }
}
