import Digest
import GRDB

/// Inserts the rows of the runs in `temp.merge_run` that are new; all ids are translated by what names a row in every database.
struct StoreMergeRows {
  let database: Database

  func insert(missing: [SHA256Digest]) throws {
    try insertShared()
    try insertPlans()
    try insertRuns()
    try insertAttempts()
    try insertConditions()
    try insertJudgements()
    try insertEvents()
    for digest in missing {
      try database.execute(
        sql: """
          INSERT INTO main.freed_content (sha256, byte_count, freed_at, reason)
          SELECT sha256, byte_count, strftime('%Y-%m-%dT%H:%M:%fZ'), 'was not there when its attempt was merged'
          FROM source.artifact WHERE sha256 = ? LIMIT 1 ON CONFLICT DO NOTHING
          """,
        arguments: [digest.hex])
    }
  }

  private func insertShared() throws {
    let runs = "SELECT source FROM merge_run WHERE is_new"
    try database.execute(
      sql: """
        INSERT INTO main.machine (fingerprint, cpu_model, cores, memory_bytes, kernel, is_virtualized)
        SELECT fingerprint, cpu_model, cores, memory_bytes, kernel, is_virtualized FROM source.machine
        WHERE id IN (SELECT machine_id FROM source.run WHERE id IN (\(runs)))
          OR id IN (SELECT machine_id FROM source.attempt WHERE run_id IN (\(runs))) ORDER BY id
        ON CONFLICT (fingerprint) DO NOTHING;
        INSERT INTO main.code_state (commit_id, is_dirty, difference_digest, difference)
        SELECT commit_id, is_dirty, difference_digest, difference FROM source.code_state
        WHERE id IN (SELECT code_state_id FROM source.run WHERE id IN (\(runs))) ORDER BY id
        ON CONFLICT (commit_id, is_dirty, difference_digest) DO NOTHING;
        CREATE TEMP TABLE merge_input_set AS
        WITH RECURSIVE part (id) AS (
          SELECT input_set_id FROM source.attempt WHERE run_id IN (\(runs)) AND input_set_id IS NOT NULL
          UNION SELECT base.base_id FROM part JOIN source.input_set AS base ON base.id = part.id WHERE base.base_id IS NOT NULL
        )
        SELECT id AS source FROM part;
        INSERT INTO main.input_set (digest, entries) SELECT digest, entries FROM source.input_set
        WHERE id IN (SELECT source FROM merge_input_set) ORDER BY id
        ON CONFLICT (digest) DO NOTHING;
        UPDATE main.input_set AS own SET base_id = (SELECT id FROM main.input_set WHERE digest = base.digest)
        FROM merge_input_set AS m JOIN source.input_set AS other ON other.id = m.source
        JOIN source.input_set AS base ON base.id = other.base_id
        WHERE own.digest = other.digest AND own.base_id IS NULL;
        INSERT INTO main.metric (name, unit) SELECT name, unit FROM source.metric WHERE id IN (
          SELECT sample.metric_id FROM source.sample JOIN source.attempt ON attempt.id = sample.attempt_id
          WHERE attempt.run_id IN (\(runs))) ORDER BY id
        ON CONFLICT (name, unit) DO NOTHING;
        """)
  }

  private func insertPlans() throws {
    let plans = "SELECT plan_id FROM source.run WHERE id IN (SELECT source FROM merge_run WHERE is_new)"
    try database.execute(
      sql: """
        CREATE TEMP TABLE merge_plan AS
        SELECT other.id AS source, (SELECT id FROM main.plan WHERE hash = other.hash) AS target,
          (SELECT id FROM main.plan WHERE hash = other.hash) IS NULL AS is_new
        FROM source.plan AS other WHERE other.id IN (\(plans));
        INSERT INTO main.spec (name, digest, canonical) SELECT name, digest, canonical FROM source.spec
        WHERE id IN (SELECT spec_id FROM source.plan WHERE id IN (\(plans))) ORDER BY id
        ON CONFLICT (digest) DO NOTHING;
        INSERT INTO main.plan (spec_id, hash, axes, canonical, registered_at)
        SELECT (SELECT own.id FROM main.spec AS own WHERE own.digest = spec.digest), plan.hash, plan.axes, plan.canonical, plan.registered_at
        FROM source.plan JOIN source.spec ON spec.id = plan.spec_id
        WHERE plan.id IN (SELECT source FROM merge_plan WHERE is_new) ORDER BY plan.id;
        UPDATE merge_plan SET target = (
          SELECT own.id FROM main.plan AS own JOIN source.plan AS other ON other.hash = own.hash WHERE other.id = merge_plan.source)
        WHERE is_new;
        UPDATE main.plan AS own SET registered_at = min(own.registered_at, other.registered_at)
        FROM source.plan AS other JOIN merge_plan ON merge_plan.source = other.id WHERE own.id = merge_plan.target;
        INSERT INTO main.trial (plan_id, position, assignment)
        SELECT p.target, position, assignment FROM merge_plan AS p JOIN source.trial ON plan_id = p.source WHERE p.is_new;
        INSERT INTO main.job (plan_id, position, stage, fingerprint, lane, parameters)
        SELECT p.target, position, stage, fingerprint, lane, parameters
        FROM merge_plan AS p JOIN source.job ON plan_id = p.source WHERE p.is_new;
        INSERT INTO main.job_trial (plan_id, trial_position, job_position)
        SELECT p.target, trial_position, job_position
        FROM merge_plan AS p JOIN source.job_trial ON plan_id = p.source WHERE p.is_new;
        INSERT INTO main.job_need (plan_id, job_position, needed_position)
        SELECT p.target, job_position, needed_position
        FROM merge_plan AS p JOIN source.job_need ON plan_id = p.source WHERE p.is_new;
        INSERT INTO main.fingerprint_part (fingerprint, name, digest)
        SELECT fingerprint, name, digest FROM source.fingerprint_part
        WHERE fingerprint IN (SELECT fingerprint FROM source.job JOIN merge_plan AS p ON p.source = job.plan_id AND p.is_new)
        ON CONFLICT DO NOTHING;
        """)
  }

