-- The results database, version 5.
--
-- This file is the only definition of a new database: the build embeds it into the programs. A change of it needs a new version
-- number here, and a migration in Sources/Results/ResultsStore/Schema that leads from the previous version to the same tables.
--
-- Conventions: times are ISO 8601 UTC text; ..._ns are nanoseconds of the monotonic clock of the machine and boot in question; digests are
-- SHA-256 as 64 lower-case hexadecimal digits; JSON is canonical text; a value that could not be had is NULL, never zero.

CREATE TABLE schema_version (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;

INSERT INTO schema_version (id, version) VALUES (1, 5);

-- One row for each distinguishable machine.
CREATE TABLE machine (
  id INTEGER PRIMARY KEY,
  fingerprint TEXT NOT NULL UNIQUE CHECK (length(fingerprint) = 64),
  cpu_model TEXT NOT NULL,
  cores INTEGER NOT NULL CHECK (cores > 0),
  memory_bytes INTEGER NOT NULL CHECK (memory_bytes >= 0),
  kernel TEXT NOT NULL,
  is_virtualized INTEGER NOT NULL CHECK (is_virtualized IN (0, 1))
) STRICT;

-- The project's source at the start of a run. `difference` is the output of git diff, cut at 1 MiB; `difference_digest` covers all of it.
CREATE TABLE code_state (
  id INTEGER PRIMARY KEY,
  commit_id TEXT NOT NULL,
  is_dirty INTEGER NOT NULL CHECK (is_dirty IN (0, 1)),
  difference_digest TEXT NOT NULL,
  difference TEXT NOT NULL,
  UNIQUE (commit_id, is_dirty, difference_digest)
) STRICT;

-- A resolved experiment.
CREATE TABLE spec (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
  canonical TEXT NOT NULL CHECK (json_valid(canonical))
) STRICT;

CREATE INDEX spec_by_name ON spec (name);

-- What a spec expanded to; a run never looks at the spec again.
CREATE TABLE plan (
  id INTEGER PRIMARY KEY,
  spec_id INTEGER NOT NULL REFERENCES spec (id),
  hash TEXT NOT NULL UNIQUE CHECK (length(hash) = 64),
  axes TEXT NOT NULL CHECK (json_type(axes) = 'array'),
  canonical TEXT NOT NULL CHECK (json_valid(canonical)),
  registered_at TEXT NOT NULL
) STRICT;

CREATE INDEX plan_by_spec ON plan (spec_id);

-- One assignment of all axes; `plan.axes` has their order.
CREATE TABLE trial (
  plan_id INTEGER NOT NULL REFERENCES plan (id),
  position INTEGER NOT NULL CHECK (position >= 0),
  assignment TEXT NOT NULL CHECK (json_type(assignment) = 'object'),
  PRIMARY KEY (plan_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX trial_by_assignment ON trial (assignment);

-- One stage for one trial, or for several that share it.
CREATE TABLE job (
  plan_id INTEGER NOT NULL REFERENCES plan (id),
  position INTEGER NOT NULL CHECK (position >= 0),
  stage TEXT NOT NULL,
  fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
  lane TEXT NOT NULL CHECK (lane IN ('throughput', 'timed')),
  parameters TEXT NOT NULL CHECK (json_valid(parameters)),
  PRIMARY KEY (plan_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_by_fingerprint ON job (fingerprint);

CREATE TABLE job_trial (
  plan_id INTEGER NOT NULL,
  trial_position INTEGER NOT NULL,
  job_position INTEGER NOT NULL,
  PRIMARY KEY (plan_id, trial_position, job_position),
  FOREIGN KEY (plan_id, trial_position) REFERENCES trial (plan_id, position),
  FOREIGN KEY (plan_id, job_position) REFERENCES job (plan_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_trial_by_job ON job_trial (plan_id, job_position);

-- Which jobs of a plan must have a result before another one starts.
CREATE TABLE job_need (
  plan_id INTEGER NOT NULL,
  job_position INTEGER NOT NULL,
  needed_position INTEGER NOT NULL,
  PRIMARY KEY (plan_id, job_position, needed_position),
  FOREIGN KEY (plan_id, job_position) REFERENCES job (plan_id, position),
  FOREIGN KEY (plan_id, needed_position) REFERENCES job (plan_id, position)
) STRICT, WITHOUT ROWID;

CREATE INDEX job_need_by_needed ON job_need (plan_id, needed_position);

-- What a fingerprint is made of, so that the part that moved can be named.
CREATE TABLE fingerprint_part (
  fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
  name TEXT NOT NULL,
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  PRIMARY KEY (fingerprint, name)
) STRICT, WITHOUT ROWID;

-- One invocation of `orchestrate run`, owned by the process (boot_id, pid, process_start). `uid` names it in every database that it is
-- merged into; `id` only in this one. Runs are ordered by `sequence`: milliseconds since 1970, but later than every run known at its start,
-- so that a clock which is set back changes no order.
-- `watched` is what the plan's jobs were known to depend on when the run began.
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  sequence INTEGER NOT NULL,
  plan_id INTEGER NOT NULL REFERENCES plan (id),
  machine_id INTEGER NOT NULL REFERENCES machine (id),
  code_state_id INTEGER NOT NULL REFERENCES code_state (id),
  tool_version TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('running', 'finished', 'failed', 'interrupted')),
  started_at TEXT NOT NULL,
  ended_at TEXT,
  boot_id TEXT NOT NULL,
  pid INTEGER NOT NULL,
  process_start INTEGER NOT NULL,
  watched TEXT CHECK (json_type(watched) = 'object'),
  UNIQUE (id, plan_id)
) STRICT;

CREATE INDEX run_by_plan ON run (plan_id);
CREATE INDEX run_by_state ON run (state) WHERE state = 'running';

-- What attempts depended on besides their fingerprints, each distinct list once: everything in the base and an array of [kind, name, value].
-- The digest is that of the text, after the base's digest and a line feed if there is a base. For kinds and values see Docs/Inputs.md.
CREATE TABLE input_set (
  id INTEGER PRIMARY KEY,
  digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
  entries TEXT NOT NULL CHECK (json_type(entries) = 'array'),
  base_id INTEGER REFERENCES input_set (id)
) STRICT;

-- One execution of a job. A retry is a new row, with the next number in its run. Columns of the end are NULL while it runs, and for
-- ever if it was lost. `load_start` and `load_end` are load averages, -1 where the system does not tell. `worker_request` and `worker_age_seconds` tell how warm a long-lived worker was: 1 for its first request.
-- `exit_code` and `signal` are how a process ended; `warnings` is an array of texts: what the attempt did oddly without failing.
-- `input_set_id` is NULL for attempts that have no result or were made before inputs were observed; `consumed` is the digest of the artifacts
-- that it was given; `observation_gap` says why reads may have been missed.
CREATE TABLE attempt (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
  number INTEGER NOT NULL CHECK (number >= 1),
  run_id INTEGER NOT NULL,
  plan_id INTEGER NOT NULL,
  job_position INTEGER NOT NULL,
  stage TEXT NOT NULL,
  machine_id INTEGER NOT NULL REFERENCES machine (id),
  state TEXT NOT NULL CHECK (state IN ('leased', 'running', 'succeeded', 'failed', 'cancelled', 'lost')),
  exit_kind TEXT CHECK (exit_kind IN ('succeeded', 'failed', 'timed-out', 'signalled', 'memory', 'cancelled', 'lost')),
  message TEXT,
  invalid_reason TEXT,
  boot_id TEXT NOT NULL,
  pid INTEGER NOT NULL,
  process_start INTEGER NOT NULL,
  seed INTEGER NOT NULL,
  tool_version TEXT NOT NULL,
  started_at TEXT NOT NULL,
  started_ns INTEGER NOT NULL,
  ended_at TEXT,
  ended_ns INTEGER,
  load_start REAL NOT NULL,
  load_end REAL,
  cpu_pressure_start REAL,
  cpu_pressure_end REAL,
  memory_pressure_start REAL,
  memory_pressure_end REAL,
  io_pressure_start REAL,
  io_pressure_end REAL,
  user_seconds REAL,
  system_seconds REAL,
  max_rss_bytes INTEGER,
  minor_faults INTEGER,
  major_faults INTEGER,
  worker_request INTEGER,
  worker_age_seconds REAL,
  exit_code INTEGER,
  signal INTEGER,
  warnings TEXT CHECK (json_type(warnings) = 'array'),
  input_set_id INTEGER REFERENCES input_set (id),
  consumed TEXT CHECK (length(consumed) = 64),
  observation_gap TEXT,
  UNIQUE (run_id, job_position, number),
  FOREIGN KEY (run_id, plan_id) REFERENCES run (id, plan_id),
  FOREIGN KEY (plan_id, job_position) REFERENCES job (plan_id, position),
  CHECK ((state IN ('leased', 'running')) = (exit_kind IS NULL)),
  CHECK ((state = 'succeeded') = (exit_kind IS NOT NULL AND exit_kind = 'succeeded')),
  CHECK (
    state IN ('leased', 'running', 'lost')
    OR (ended_at IS NOT NULL AND ended_ns IS NOT NULL AND ended_ns >= started_ns AND load_end IS NOT NULL)
  )
) STRICT;

CREATE INDEX attempt_by_fingerprint ON attempt (fingerprint);
CREATE INDEX attempt_by_stage ON attempt (stage) WHERE state = 'succeeded';
CREATE INDEX attempt_open ON attempt (state) WHERE state IN ('leased', 'running');

-- Where each job of a run's plan stands, and the attempt that decided it.
CREATE TABLE run_job (
  run_id INTEGER NOT NULL,
  plan_id INTEGER NOT NULL,
  job_position INTEGER NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('planned', 'ready', 'running', 'done', 'reused', 'failed', 'skipped')),
  attempt_id INTEGER REFERENCES attempt (id),
  reason TEXT NOT NULL,
  PRIMARY KEY (run_id, job_position),
  FOREIGN KEY (run_id, plan_id) REFERENCES run (id, plan_id),
  FOREIGN KEY (plan_id, job_position) REFERENCES job (plan_id, position),
  CHECK (state NOT IN ('done', 'reused') OR attempt_id IS NOT NULL)
) STRICT, WITHOUT ROWID;

CREATE INDEX run_job_by_attempt ON run_job (attempt_id) WHERE attempt_id IS NOT NULL;

CREATE TABLE metric (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL,
  unit TEXT NOT NULL,
  UNIQUE (name, unit)
) STRICT;

-- One measured value, in the order reported. SQLite has no NaN and turns it into NULL: those and the infinities are in `special`.
CREATE TABLE sample (
  attempt_id INTEGER NOT NULL REFERENCES attempt (id),
  ordinal INTEGER NOT NULL CHECK (ordinal >= 0),
  metric_id INTEGER NOT NULL REFERENCES metric (id),
  repetition INTEGER NOT NULL CHECK (repetition >= 0),
  is_warmup INTEGER NOT NULL CHECK (is_warmup IN (0, 1)),
  block INTEGER,
  position INTEGER,
  value REAL,
  special TEXT CHECK (special IN ('NaN', 'Infinity', '-Infinity')),
  PRIMARY KEY (attempt_id, ordinal),
  CHECK ((value IS NULL) <> (special IS NULL))
) STRICT, WITHOUT ROWID;

-- A file, stored beside the database as artifacts/ab/cdef… by its digest.
CREATE TABLE artifact (
  attempt_id INTEGER NOT NULL REFERENCES attempt (id),
  name TEXT NOT NULL,
  sha256 TEXT NOT NULL CHECK (length(sha256) = 64),
  byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
  media_type TEXT NOT NULL,
  PRIMARY KEY (attempt_id, name)
) STRICT, WITHOUT ROWID;

CREATE INDEX artifact_by_digest ON artifact (sha256);

-- Contents that `orchestrate gc` has removed from the artifact folder; they are not missed.
CREATE TABLE freed_content (
  sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
  byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
  freed_at TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT, WITHOUT ROWID;

-- The machine around a timed attempt: how long it waited for other work to keep at most `load_limit` processors busy, how many were busy
-- before and during it, and what the sensors said. `is_quiet` is NULL where the system does not tell.
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

-- What a comparison of paired timings can tell apart, learned by measuring something against itself and against itself made slower by
-- the share `planted`. It rests on the runs of `experiment` up to `run_id`, whose machine it holds for. Shares are of 1.
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

-- A level that somebody has accepted for a cell of a nightly series: later nights on the machine of `run_id` are compared with it. The
-- latest one counts; rows are never changed nor removed.
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

-- What happened, in order. Rows are never changed nor removed.
CREATE TABLE event (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  at TEXT NOT NULL,
  kind TEXT NOT NULL,
  run_id INTEGER REFERENCES run (id),
  attempt_id INTEGER REFERENCES attempt (id),
  detail TEXT NOT NULL
) STRICT;

CREATE TRIGGER event_is_never_changed BEFORE UPDATE ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER event_is_never_removed BEFORE DELETE ON event BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;

-- Every sample of every run with its place in the experiment: a sample of a job that serves several trials is repeated for each. `axes` is
-- a JSON object, so `axes ->> 'seed'` is one of its values. `value` is NULL for NaN; `special` then says so.
CREATE VIEW result AS
SELECT spec.name AS experiment, run_job.run_id AS run, trial.position AS trial, trial.assignment AS axes, job.stage AS stage,
  job.position AS job, run_job.state AS job_state, metric.name AS metric, metric.unit AS unit,
  CASE sample.special WHEN 'Infinity' THEN 9e999 WHEN '-Infinity' THEN -9e999 ELSE sample.value END AS value,
  sample.special AS special, sample.ordinal AS ordinal, sample.repetition AS repetition, sample.is_warmup AS is_warmup, sample.block AS block,
  sample.position AS position, attempt.id AS attempt, attempt.number AS attempt_number, attempt.run_id AS made_by_run,
  attempt.started_at AS started_at, machine.fingerprint AS machine, code_state.commit_id AS commit_id,
  attempt.invalid_reason AS invalid_reason
FROM run_job
JOIN job ON job.plan_id = run_job.plan_id AND job.position = run_job.job_position
JOIN job_trial ON job_trial.plan_id = job.plan_id AND job_trial.job_position = job.position
JOIN trial ON trial.plan_id = job_trial.plan_id AND trial.position = job_trial.trial_position
JOIN plan ON plan.id = run_job.plan_id
JOIN spec ON spec.id = plan.spec_id
JOIN attempt ON attempt.id = run_job.attempt_id
JOIN run ON run.id = attempt.run_id
JOIN machine ON machine.id = attempt.machine_id
JOIN code_state ON code_state.id = run.code_state_id
JOIN sample ON sample.attempt_id = attempt.id
JOIN metric ON metric.id = sample.metric_id;

-- The same for the latest run of each experiment.
CREATE VIEW latest_result AS
SELECT * FROM result WHERE run IN (
  SELECT id FROM (
    SELECT run.id, row_number() OVER (PARTITION BY spec.name ORDER BY run.sequence DESC, run.uid DESC) AS place
    FROM run JOIN plan ON plan.id = run.plan_id JOIN spec ON spec.id = plan.spec_id
  ) WHERE place = 1
);

-- Mean and range of every metric without warm-ups and invalidated attempts, by trial, in the latest runs.
CREATE VIEW summary AS
SELECT experiment, run, trial, axes, stage, metric, unit, count(value) AS n, avg(value) AS mean, min(value) AS minimum,
  max(value) AS maximum
FROM latest_result WHERE is_warmup = 0 AND invalid_reason IS NULL
GROUP BY experiment, run, trial, axes, stage, metric, unit;

-- What each attempt depended on besides its fingerprint.
CREATE VIEW attempt_input AS
SELECT attempt.id AS attempt, attempt.stage AS stage, attempt.run_id AS run, entry.value ->> 0 AS kind, entry.value ->> 1 AS name,
  entry.value ->> 2 AS value
FROM attempt JOIN input_set ON input_set.id IN (
  WITH RECURSIVE part (id) AS (
    SELECT attempt.input_set_id
    UNION SELECT base.base_id FROM part JOIN input_set AS base ON base.id = part.id WHERE base.base_id IS NOT NULL
  )
  SELECT id FROM part
) JOIN json_each(input_set.entries) AS entry;

-- Attempts without a result, the latest first.
CREATE VIEW failure AS
SELECT spec.name AS experiment, attempt.run_id AS run, attempt.stage AS stage, attempt.job_position AS job, attempt.id AS attempt,
  attempt.number AS attempt_number, attempt.exit_kind AS exit_kind, attempt.message AS message, attempt.started_at AS started_at
FROM attempt JOIN plan ON plan.id = attempt.plan_id JOIN spec ON spec.id = plan.spec_id
WHERE attempt.state IN ('failed', 'cancelled', 'lost') ORDER BY attempt.id DESC;

-- The machine around each timed attempt, the latest first.
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

-- The latest calibration of each cell and machine.
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

-- The accepted level of each cell and machine.
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
