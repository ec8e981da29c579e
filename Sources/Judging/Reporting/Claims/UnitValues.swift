import ExperimentSpec
import Glibc
import JSON
import ResultsStore
import Statistics

/// The values of a claim's quantity, one for each independent unit.
struct UnitValues: Sendable {
  /// One unit: its value, or its values over an axis.
  struct Unit: Sendable {
    /// By position on the axis; one value if there is no axis.
    var values: [Double]
  }

  /// What the units are: "seed".
  var name: String
  /// The axis values that ``Unit/values`` belong to; one empty position without an axis.
  var positions: [Double]
  var units: [Unit] = []
  /// Units for which some value does not exist, by the most telling reason.
  var shortfall = Shortfall()
  /// Their number.
  var incompleteCount: Int { shortfall.count }
  /// All observations used, in the order found.
  var observations: [Measurement.Observation] = []

  /// Looks the values of a test up.
  ///
  /// Units served by the very same attempts count once: they are one measurement.
  init(_ test: ClaimTest, claimFilter: AssignmentPattern = .everything, index: ResultsIndex) {
    let trials = index.trials(test.filter).filter(claimFilter.matches)
    let names = UnitValues.unitNames(test, in: trials, index)
    name = names.joined(separator: ", ")
    var axisValues: [JSONValue] = []
    if let axis = test.over {
      axisValues = index.values(of: axis, in: trials.filter(test.quantity.filter.matches))
        .filter { $0.doubleValue != nil }
        .sorted { ($0.doubleValue ?? 0) < ($1.doubleValue ?? 0) }
    }
    positions = test.over == nil ? [0] : axisValues.compactMap(\.doubleValue)
    var order: [String] = []
    var groups: [String: [TrialResults]] = [:]
    for trial in trials {
      let key = names.map { trial.value(of: $0)?.compactText ?? "" }.joined(separator: "\u{1F}")
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(trial)
    }
    var seen: Set<[Int64]> = []
    for key in order {
      let group = groups[key] ?? []
      var used: [Measurement.Observation] = []
      var values: [Double] = []
      var gaps = Shortfall()
      for position in positions.indices {
        let members =
          test.over.map { axis in
            group.filter { $0.value(of: axis)?.isSameScalar(as: axisValues[position]) == true }
          } ?? group
        switch UnitValues.value(test, members, index, &used) {
        case .success(let value): values.append(value)
        case .failure(let gap): gaps.add(gap.kind)
        }
      }
      guard gaps.isEmpty, !values.isEmpty else {
        shortfall.add(gaps.kind ?? .unplanned)
        continue
      }
      guard seen.insert(used.map(\.attempt)).inserted else { continue }
      units.append(Unit(values: values))
      observations += used
    }
  }

  /// Why a unit has no value.
  private struct Gap: Error {
    var kind: Shortfall.Kind
  }

  private static func value(
    _ test: ClaimTest, _ trials: [TrialResults], _ index: ResultsIndex, _ used: inout [Measurement.Observation]
  ) -> Result<Double, Gap> {
    var observations: [Measurement.Observation] = []
    func mean(_ quantity: ClaimTest.Quantity) throws(Gap) -> Double {
      let chosen = trials.filter(quantity.filter.matches)
      guard !chosen.isEmpty else { throw Gap(kind: .unplanned) }
      let measurement = index.measurement(quantity.source, for: chosen)
      // A mean over survivors would compare units that are not alike.
      if let kind = measurement.shortfall.kind { throw Gap(kind: kind) }
      guard let mean = measurement.mean else { throw Gap(kind: .missing) }
      observations += measurement.observations
      return mean
    }
    func value() throws(Gap) -> Double {
      let value = try mean(test.quantity)
      guard test.form != .value, let against = test.against else { return value }
      let base = try mean(against)
      if test.form == .difference { return value - base }
      guard value > 0, base > 0 else { throw Gap(kind: .notPositive) }
      return log(value / base)
    }
    let result = Result { () throws(Gap) -> Double in
      let value = try value()
      guard value.isFinite else { throw Gap(kind: .infinite) }
      return value
    }
    used += observations
    return result
  }

  /// The axes in which the trials of one quantity differ at one position; what follows from the choice of trials, such as
  /// the label of a chosen zip member, does not tell units apart.
  private static func unitNames(_ test: ClaimTest, in trials: [TrialResults], _ index: ResultsIndex) -> [String] {
    if let units = test.units { return units }
    let quantities = [test.quantity, test.against].compactMap(\.self)
    let chosen = Set(quantities.flatMap { $0.filter.conditions.map(\.name) } + [test.over].compactMap(\.self))
    let parts = quantities.flatMap { quantity -> [[TrialResults]] in
      let part = trials.filter(quantity.filter.matches)
      return test.over.map { index.groups(part, by: $0, values: index.values(of: $0, in: part)) } ?? [part]
    }
    return (trials.first?.assignment.map(\.name) ?? []).filter { name in
      !chosen.contains(name) && !test.averaged.contains(name)
        && parts.contains { index.values(of: name, in: $0).count > 1 }
    }
  }
}