  private func insertRuns() throws {
    try database.execute(
      sql: """
        INSERT INTO main.run (uid, sequence, plan_id, machine_id, code_state_id, tool_version, state, started_at, ended_at, boot_id,
          pid, process_start, watched)
        SELECT run.uid, run.sequence, p.target, (SELECT m.id FROM main.machine AS m WHERE m.fingerprint = machine.fingerprint), own.id,
          run.tool_version, run.state, run.started_at, run.ended_at, run.boot_id, run.pid, run.process_start, run.watched
        FROM merge_run AS r JOIN source.run ON run.id = r.source JOIN merge_plan AS p ON p.source = run.plan_id
        JOIN source.machine ON machine.id = run.machine_id JOIN source.code_state AS code ON code.id = run.code_state_id
        JOIN main.code_state AS own ON own.commit_id = code.commit_id AND own.is_dirty = code.is_dirty
          AND own.difference_digest = code.difference_digest
        WHERE r.is_new ORDER BY run.id;
        UPDATE merge_run SET target = (
          SELECT own.id FROM main.run AS own JOIN source.run AS other ON other.uid = own.uid WHERE other.id = merge_run.source)
        WHERE is_new;
        """)
  }

  private func insertAttempts() throws {
    let columns = """
      state, exit_kind, message, invalid_reason, boot_id, pid, process_start, seed, tool_version, started_at, started_ns,
      ended_at, ended_ns, load_start, load_end, cpu_pressure_start, cpu_pressure_end, memory_pressure_start,
      memory_pressure_end, io_pressure_start, io_pressure_end, user_seconds, system_seconds, max_rss_bytes, minor_faults,
      major_faults, worker_request, worker_age_seconds, exit_code, signal, warnings, consumed,
      observation_gap
      """
    try database.execute(
      sql: """
        INSERT INTO main.attempt (fingerprint, number, run_id, plan_id, job_position, stage, machine_id, input_set_id, \(columns))
        SELECT a.fingerprint, a.number, r.target, p.target, a.job_position, a.stage,
          (SELECT id FROM main.machine WHERE fingerprint = m.fingerprint),
          (SELECT own.id FROM main.input_set AS own JOIN source.input_set AS other ON other.digest = own.digest
           WHERE other.id = a.input_set_id), \(columns)
        FROM source.attempt AS a JOIN merge_run AS r ON r.source = a.run_id AND r.is_new
        JOIN merge_plan AS p ON p.source = a.plan_id JOIN source.machine AS m ON m.id = a.machine_id ORDER BY a.id;
        CREATE TEMP TABLE merge_attempt (source INTEGER PRIMARY KEY, target INTEGER NOT NULL, is_new INTEGER NOT NULL);
        INSERT INTO merge_attempt (source, target, is_new)
        SELECT a.id, own.id, r.is_new FROM source.attempt AS a JOIN merge_run AS r ON r.source = a.run_id
        JOIN main.attempt AS own ON own.run_id = r.target AND own.job_position = a.job_position AND own.number = a.number;
        INSERT INTO main.run_job (run_id, plan_id, job_position, state, attempt_id, reason)
        SELECT r.target, p.target, j.job_position, j.state, m.target, j.reason
        FROM merge_run AS r JOIN source.run_job AS j ON j.run_id = r.source JOIN merge_plan AS p ON p.source = j.plan_id
        LEFT JOIN merge_attempt AS m ON m.source = j.attempt_id WHERE r.is_new;
        INSERT INTO main.sample (attempt_id, ordinal, metric_id, repetition, is_warmup, block, position, value, special)
        SELECT m.target, s.ordinal, (SELECT id FROM main.metric WHERE name = k.name AND unit = k.unit), s.repetition,
          s.is_warmup, s.block, s.position, s.value, s.special
        FROM merge_attempt AS m JOIN source.sample AS s ON s.attempt_id = m.source
        JOIN source.metric AS k ON k.id = s.metric_id WHERE m.is_new;
        INSERT INTO main.artifact (attempt_id, name, sha256, byte_count, media_type)
        SELECT m.target, a.name, a.sha256, a.byte_count, a.media_type
        FROM merge_attempt AS m JOIN source.artifact AS a ON a.attempt_id = m.source WHERE m.is_new;
        """)
  }

  /// Events of known runs that are taken over are later judgements of their results; those that are here already are left out.
  private func insertEvents() throws {
    let events = """
      SELECT e.at AS at, e.kind AS kind, r.target AS run, m.target AS attempt, e.detail AS detail
      FROM source.event AS e JOIN merge_run AS r ON r.source = e.run_id
      LEFT JOIN merge_attempt AS m ON m.source = e.attempt_id
      """
    let judgements = "'attempt-invalidated', 'calibrated', 'baseline-accepted'"
    try database.execute(
      sql: """
        INSERT INTO main.event (at, kind, run_id, attempt_id, detail) \(events) WHERE r.is_new ORDER BY e.id;
        INSERT INTO main.event (at, kind, run_id, attempt_id, detail)
        SELECT at, kind, run, attempt, detail FROM (
          \(events) WHERE NOT r.is_new AND e.kind IN (\(judgements))
          EXCEPT SELECT at, kind, run_id, attempt_id, detail FROM main.event WHERE kind IN (\(judgements)))
        ORDER BY at, attempt;
        """)
  }
}
