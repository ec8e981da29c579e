import ResultsStore

/// Everything in a results database that does not depend on time: what a resumed run and an undisturbed one have in common.
struct ResultRows {
  /// One line for each row.
  let lines: [String]

  private static let queries = [
    """
    SELECT 'job', job.position, job.stage, job.fingerprint, job.lane, job.parameters, run_job.state IN ('done', 'reused'),
      run_job.reason IN ('', 'same fingerprint')
    FROM run JOIN job ON job.plan_id = run.plan_id
    JOIN run_job ON run_job.run_id = run.id AND run_job.job_position = job.position
    WHERE run.id = (SELECT max(id) FROM run) ORDER BY job.position
    """,
    "SELECT 'plan', hash, axes FROM plan ORDER BY hash",
    "SELECT 'trial', position, assignment FROM trial ORDER BY position",
    "SELECT 'serves', trial_position, job_position FROM job_trial ORDER BY 2, 3",
    "SELECT 'needs', job_position, needed_position FROM job_need ORDER BY 2, 3",
    "SELECT 'part', fingerprint, name, digest FROM fingerprint_part ORDER BY 2, 3",
    """
    SELECT 'attempt', fingerprint, stage, job_position, state, exit_kind, seed, tool_version, invalid_reason FROM attempt
    WHERE state = 'succeeded' ORDER BY fingerprint
    """,
    """
    SELECT 'sample', attempt.fingerprint, ordinal, metric.name, unit, repetition, is_warmup, block, position, value, special
    FROM attempt JOIN sample ON attempt_id = attempt.id JOIN metric ON metric.id = metric_id
    WHERE state = 'succeeded' ORDER BY attempt.fingerprint, ordinal
    """,
    """
    SELECT 'artifact', attempt.fingerprint, name, sha256, byte_count, media_type FROM attempt
    JOIN artifact ON attempt_id = attempt.id WHERE state = 'succeeded' ORDER BY attempt.fingerprint, name
    """,
  ]

  init(of store: ResultsStore) throws {
    lines = try Self.queries.flatMap { try store.query($0).rows }.map { row in
      row.map { "\($0)" }.joined(separator: " ")
    }
  }

  /// How many lines are in one of two and not in the other, with an example.
  func differences(from other: ResultRows) -> (count: Int, example: String?) {
    let difference = lines.difference(from: other.lines)
    guard let first = difference.first else { return (0, nil) }
    switch first {
    case .insert(_, let line, _): return (difference.count, "only after kills: \(line)")
    case .remove(_, let line, _): return (difference.count, "only without kills: \(line)")
    }
  }
}
