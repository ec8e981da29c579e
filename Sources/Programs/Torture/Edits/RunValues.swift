import ResultsStore

/// What a run says that its jobs have made, whoever has made it.
enum RunValues {
  /// Returns a line for each value and artifact of the latest run, and how many of its jobs were reused.
  static func of(latestRunIn store: ResultsStore) throws -> (values: Set<String>, reused: Int) {
    let run = "(SELECT max(id) FROM run)"
    let queries = [
      """
      SELECT 'value', job_position, metric.name, ordinal, value FROM run_job JOIN sample USING (attempt_id)
      JOIN metric ON metric.id = metric_id WHERE run_id = \(run)
      """,
      "SELECT 'artifact', job_position, name, sha256 FROM run_job JOIN artifact USING (attempt_id) WHERE run_id = \(run)",
      "SELECT 'job', job_position, state IN ('done', 'reused') FROM run_job WHERE run_id = \(run)",
    ]
    let lines = try queries.flatMap { try store.query($0).rows }.map { row in
      row.map { "\($0)" }.joined(separator: " ")
    }
    let count = try store.query("SELECT count(*) FROM run_job WHERE run_id = \(run) AND state = 'reused'").rows.first?
      .first
    guard case .integer(let reused) = count else { return (Set(lines), 0) }
    return (Set(lines), Int(reused))
  }
}
