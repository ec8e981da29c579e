extension Schema {
  /// How the process of an attempt ended, what it did oddly, what it depended on, and the trials of a job and the users of an attempt without
  /// a search.
  static let toVersion4 = [
    "CREATE INDEX job_trial_by_job ON job_trial (plan_id, job_position)",
    "CREATE INDEX run_job_by_attempt ON run_job (attempt_id) WHERE attempt_id IS NOT NULL",
    "ALTER TABLE attempt ADD COLUMN exit_code INTEGER",
    "ALTER TABLE attempt ADD COLUMN signal INTEGER",
    "ALTER TABLE attempt ADD COLUMN warnings TEXT CHECK (json_type(warnings) = 'array')",
    """
    CREATE TABLE input_set (
      id INTEGER PRIMARY KEY,
      digest TEXT NOT NULL UNIQUE CHECK (length(digest) = 64),
      entries TEXT NOT NULL CHECK (json_type(entries) = 'array')
    ) STRICT
    """,
    "ALTER TABLE attempt ADD COLUMN input_set_id INTEGER REFERENCES input_set (id)",
    "ALTER TABLE attempt ADD COLUMN consumed TEXT CHECK (length(consumed) = 64)",
    "ALTER TABLE attempt ADD COLUMN observation_gap TEXT",
    "ALTER TABLE run ADD COLUMN watched TEXT CHECK (json_type(watched) = 'object')",
    """
    CREATE VIEW attempt_input AS
    SELECT attempt.id AS attempt, attempt.stage AS stage, attempt.run_id AS run, entry.value ->> 0 AS kind, entry.value ->> 1 AS name,
      entry.value ->> 2 AS value
    FROM attempt JOIN input_set ON input_set.id = attempt.input_set_id JOIN json_each(input_set.entries) AS entry
    """,
  ].joined(separator: ";\n")
}
