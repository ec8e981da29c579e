extension Schema {
  /// The steps that have led from version to version; each is kept as it was, whatever schema.sql says today.
  static let migrations: [Migration] = [
    Migration(from: 1, sql: toVersion2), Migration(from: 2, sql: toVersion3), Migration(from: 3, sql: toVersion4),
    Migration(from: 4, sql: toVersion5),
  ]

  /// Runs get a name that holds in every database, attempts are numbered within their run, plans keep what jobs need.
  private static let toVersion2 = """
    CREATE TABLE job_need (
      plan_id INTEGER NOT NULL,
      job_position INTEGER NOT NULL,
      needed_position INTEGER NOT NULL,
      PRIMARY KEY (plan_id, job_position, needed_position),
      FOREIGN KEY (plan_id, job_position) REFERENCES job (plan_id, position),
      FOREIGN KEY (plan_id, needed_position) REFERENCES job (plan_id, position)
    ) STRICT, WITHOUT ROWID;

    CREATE INDEX job_need_by_needed ON job_need (plan_id, needed_position);

    INSERT INTO job_need (plan_id, job_position, needed_position)
    SELECT plan.id, job.key, need.value FROM plan
    JOIN json_each(plan.canonical, '$.jobs') AS job JOIN json_each(job.value, '$.needs') AS need
    WHERE json_type(plan.canonical, '$.jobs') = 'array';

    CREATE TABLE run_new (
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
      UNIQUE (id, plan_id)
    ) STRICT;

    INSERT INTO run_new (id, uid, sequence, plan_id, machine_id, code_state_id, tool_version, state, started_at, ended_at, boot_id, pid,
        process_start)
    SELECT id, boot_id || '.' || pid || '.' || process_start || '.' || id,
        max(CAST((julianday(started_at) - 2440587.5) * 86400000 AS INTEGER)) OVER (ORDER BY id) + row_number() OVER (ORDER BY id),
        plan_id, machine_id, code_state_id, tool_version, state, started_at, ended_at, boot_id, pid, process_start
    FROM run;
    DROP TABLE run;
    ALTER TABLE run_new RENAME TO run;
    CREATE INDEX run_by_plan ON run (plan_id);
    CREATE INDEX run_by_state ON run (state) WHERE state = 'running';

    CREATE TABLE attempt_new (
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

    INSERT INTO attempt_new (id, fingerprint, number, run_id, plan_id, job_position, stage, machine_id, state, exit_kind, message,
        invalid_reason, boot_id, pid, process_start, seed, tool_version, started_at, started_ns, ended_at,
        ended_ns, load_start, load_end, cpu_pressure_start, cpu_pressure_end, memory_pressure_start,
        memory_pressure_end, io_pressure_start, io_pressure_end, user_seconds, system_seconds, max_rss_bytes,
        minor_faults, major_faults)
    SELECT id, fingerprint, row_number() OVER (PARTITION BY run_id, job_position ORDER BY id), run_id, plan_id,
        job_position, stage, machine_id, state, exit_kind, message, invalid_reason, boot_id, pid, process_start,
        seed, tool_version, started_at, started_ns, ended_at, ended_ns, load_start, load_end, cpu_pressure_start,
        cpu_pressure_end, memory_pressure_start, memory_pressure_end, io_pressure_start, io_pressure_end,
        user_seconds, system_seconds, max_rss_bytes, minor_faults, major_faults
    FROM attempt ORDER BY id;
    UPDATE sqlite_sequence SET seq = (SELECT max(seq) FROM sqlite_sequence WHERE name IN ('attempt', 'attempt_new'))
    WHERE name = 'attempt_new';
    DROP TABLE attempt;
    ALTER TABLE attempt_new RENAME TO attempt;
    CREATE INDEX attempt_by_fingerprint ON attempt (fingerprint);
    CREATE INDEX attempt_by_stage ON attempt (stage) WHERE state = 'succeeded';
    CREATE INDEX attempt_open ON attempt (state) WHERE state IN ('leased', 'running');

    CREATE TABLE freed_content (
      sha256 TEXT PRIMARY KEY CHECK (length(sha256) = 64),
      byte_count INTEGER NOT NULL CHECK (byte_count >= 0),
      freed_at TEXT NOT NULL,
      reason TEXT NOT NULL
    ) STRICT, WITHOUT ROWID;

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

    CREATE VIEW latest_result AS
    SELECT * FROM result WHERE run IN (
      SELECT id FROM (
        SELECT run.id, row_number() OVER (PARTITION BY spec.name ORDER BY run.sequence DESC, run.uid DESC) AS place
        FROM run JOIN plan ON plan.id = run.plan_id JOIN spec ON spec.id = plan.spec_id
      ) WHERE place = 1
    );

    CREATE VIEW summary AS
    SELECT experiment, run, trial, axes, stage, metric, unit, count(value) AS n, avg(value) AS mean, min(value) AS minimum,
      max(value) AS maximum
    FROM latest_result WHERE is_warmup = 0 AND invalid_reason IS NULL
    GROUP BY experiment, run, trial, axes, stage, metric, unit;

    CREATE VIEW failure AS
    SELECT spec.name AS experiment, attempt.run_id AS run, attempt.stage AS stage, attempt.job_position AS job, attempt.id AS attempt,
      attempt.number AS attempt_number, attempt.exit_kind AS exit_kind, attempt.message AS message, attempt.started_at AS started_at
    FROM attempt JOIN plan ON plan.id = attempt.plan_id JOIN spec ON spec.id = plan.spec_id
    WHERE attempt.state IN ('failed', 'cancelled', 'lost') ORDER BY attempt.id DESC;
    """
}
