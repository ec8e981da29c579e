import ExperimentSpec
import JSON

/// All trials as positions in tables of values: compact, and quick to compare.
struct TrialTable {
  /// Names of the axes and zip members.
  let variables: [String]
  /// The values of each variable, each once; included trials may add some.
  private(set) var values: [[JSONValue]]
  /// Row by row, for each variable the position of its value.
  private(set) var cells: [Int32] = []
  /// Number of trials.
  private(set) var count = 0
  private var indices: [ValueIndex]

  /// Makes a table without trials; `searched` has the variables whose values patterns name.
  init(variables: [String], values: [[JSONValue]], searched: Set<String> = []) {
    self.variables = variables
    self.values = values
    indices = zip(variables, values).map { ValueIndex(searched.contains($0) ? $1 : []) }
  }

  /// Returns the position of a trial's value in the table of a variable.
  func cell(_ trial: Int, _ variable: Int) -> Int32 {
    cells[trial * variables.count + variable]
  }

  func value(_ trial: Int, _ variable: Int) -> JSONValue {
    values[variable][Int(cell(trial, variable))]
  }

  mutating func append(_ row: [Int32]) {
    cells += row
    count += 1
  }

  /// Returns the position of a value, after adding it if it is new.
  mutating func intern(_ value: JSONValue, variable: Int) -> Int32 {
    if let position = indices[variable].positions(of: value).first { return position }
    values[variable].append(value)
    return indices[variable].add(value)
  }

  /// Returns the positions of a value in the table of a variable: of `1` those of `1` and `1.0`.
  func positions(of value: JSONValue, variable: Int) -> [Int32] { indices[variable].positions(of: value) }

  func row(_ trial: Int) -> ArraySlice<Int32> {
    cells[trial * variables.count..<(trial + 1) * variables.count]
  }

  var trials: [Trial] {
    (0..<count).map { trial in
      let assignment = variables.indices.map { (name: variables[$0], value: value(trial, $0)) }
      return Trial(index: trial, assignment: assignment)
    }
  }
}

/// Finds the positions of values, whichever way their numbers are written.
private struct ValueIndex {
  private var count: Int32 = 0
  private var first: [JSONValue: Int32] = [:]
  /// The further positions of those few values that are there in two ways.
  private var others: [JSONValue: [Int32]] = [:]

  init(_ values: [JSONValue]) {
    first.reserveCapacity(values.count)
    for value in values { _ = add(value) }
  }

  mutating func add(_ value: JSONValue) -> Int32 {
    defer { count += 1 }
    let identity = value.scalarIdentity
    if first[identity] == nil { first[identity] = count } else { others[identity, default: []].append(count) }
    return count
  }

  func positions(of value: JSONValue) -> [Int32] {
    let identity = value.scalarIdentity
    guard let position = first[identity] else { return [] }
    return [position] + (others[identity] ?? [])
  }
}

/// A pattern as sets of positions.
struct CompiledPattern {
  let conditions: [(variable: Int, allowed: Set<Int32>)]

  init(_ pattern: AssignmentPattern, table: TrialTable) {
    var conditions: [(variable: Int, allowed: Set<Int32>)] = []
    for condition in pattern.conditions {
      guard let variable = table.variables.firstIndex(of: condition.name) else { continue }
      let allowed = Set(condition.values.flatMap { table.positions(of: $0, variable: variable) })
      conditions.append((variable, allowed))
    }
    self.conditions = conditions
  }

  func matches(_ row: some RandomAccessCollection<Int32>) -> Bool {
    conditions.allSatisfy { variable, allowed in
      allowed.contains(row[row.index(row.startIndex, offsetBy: variable)])
    }
  }
}

/// Many patterns of which a row must match one: those that name the same variables are looked up together.
struct PatternSet {
  /// The rows' cells that a group of patterns looks at, and what they may be.
  private struct Group {
    var variables: [Int]
    var rows: Set<[Int32]> = []
  }

  private var groups: [Group] = []
  private var others: [CompiledPattern] = []

  /// Combinations of values beyond which a pattern is looked at by itself.
  private static let combinationLimit = 1_000

  init(_ patterns: [AssignmentPattern], table: TrialTable) {
    var positions: [[Int]: Int] = [:]
    for pattern in patterns {
      let compiled = CompiledPattern(pattern, table: table)
      let conditions = compiled.conditions.sorted { $0.variable < $1.variable }
      var combinations = 1
      for condition in conditions {
        combinations = min(combinations * condition.allowed.count, Self.combinationLimit + 1)
      }
      guard combinations <= Self.combinationLimit else {
        others.append(compiled)
        continue
      }
      let variables = conditions.map(\.variable)
      let position = positions[variables] ?? groups.count
      if position == groups.count {
        positions[variables] = position
        groups.append(Group(variables: variables))
      }
      var rows: [[Int32]] = [[]]
      for condition in conditions { rows = rows.flatMap { row in condition.allowed.map { row + [$0] } } }
      groups[position].rows.formUnion(rows)
    }
  }

  /// How many look-ups a row costs.
  var cost: Int { groups.count + others.count }

  func matches(_ row: [Int32]) -> Bool {
    groups.contains { group in group.rows.contains(group.variables.map { row[$0] }) }
      || others.contains { $0.matches(row) }
  }
}
