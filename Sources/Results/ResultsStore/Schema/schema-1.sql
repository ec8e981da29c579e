-- The results database, version 1.
--
-- This file is the only definition of a new database: the build embeds it into the programs. A change of it needs a new version
-- number here, and a migration in Sources/ResultsStore/Schema.swift that leads from the previous version to the same tables.
--
-- Conventions: times are ISO 8601 UTC text; ..._ns are nanoseconds of the monotonic clock of the machine and boot in question; digests are
-- SHA-256 as 64 lower-case hexadecimal digits; JSON is canonical text; a value that could not be had is NULL, never zero.

CREATE TABLE schema_version (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  version INTEGER NOT NULL
) STRICT;

INSERT INTO schema_version (id, version) VALUES (1, 1);

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

-- What a fingerprint is made of, so that the part that moved can be named.
CREATE TABLE fingerprint_part (
  fingerprint TEXT NOT NULL CHECK (length(fingerprint) = 64),
  name TEXT NOT NULL,
  digest TEXT NOT NULL CHECK (length(digest) = 64),
  PRIMARY KEY (fingerprint, name)
) STRICT, WITHOUT ROWID;

-- One invocation of `orchestrate run`, owned by the process (boot_id, pid, process_start).
CREATE TABLE run (
  id INTEGER PRIMARY KEY,
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
  UNIQUE (id, plan_id)
) STRICT;

CREATE INDEX run_by_plan ON run (plan_id);
CREATE INDEX run_by_state ON run (state) WHERE state = 'running';

-- One execution of a job. A retry is a new row. Columns of the end are NULL while it runs, and for ever if it was lost.
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
  UNIQUE (fingerprint, number),
  FOREIGN KEY (run_id, plan_id) REFERENCES run (id, plan_id),
  FOREIGN KEY (plan_id, job_position) REFERENCES job (plan_id, position),
  CHECK ((state IN ('leased', 'running')) = (exit_kind IS NULL)),
  CHECK ((state = 'succeeded') = (exit_kind IS NOT NULL AND exit_kind = 'succeeded')),
  CHECK (
    state IN ('leased', 'running', 'lost')
    OR (ended_at IS NOT NULL AND ended_ns IS NOT NULL AND ended_ns >= started_ns AND load_end IS NOT NULL)
  )
) STRICT;

CREATE INDEX attempt_by_run ON attempt (run_id);
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
