import AttemptModel
import JSON

/// What the pools of an experiment hold.
struct PoolDeclarations {
  var sizes: [String: Int] = [:]
  var indexed: [String: IndexedPool] = [:]
}

/// What a stage says about its attempts.
struct AttemptRules {
  /// How many retries there may be.
  static let range = 0...1000

  var retries = 0
  var backoff: RetryBackoff?
}

extension SpecReader {
  /// Reads the pools of an experiment: sizes, or the names of their tokens.
  func pools(_ node: LocatedJSON?) -> PoolDeclarations {
    var pools = PoolDeclarations()
    var variables: [(name: String, range: Range<Int>, pool: String)] = []
    for member in namedMembers(node, "'resources'") ?? [] {
      checkName(member.key, at: member.keyRange, "a resource")
      let what = "'\(member.key)' in 'resources'"
      guard member.value.members != nil else {
        pools.sizes[member.key] = integer(member.value, what, in: 0...SpecLimit.poolSize)
        continue
      }
      guard let object = object(member.value, as: .pool, what) else { continue }
      let names = object.texts("indices")
      var seen: Set<String> = []
      for (name, range) in names where name.contains(",") || !seen.insert(name).inserted {
        report(.impossibleIndex(name, of: what), at: range)
      }
      let variable = object.text("variable")
      if let variable, let node = object["variable"] {
        checkVariableName(variable, at: node.range)
        variables.append((variable, node.range, member.key))
      }
      pools.sizes[member.key] = names.count
      pools.indexed[member.key] = IndexedPool(indices: names.map(\.text), variable: variable)
    }
    let indexed = (node?.members ?? []).filter { pools.indexed[$0.key] != nil }
    checkVariables(indexed.map { ($0.key, $0.keyRange) }, "pools") { [VariableName.resource($0)] }
    var owners: [String: String] = [:]
    for (name, range, pool) in variables {
      if let first = owners[name], first != pool {
        report(.sharedPoolVariable(pools: pool, first, variable: name), at: range)
      }
      owners[name] = pool
    }
    return pools
  }

  /// Reads a number of retries, or an object with their pauses.
  func attemptRules(_ node: LocatedJSON?, _ what: String) -> AttemptRules {
    let whole = "'retries' of \(what)"
    guard let node, node.members != nil else {
      return AttemptRules(
        retries: integer(node, whole, in: AttemptRules.range, "an integer or an object such as {\"limit\": 3}") ?? 0)
    }
    guard let object = object(node, as: .retries, whole) else { return AttemptRules() }
    var rules = AttemptRules(retries: object.integer("limit") ?? 0)
    let (first, longest) = (object.duration("backoff"), object.duration("longest"))
    let factor = object.number("factor")
    if first != nil || factor != nil || longest != nil {
      rules.backoff = RetryBackoff(firstSeconds: first ?? 1, factor: factor ?? 2, longestSeconds: longest ?? 3600)
    }
    return rules
  }

  /// Reads a duration in seconds, above 0 unless it may be 0.
  func duration(_ node: LocatedJSON?, _ what: String, allowsZero: Bool = false) -> Double? {
    guard let node, let seconds = quantity(node, DurationText.seconds) else {
      if let node { report(.notADuration(what), at: node.range) }
      return nil
    }
    guard allowsZero ? seconds >= 0 : seconds > 0 else {
      report(.tooShort(what, allowsZero: allowsZero), at: node.range)
      return nil
    }
    guard seconds <= SpecLimit.durationSeconds else {
      report(.tooLong(what), at: node.range)
      return nil
    }
    return seconds
  }

  /// Reads a positive number of bytes.
  func byteCount(_ node: LocatedJSON?, _ what: String) -> Int? {
    guard let node else { return nil }
    guard let bytes = quantity(node, ByteCountText.bytes), bytes > 0, bytes < 0x1p60 else {
      report(.notAnAmountOfMemory(what), at: node.range)
      return nil
    }
    return Int(exactly: bytes.rounded())
  }

  /// The number in a node, or what its text amounts to.
  private func quantity(_ node: LocatedJSON, _ parse: (String) -> Double?) -> Double? {
    switch node.content {
    case .scalar(.string(let text)): parse(text)
    case .scalar(let scalar): scalar.doubleValue
    default: nil
    }
  }
}
