import AttemptModel
import GRDB

extension StoreMergeRows {
  /// The machine around the new timed attempts.
  func insertConditions() throws {
    try database.execute(
      sql: """
        INSERT INTO main.timing_condition (attempt_id, \(TimingConditions.columns))
        SELECT m.target, \(TimingConditions.columns)
        FROM merge_attempt AS m JOIN source.timing_condition AS c ON c.attempt_id = m.source WHERE m.is_new
        """)
  }

  /// Calibrations and accepted baselines, also of runs that are here already: both may come later than their run.
  func insertJudgements() throws {
    try database.execute(
      sql: """
        INSERT INTO main.calibration (uid, run_id, experiment, cell, computed_at, significance, comparisons, false_alarms,
          false_alarm_lower, false_alarm_upper, pairs, noise, power, detectable, detectable_lower, detectable_upper, planted,
          planted_comparisons, planted_found)
        SELECT c.uid, r.target, c.experiment, c.cell, c.computed_at, c.significance, c.comparisons, c.false_alarms,
          c.false_alarm_lower, c.false_alarm_upper, c.pairs, c.noise, c.power, c.detectable, c.detectable_lower, c.detectable_upper,
          c.planted, c.planted_comparisons, c.planted_found
        FROM merge_run AS r JOIN source.calibration AS c ON c.run_id = r.source
        WHERE c.uid NOT IN (SELECT uid FROM main.calibration) ORDER BY c.id;
        INSERT INTO main.baseline (uid, run_id, experiment, cell, value, unit, nights, accepted_by, reason, accepted_at)
        SELECT b.uid, r.target, b.experiment, b.cell, b.value, b.unit, b.nights, b.accepted_by, b.reason, b.accepted_at
        FROM merge_run AS r JOIN source.baseline AS b ON b.run_id = r.source
        WHERE b.uid NOT IN (SELECT uid FROM main.baseline) ORDER BY b.id;
        """)
  }
}
