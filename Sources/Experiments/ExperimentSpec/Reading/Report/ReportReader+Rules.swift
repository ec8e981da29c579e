import JSON

extension ReportReader {
  /// Reads a rule; of one that says one thing at least its kind is returned.
  ///
  /// `better` is what the spec says of the metric.
  func rule(
    _ node: LocatedJSON?, _ what: String, isRatio: Bool, better: Preference?
  ) -> (kind: ClaimRule.Kind, value: ClaimRule?)? {
    guard let object = reader.object(node, as: .rule, what) else { return nil }
    let kinds = ClaimRule.Kind.allCases.filter { object[$0.rawValue] != nil }
    let values = kinds.map { value(object, $0, isRatio: isRatio, better: better) }
    guard kinds.count == 1, let kind = kinds.first else {
      let names = ClaimRule.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      reader.report(
        .misplacedMember, at: object.node.range, "\(what) must say one thing, not \(kinds.count)",
        hint: "expected one of \(names)")
      return nil
    }
    checkCompanions(object, of: kind, knowsBetter: better != nil)
    return (kind, values[0])
  }

  private func value(
    _ rule: SpecMembers, _ kind: ClaimRule.Kind, isRatio: Bool, better: Preference?
  ) -> ClaimRule? {
    switch kind {
    case .between: return between(rule, isRatio: isRatio)
    case .trend:
      return rule.word("trend", as: ClaimRule.Trend.self).map { $0 == .increasing ? .increasing : .decreasing }
    case .constant: return rule.number("constant").map { .constant(margin: $0) }
    case .identical: return rule.number("identical").map { .identical(within: $0) }
    case .saturatesAt: return saturation(rule, better: better)
    case .equal:
      return equality(rule, isRatio: isRatio)
    case .greater: return bound(rule, kind, isRatio: isRatio).map { .greater($0) }
    case .less: return bound(rule, kind, isRatio: isRatio).map { .less($0) }
    }
  }

  private func bound(_ rule: SpecMembers, _ kind: ClaimRule.Kind, isRatio: Bool) -> Double? {
    guard let bound = rule.number(kind.rawValue) else { return nil }
    if !isRatio || bound > 0 { return bound }
    if let place = rule[kind.rawValue]?.range {
      reader.report(.outOfRange, at: place, "\(rule.phrase(kind.rawValue)) must be above 0, as every ratio is")
    }
    return nil
  }

  private func equality(_ rule: SpecMembers, isRatio: Bool) -> ClaimRule? {
    let (value, margin) = (bound(rule, .equal, isRatio: isRatio), rule.number("margin"))
    guard let value, let margin else { return nil }
    if isRatio, margin >= value, let place = rule["margin"]?.range {
      reader.report(
        .outOfRange, at: place, "\(rule.phrase("margin")) must be below 'equal', as every ratio is above 0")
    }
    return .equal(value, margin: margin)
  }

  private func between(_ rule: SpecMembers, isRatio: Bool) -> ClaimRule? {
    guard let elements = rule.list("between"), let place = rule["between"]?.range else { return nil }
    let values = elements.compactMap { reader.number($0, "a bound of \(rule.phrase("between"))") }
    guard values.count == elements.count else { return nil }
    guard values.count == 2, values[0] < values[1], !isRatio || values[0] > 0 else {
      reader.report(.outOfRange, at: place, "\(rule.phrase("between")) must be a lower and an upper bound")
      return nil
    }
    return .between(values[0], values[1])
  }

  private func saturation(_ rule: SpecMembers, better known: Preference?) -> ClaimRule? {
    let (at, from, share) = (rule.number("saturatesAt"), rule.number("from"), rule.number("share"))
    let better = rule.word("better", as: Preference.self) ?? known
    guard let at, let from, let better else { return nil }
    if from >= at, let place = rule["from"]?.range {
      reader.report(.outOfRange, at: place, "\(rule.phrase("from")) must be below 'saturatesAt'")
    }
    return .saturates(at: at, from: from, share: share ?? 0.1, lessIsBetter: better == .less)
  }

  /// Checks the members that go with the one that says what the rule is.
  private func checkCompanions(_ rule: SpecMembers, of kind: ClaimRule.Kind, knowsBetter: Bool) {
    for name in ["margin", "from", "share", "better"] where !kind.companions.contains(name) {
      guard let place = rule.keyRange(name) else { continue }
      reader.report(
        .misplacedMember, at: place, "\(rule.whole ?? "") has '\(name)', which '\(kind.rawValue)' does not use")
    }
    for name in kind.companions
    where name != "share" && rule[name] == nil && !(name == "better" && knowsBetter) {
      reader.report(
        .missingMember, at: rule.brace, "\(rule.whole ?? "") has no member '\(name)'",
        hint: "'\(kind.rawValue)' needs it")
    }
  }
}
