extension Schema {
  /// The machine around timed attempts, calibrations and accepted baselines.
  static let toVersion3 = """
    CREATE TABLE timing_condition (
      attempt_id INTEGER PRIMARY KEY REFERENCES attempt (id),
      load_limit REAL NOT NULL CHECK (load_limit > 0),
      wait_limit_seconds REAL NOT NULL CHECK (wait_limit_seconds >= 0),
      waited_seconds REAL NOT NULL CHECK (waited_seconds >= 0),
      load_before REAL,
      load_during REAL,
      frequency_start_mhz REAL,
      frequency_end_mhz REAL,
      temperature_start_celsius REAL,
      temperature_end_celsius REAL,
      is_quiet INTEGER CHECK (is_quiet IN (0, 1))
    ) STRICT;

    CREATE TABLE calibration (
      id INTEGER PRIMARY KEY,
      uid TEXT NOT NULL UNIQUE,
      run_id INTEGER NOT NULL REFERENCES run (id),
      experiment TEXT NOT NULL,
      cell TEXT NOT NULL,
      computed_at TEXT NOT NULL,
      significance REAL NOT NULL CHECK (significance > 0 AND significance < 1),
      comparisons INTEGER NOT NULL CHECK (comparisons >= 1),
      false_alarms INTEGER NOT NULL CHECK (false_alarms BETWEEN 0 AND comparisons),
      false_alarm_lower REAL NOT NULL,
      false_alarm_upper REAL NOT NULL,
      pairs INTEGER NOT NULL CHECK (pairs >= 2),
      noise REAL NOT NULL CHECK (noise >= 0),
      power REAL NOT NULL CHECK (power > 0 AND power < 1),
      detectable REAL,
      detectable_lower REAL,
      detectable_upper REAL,
      planted REAL CHECK (planted > 0),
      planted_comparisons INTEGER NOT NULL CHECK (planted_comparisons >= 0),
      planted_found INTEGER NOT NULL CHECK (planted_found BETWEEN 0 AND planted_comparisons)
    ) STRICT;

    CREATE INDEX calibration_by_experiment ON calibration (experiment, cell);
    CREATE INDEX calibration_by_run ON calibration (run_id);

    CREATE TABLE baseline (
      id INTEGER PRIMARY KEY,
      uid TEXT NOT NULL UNIQUE,
      run_id INTEGER NOT NULL REFERENCES run (id),
      experiment TEXT NOT NULL,
      cell TEXT NOT NULL,
      value REAL NOT NULL,
      unit TEXT NOT NULL,
      nights INTEGER NOT NULL CHECK (nights >= 1),
      accepted_by TEXT NOT NULL CHECK (accepted_by <> ''),
      reason TEXT NOT NULL CHECK (reason <> ''),
      accepted_at TEXT NOT NULL
    ) STRICT;

    CREATE INDEX baseline_by_experiment ON baseline (experiment, cell);
    CREATE INDEX baseline_by_run ON baseline (run_id);

    CREATE TRIGGER baseline_is_never_changed BEFORE UPDATE ON baseline BEGIN SELECT RAISE(ABORT, 'baselines are append-only'); END;
    CREATE TRIGGER baseline_is_never_removed BEFORE DELETE ON baseline BEGIN SELECT RAISE(ABORT, 'baselines are append-only'); END;

    CREATE VIEW timing AS
    SELECT spec.name AS experiment, attempt.run_id AS run, attempt.stage AS stage, attempt.job_position AS job, attempt.id AS attempt,
      machine.fingerprint AS machine, attempt.started_at AS started_at, timing_condition.is_quiet AS is_quiet,
      timing_condition.waited_seconds AS waited_seconds, timing_condition.load_limit AS load_limit,
      timing_condition.load_before AS load_before, timing_condition.load_during AS load_during, attempt.load_start AS load_average_start,
      attempt.load_end AS load_average_end, attempt.cpu_pressure_start AS cpu_pressure_start, attempt.cpu_pressure_end AS cpu_pressure_end,
      timing_condition.frequency_start_mhz AS frequency_start_mhz, timing_condition.frequency_end_mhz AS frequency_end_mhz,
      timing_condition.temperature_start_celsius AS temperature_start_celsius,
      timing_condition.temperature_end_celsius AS temperature_end_celsius
    FROM timing_condition JOIN attempt ON attempt.id = timing_condition.attempt_id JOIN plan ON plan.id = attempt.plan_id
    JOIN spec ON spec.id = plan.spec_id JOIN machine ON machine.id = attempt.machine_id ORDER BY attempt.id DESC;

    CREATE VIEW latest_calibration AS
    SELECT * FROM (
      SELECT calibration.experiment AS experiment, calibration.cell AS cell, machine.fingerprint AS machine, calibration.computed_at AS computed_at,
        calibration.run_id AS run, calibration.significance AS significance, calibration.comparisons AS comparisons,
        calibration.false_alarms AS false_alarms, calibration.false_alarm_lower AS false_alarm_lower,
        calibration.false_alarm_upper AS false_alarm_upper, calibration.pairs AS pairs, calibration.noise AS noise, calibration.power AS power,
        calibration.detectable AS detectable, calibration.detectable_lower AS detectable_lower,
        calibration.detectable_upper AS detectable_upper, calibration.planted AS planted,
        calibration.planted_comparisons AS planted_comparisons, calibration.planted_found AS planted_found,
        row_number() OVER (
          PARTITION BY calibration.experiment, calibration.cell, machine.fingerprint ORDER BY calibration.computed_at DESC, calibration.uid DESC
        ) AS place
      FROM calibration JOIN run ON run.id = calibration.run_id JOIN machine ON machine.id = run.machine_id
    ) WHERE place = 1;

    CREATE VIEW accepted_baseline AS
    SELECT * FROM (
      SELECT baseline.experiment AS experiment, baseline.cell AS cell, machine.fingerprint AS machine, baseline.value AS value,
        baseline.unit AS unit, baseline.nights AS nights, baseline.run_id AS run, baseline.accepted_by AS accepted_by,
        baseline.reason AS reason, baseline.accepted_at AS accepted_at,
        row_number() OVER (
          PARTITION BY baseline.experiment, baseline.cell, machine.fingerprint ORDER BY baseline.accepted_at DESC, baseline.uid DESC
        ) AS place
      FROM baseline JOIN run ON run.id = baseline.run_id JOIN machine ON machine.id = run.machine_id
    ) WHERE place = 1;
    """
}
