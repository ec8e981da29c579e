import ExperimentSpec
import JSON

/// Multiplies the axes: document order, the last axis fastest; zip groups advance as one; `exclude` trims; `include` adds.
struct TrialExpansion {
  let experiment: Experiment

  /// Products beyond this are refused without being tried.
  private static let productLimit = 20_000_000

  /// Returns all trials, or what keeps them from being made.
  func table(_ report: (Diagnostic) -> Void) -> TrialTable {
    let members = experiment.axes.flatMap(\.members)
    guard product <= Self.productLimit else {
      report(tooMany("the axes multiply to \(product == .max ? "far too many" : String(product)) trials"))
      return TrialTable(variables: members.map(\.name), values: members.map { _ in [] })
    }
    var values: [[JSONValue]] = []
    var positions: [[Int32]] = []
    for axis in members {
      var known: [JSONValue: Int32] = [:]
      var distinct: [JSONValue] = []
      let cells = axis.values.map { value -> Int32 in
        if let position = known[value] { return position }
        known[value] = Int32(distinct.count)
        distinct.append(value)
        return Int32(distinct.count - 1)
      }
      positions.append(cells)
      values.append(distinct)
    }
    var table = TrialTable(variables: members.map(\.name), values: values)
    let patterns = experiment.exclude.map { CompiledPattern($0, table: table) }
    var counters = experiment.axes.map { _ in 0 }
    var row = [Int32](repeating: 0, count: members.count)
    for _ in 0..<product {
      var variable = 0
      for (group, counter) in zip(experiment.axes, counters) {
        for _ in group.members {
          row[variable] = positions[variable][counter]
          variable += 1
        }
      }
      if !patterns.contains(where: { $0.matches(row) }) { table.append(row) }
      advance(&counters)
    }
    include(in: &table, report)
    if table.count > experiment.maxJobs { report(tooMany("there are \(table.count) trials")) }
    if table.count == 0 {
      report(
        Diagnostic(
          code: .noTrials, message: "no trial is left after 'exclude'",
          place: experiment.sources.excerpt(of: experiment.axesPlace), hint: "exclude fewer trials"))
    }
    return table
  }

  private func tooMany(_ what: String) -> Diagnostic {
    Diagnostic(
      code: .tooManyJobs, message: "\(what), more than 'maxJobs' (\(experiment.maxJobs)) allows",
      place: experiment.sources.excerpt(of: experiment.axesPlace), hint: "shorten the axes or raise 'maxJobs'")
  }

  private var product: Int {
    experiment.axes.reduce(1) { product, group in
      let (result, overflow) = product.multipliedReportingOverflow(by: group.count)
      return overflow ? .max : result
    }
  }

  private func advance(_ counters: inout [Int]) {
    for axis in counters.indices.reversed() {
      counters[axis] += 1
      if counters[axis] < experiment.axes[axis].count { return }
      counters[axis] = 0
    }
  }

  private func include(in table: inout TrialTable, _ report: (Diagnostic) -> Void) {
    guard !experiment.include.isEmpty else { return }
    var known = Set((0..<table.count).map { Array(table.row($0)) })
    for pattern in experiment.include {
      var row = [Int32](repeating: 0, count: table.variables.count)
      for (variable, name) in table.variables.enumerated() {
        guard let value = pattern.conditions.first(where: { $0.name == name })?.values.first else { continue }
        let existing = table.values[variable].first { $0.isSameScalar(as: value) }
        row[variable] = table.intern(existing ?? value, variable: variable)
      }
      guard known.insert(row).inserted else {
        report(
          Diagnostic(
            code: .duplicateValue, message: "the included trial is there already",
            place: experiment.sources.excerpt(of: pattern.place), hint: "remove it"))
        continue
      }
      table.append(row)
    }
  }
}
