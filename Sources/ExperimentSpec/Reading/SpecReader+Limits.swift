import JSON

/// What the pools of an experiment hold.
struct PoolDeclarations {
  var sizes: [String: Int] = [:]
  var indexed: [String: IndexedPool] = [:]
}

/// What a stage says about its attempts.
struct AttemptRules {
  var retries = 0
  var backoff: RetryBackoff?
}

extension SpecReader {
  /// Reads the pools of an experiment: sizes, or the names of their tokens.
  func pools(_ node: LocatedJSON?) -> PoolDeclarations {
    var pools = PoolDeclarations()
    for member in namedMembers(node, "'resources'") ?? [] {
      checkName(member.key, at: member.keyRange, "a resource")
      let what = "'\(member.key)' in 'resources'"
      guard member.value.members != nil else {
        pools.sizes[member.key] = integer(member.value, what, in: 0...Int.max)
        continue
      }
      guard let object = object(member.value, as: .pool, what) else { continue }
      let names = strings(object["indices"], "'indices' of \(what)")
      var seen: Set<String> = []
      for (name, range) in names where name.contains(",") || !seen.insert(name).inserted {
        report(
          .outOfRange, at: range, "'\(name)' cannot be an index of \(what)",
          hint: "expected a name without a comma that occurs once")
      }
      let variable = string(object["variable"], "'variable' of \(what)")
      if let variable, variable.contains("="), let node = object["variable"] {
        report(
          .invalidName, at: node.range, "'\(variable)' cannot be the name of an environment variable",
          hint: "expected a name without '='")
      }
      pools.sizes[member.key] = names.count
      pools.indexed[member.key] = IndexedPool(indices: names.map(\.text), variable: variable)
    }
    return pools
  }

  /// Reads a number of retries, or an object with their pauses.
  func attemptRules(_ node: LocatedJSON?, _ what: String) -> AttemptRules {
    let range = 0...1000
    guard let node, node.members != nil else {
      return AttemptRules(retries: integer(node, "'retries' of \(what)", in: range) ?? 0)
    }
    let whole = "'retries' of \(what)"
    guard let object = object(node, as: .retries, whole) else { return AttemptRules() }
    var rules = AttemptRules(retries: integer(object["limit"], "'limit' of \(whole)", in: range) ?? 0)
    let first = duration(object["backoff"], "'backoff' of \(whole)")
    let longest = duration(object["longest"], "'longest' of \(whole)")
    var factor = number(object["factor"], "'factor' of \(whole)")
    if let value = factor, let node = object["factor"], !(1...1000).contains(value) {
      report(.outOfRange, at: node.range, "'factor' of \(whole) is \(value)", hint: "expected from 1 to 1000")
      factor = nil
    }
    if first != nil || factor != nil || longest != nil {
      rules.backoff = RetryBackoff(firstSeconds: first ?? 1, factor: factor ?? 2, longestSeconds: longest ?? 3600)
    }
    return rules
  }

  /// Reads a positive duration in seconds.
  func duration(_ node: LocatedJSON?, _ what: String) -> Double? {
    positive(node, .badDuration, "\(what) is not a duration", DurationText.expectation, DurationText.seconds)
  }

  /// Reads a positive number of bytes.
  func byteCount(_ node: LocatedJSON?, _ what: String) -> Int? {
    positive(
      node, .outOfRange, "\(what) is not an amount of memory", ByteCountText.expectation, ByteCountText.bytes
    ).flatMap { Int(exactly: $0.rounded()) }
  }

  private func positive(
    _ node: LocatedJSON?, _ code: DiagnosticCode, _ problem: String, _ expectation: String, _ parse: (String) -> Double?
  ) -> Double? {
    guard let node else { return nil }
    let value: Double?
    switch node.content {
    case .scalar(.string(let text)): value = parse(text)
    case .scalar(let scalar): value = scalar.doubleValue
    default: value = nil
    }
    guard let value, value > 0, value < 0x1p60 else {
      report(code, at: node.range, problem, hint: "expected \(expectation)")
      return nil
    }
    return value
  }
}
