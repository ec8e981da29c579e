extension Schema {
  /// What the attempts of a worker have in common is kept once.
  static let toVersion5 = [
    "ALTER TABLE input_set ADD COLUMN base_id INTEGER REFERENCES input_set (id)",
    "DROP VIEW attempt_input",
    """
    CREATE VIEW attempt_input AS
    SELECT attempt.id AS attempt, attempt.stage AS stage, attempt.run_id AS run, entry.value ->> 0 AS kind, entry.value ->> 1 AS name,
      entry.value ->> 2 AS value
    FROM attempt JOIN input_set ON input_set.id IN (
      WITH RECURSIVE part (id) AS (
        SELECT attempt.input_set_id
        UNION SELECT base.base_id FROM part JOIN input_set AS base ON base.id = part.id WHERE base.base_id IS NOT NULL
      )
      SELECT id FROM part
    ) JOIN json_each(input_set.entries) AS entry
    """,
  ].joined(separator: ";\n")
}
