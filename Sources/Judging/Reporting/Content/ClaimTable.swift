import ExperimentSpec
import Statistics

/// The claims of an experiment with their verdicts, as tables.
enum ClaimTable {
  /// Returns one line per test; a claim's verdict stands in its first.
  static func model(_ outcomes: [ClaimOutcome]) -> TableModel {
    let voice = outcomes.first?.voice ?? .paper
    let paper = voice == .paper ? ["Paper"] : []
    var table = TableModel(
      header: [voice.noun, voice.statementHead, "Measured quantity"] + paper
        + ["Measured", "90 % interval", "n", "Holds if", "p", "Verdict"],
      leadingColumns: 3)
    table.alignments[table.header.count - 3] = .leading
    table.alignments[table.header.count - 1] = .leading
    for outcome in outcomes where outcome.request.missing == nil {
      let p = outcome.adjustedP.map(probability) ?? NumberFormat.missing
      for (position, test) in outcome.tests.enumerated() {
        table.addresses[table.rows.count] = [3 + paper.count: outcome.id]
        let printed = test.test.paper.isEmpty ? NumberFormat.missing : test.test.paper
        table.rows.append(
          (position == 0 ? [outcome.id, statement(outcome.request)] : ["", ""])
            + [test.test.label] + (paper.isEmpty ? [] : [printed]) + numbers(test, showsLevel: false)
            + [test.test.rule.text]
            + (position == 0 ? [p, outcome.verdict.text(unit: test.values.name, voice: voice)] : ["", ""]))
      }
    }
    return table
  }

  /// Returns the claims that nothing here could decide, with what would make them testable.
  static func untestable(_ outcomes: [ClaimOutcome]) -> TableModel {
    let voice = outcomes.first?.voice ?? .paper
    var table = TableModel(
      header: [voice.noun, voice.statementHead, "What would make it testable"], leadingColumns: 3)
    for outcome in outcomes {
      guard case .notTestable(let missing) = outcome.verdict else { continue }
      table.rows.append([outcome.id, statement(outcome.request), missing])
    }
    return table
  }

  /// Returns "2 reproduced, 1 refuted" and so on, without what does not occur.
  static func counts(_ outcomes: [ClaimOutcome]) -> String {
    Voice.words.compactMap { word in
      let count = outcomes.count { $0.word == word }
      return count == 0 ? nil : Voice.count(count, word)
    }.joined(separator: ", ")
  }

  /// Returns what a claim's number is: measured value, interval with its level unless a head has it, count.
  static func numbers(_ outcome: TestOutcome, showsLevel: Bool = true) -> [String] {
    let count = outcome.values.units.count
    let whole = count + outcome.values.incompleteCount
    let counts = count == whole ? "\(count)" : "\(count) of \(whole)"
    guard let estimate = outcome.estimate else { return [NumberFormat.missing, NumberFormat.missing, counts] }
    let unit = outcome.test.unit.isEmpty ? "" : " \(outcome.test.unit)"
    var interval = NumberFormat.missing
    if let range = estimate.interval {
      interval = "[\(number(range.lower, outcome)), \(number(range.upper, outcome))]"
      if showsLevel { interval += " (\(NumberFormat.trimmed(range.level * 100, 1)) %)" }
    }
    return [number(estimate.value, outcome) + unit, interval, counts]
  }

  /// Returns a risk with two significant digits; small ones as a bound.
  static func probability(_ p: Double) -> String {
    p < 0.0001 ? "< 0.0001" : NumberFormat.significant(p, 2)
  }

  /// Returns where every claim's numbers come from.
  static func traces(_ outcomes: [ClaimOutcome]) -> [TraceEntry] {
    outcomes.filter { $0.request.missing == nil }.map { outcome in
      var seen: Set<Measurement.Observation> = []
      let observations = outcome.tests.flatMap(\.values.observations).filter { seen.insert($0).inserted }
      let sources = outcome.tests.flatMap { [$0.test.quantity.source, $0.test.against?.source].compactMap { $0 } }
      var known: Set<MetricSource> = []
      let distinct = sources.filter { known.insert($0).inserted }
      return TraceEntry(
        address: outcome.id, title: "\(outcome.voice.noun) \(outcome.id): \(outcome.text)",
        text: outcome.tests.map { numbers($0)[0] }.joined(separator: "; "), sources: distinct,
        observations: observations)
    }
  }

  private static func number(_ value: Double, _ outcome: TestOutcome) -> String {
    outcome.test.digits.map { NumberFormat.fixed(value, $0) } ?? NumberFormat.significant(value, 4)
  }

  private static func statement(_ request: ClaimRequest) -> String {
    let remark = request.remark.isEmpty ? "" : " *\(request.remark)*"
    return request.text + (request.place.isEmpty ? "" : " (\(request.place))") + remark
  }
}
