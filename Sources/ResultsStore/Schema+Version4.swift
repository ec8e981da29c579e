extension Schema {
  /// How the process of an attempt ended, what it did oddly, and the trials of a job and the users of an attempt without a search.
  static let toVersion4 = [
    "CREATE INDEX job_trial_by_job ON job_trial (plan_id, job_position)",
    "CREATE INDEX run_job_by_attempt ON run_job (attempt_id) WHERE attempt_id IS NOT NULL",
    "ALTER TABLE attempt ADD COLUMN exit_code INTEGER",
    "ALTER TABLE attempt ADD COLUMN signal INTEGER",
    "ALTER TABLE attempt ADD COLUMN warnings TEXT CHECK (json_type(warnings) = 'array')",
  ].joined(separator: ";\n")
}
