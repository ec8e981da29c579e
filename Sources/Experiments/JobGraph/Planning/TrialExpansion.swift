import ExperimentSpec
import JSON

/// Multiplies the axes: document order, the last axis fastest; zip groups advance as one; `exclude` trims; `include` adds.
struct TrialExpansion {
  let experiment: Experiment

  /// Returns all trials, or what keeps them from being made.
  func table(_ report: (Diagnostic) -> Void) -> TrialTable {
    let members = experiment.axes.flatMap(\.members)
    let nothing = TrialTable(variables: members.map(\.name), values: members.map { _ in [] })
    guard product <= SpecLimit.triedTrials, product * max(1, members.count) <= SpecLimit.triedValues else {
      report(
        atAxes(.largeProduct(trials: product == .max ? nil : product, limit: experiment.maxJobs)))
      return nothing
    }
    // More than this would be refused, and need not be kept.
    let room = min(experiment.maxJobs, SpecLimit.trialValues / max(1, members.count))
    guard product <= room || !experiment.exclude.isEmpty else {
      report(
        atAxes(
          product > experiment.maxJobs
            ? .tooManyTrials(product, limit: experiment.maxJobs)
            : .largeTrials(count: product, values: members.count)))
      return nothing
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
    let patterns = experiment.exclude + experiment.include + experiment.stages.compactMap(\.when)
    var table = TrialTable(
      variables: members.map(\.name), values: values,
      searched: Set(patterns.flatMap { $0.conditions.map(\.name) }))
    let excluded = PatternSet(experiment.exclude, table: table)
    guard product * excluded.cost <= SpecLimit.comparisons else {
      report(atAxes(.tooManyExclusions(experiment.exclude.count, trials: product)))
      return nothing
    }
    var kept = 0
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
      if !excluded.matches(row) {
        kept += 1
        if kept <= room { table.append(row) }
      }
      advance(&counters)
    }
    include(in: &table, report)
    let count = max(kept, table.count)
    if count > experiment.maxJobs {
      report(atAxes(.tooManyTrials(count, limit: experiment.maxJobs)))
    } else if count > room {
      report(atAxes(.largeTrials(count: count, values: members.count)))
    }
    if table.count == 0 { report(atAxes(.noTrials)) }
    return table
  }

  private func atAxes(_ mistake: PlanMistake) -> Diagnostic {
    Diagnostic(mistake, at: experiment.sources.excerpt(of: experiment.axesPlace))
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
      let given = Dictionary(
        pattern.conditions.compactMap { condition in condition.values.first.map { (condition.name, $0) } },
        uniquingKeysWith: { first, _ in first })
      var row = [Int32](repeating: 0, count: table.variables.count)
      for (variable, name) in table.variables.enumerated() {
        guard let value = given[name] else { continue }
        row[variable] = table.intern(value, variable: variable)
      }
      guard known.insert(row).inserted else {
        report(Diagnostic(.repeatedTrial, at: experiment.sources.excerpt(of: pattern.place)))
        continue
      }
      table.append(row)
    }
  }
}
