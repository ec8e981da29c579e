public import AttemptModel
import ResultsStore
import Statistics

/// One run of a nightly experiment, and whether its timings can be trusted.
///
/// A night on which something compared with itself seemed to differ, or on which a planted slow-down was not found, is blind: it neither
/// raises an alarm nor counts as history.
public struct Night: Sendable {
  /// A comparison whose right outcome is known.
  public struct Control: Sendable {
    /// What is compared, "STAGE:METRIC/REFERENCE".
    public var cell: String
    /// The slow-down that was planted, a share; nil for something against itself.
    public var planted: Double?
    /// What the comparison found.
    public var outcome: ComparisonRule.Outcome

    /// Whether the comparison found what is true.
    public var isRight: Bool { outcome.finding == (planted == nil ? .none : .slower) }
  }

  /// Row id of the run.
  public var run: Int64
  /// ISO 8601 UTC.
  public var startedAt: String
  /// Commit of the project, or "unknown".
  public var commit: String
  /// Whether the work tree differed from the commit.
  public var isDirty: Bool
  /// How it ended.
  public var state: RunState
  /// The comparisons whose outcome is known.
  public var controls: [Control]
  /// How many timed attempts tell whether the machine was quiet around them.
  public var timedAttempts: Int
  /// Around how many of those it was not.
  public var busyAttempts: Int
  /// Most processors that other work kept busy around one of those; nil if unknown or none was busy.
  public var greatestLoad: Double?

  /// Why the night's timings are not to be trusted; empty if they are.
  public var blindReasons: [String] {
    controls.filter { !$0.isRight }.map { control in
      let found = "ratio \(Self.text(control.outcome))"
      guard control.outcome.finding != .tooFew else {
        return "\(control.cell): \(control.outcome.pairs) pairs are too few to find anything"
      }
      guard let planted = control.planted else {
        return "\(control.cell), the same thing twice, seems \(control.outcome.finding.rawValue): \(found)"
      }
      return "\(control.cell), made slower by \(Self.percent(planted)), was not found to be: \(found)"
    }
  }

  /// Whether the night's timings are not to be trusted.
  public var isBlind: Bool { controls.contains { !$0.isRight } }

  init(_ run: SeriesRun<AttemptDigest>, rule: ComparisonRule) {
    self.run = run.id
    startedAt = run.startedAt
    commit = run.commit
    isDirty = run.isDirty
    state = run.state
    let known = run.jobs.filter { $0.isOwn && $0.isQuiet != nil }
    timedAttempts = known.count
    busyAttempts = known.count { $0.isQuiet == false }
    greatestLoad = known.filter { $0.isQuiet == false }.compactMap(\.load).max()
    var comparisons = ControlComparisons()
    comparisons.add(run)
    let sameThings = comparisons.identity.count
    controls = comparisons.order.compactMap { cell in
      let comparison = (comparisons.identity[cell] ?? comparisons.planted[cell] ?? []).last
      guard let comparison, !comparison.logRatios.isEmpty else { return nil }
      // The family shares the risk of calling a good night blind; a planted slow-down must be found by itself.
      let family = comparison.share == nil ? sameThings : 1
      guard let outcome = try? rule.compare(logRatios: comparison.logRatios, family: family) else { return nil }
      return Control(cell: cell, planted: comparison.share, outcome: outcome)
    }
  }

  /// A ratio with its interval, three decimals.
  static func text(_ outcome: ComparisonRule.Outcome) -> String {
    func rounded(_ value: Double) -> String { "\((value * 1000).rounded() / 1000)" }
    guard let interval = outcome.interval else { return rounded(outcome.ratio) }
    return "\(rounded(outcome.ratio)) [\(rounded(interval.lower)), \(rounded(interval.upper))]"
  }

  static func percent(_ share: Double) -> String { "\((share * 1000).rounded() / 10) %" }
}
