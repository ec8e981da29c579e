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

  init(variables: [String], values: [[JSONValue]]) {
    self.variables = variables
    self.values = values
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
    if let index = values[variable].firstIndex(of: value) { return Int32(index) }
    values[variable].append(value)
    return Int32(values[variable].count - 1)
  }

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

/// A pattern as sets of positions.
struct CompiledPattern {
  private var conditions: [(variable: Int, allowed: [Bool])] = []

  init(_ pattern: AssignmentPattern, table: TrialTable) {
    for condition in pattern.conditions {
      guard let variable = table.variables.firstIndex(of: condition.name) else { continue }
      let allowed = table.values[variable].map { value in condition.values.contains { $0.isSameScalar(as: value) } }
      conditions.append((variable, allowed))
    }
  }

  func matches(_ row: some RandomAccessCollection<Int32>) -> Bool {
    conditions.allSatisfy { condition in
      condition.allowed[Int(row[row.index(row.startIndex, offsetBy: condition.variable)])]
    }
  }
}
