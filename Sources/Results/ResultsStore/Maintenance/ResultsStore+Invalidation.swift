import AttemptModel
import GRDB

/// Which attempts are meant: those that satisfy every condition that is given.
public struct AttemptSelection: Sendable, Hashable {
  /// Row id of the attempt.
  public var attempt: Int64?
  /// The beginning of the job's hex fingerprint.
  public var fingerprintPrefix: String?
  /// Position of the job in the plan of a run; the attempt is the one that the run used.
  public var job: Int?
  /// The stage.
  public var stage: String?
  /// Row id of the run that made the attempt, or with ``job`` used it.
  public var run: Int64?
  /// The experiment; with ``job`` and without ``run`` its latest run is meant.
  public var experiment: String?

  /// Makes a selection without conditions.
  public init() {}
}

/// What an invalidation does or has done.
public struct Invalidation: Sendable, Hashable {
  /// The selected attempts that were valid.
  public var attempts: [Int64] = []
  /// Valid attempts that used a result of those, directly or through others.
  public var dependents: [Int64] = []
  /// How many attempts of each stage, dependents included.
  public var countByStage: [String: Int] = [:]
}

extension ResultsStore {
  /// Returns what ``invalidate(_:reason:)`` would do.
  ///
  /// - Parameter selection: The attempts meant; attempts that failed or are invalid already are left out.
  /// - Returns: The attempts, and the ones that used their results.
  /// - Throws: `StoreError`: `.notFound` if no valid result is selected, or the database cannot be read.
  public func invalidation(of selection: AttemptSelection) throws(StoreError) -> Invalidation {
    let missing = noneMeant
    return try read { database in
      let invalidation = try Invalidation(of: selection, in: database)
      guard !invalidation.attempts.isEmpty else { throw missing }
      return invalidation
    }
  }

  /// Excludes results from reuse, and every result that was made with them; all of them stay in the database and in earlier reports.
  ///
  /// - Parameters:
  ///   - selection: The attempts meant.
  ///   - reason: Why, for the record.
  /// - Returns: What was marked.
  /// - Throws: `StoreError`, `.notFound` if no valid result is selected.
  @discardableResult
  public func invalidate(_ selection: AttemptSelection, reason: String) throws(StoreError) -> Invalidation {
    let missing = noneMeant
    return try writeBlocking { database in
      let invalidation = try Invalidation(of: selection, in: database)
      guard let first = invalidation.attempts.first else { throw missing }
      let source = invalidation.attempts.count == 1 ? "attempt \(first)" : "attempt \(first) and others"
      try Self.mark(invalidation.attempts, reason: reason, in: database)
      try Self.mark(invalidation.dependents, reason: "made with \(source): \(reason)", in: database)
      return invalidation
    }
  }

  /// Excludes one attempt and those that used its result from reuse; they stay in the database and in earlier reports.
  ///
  /// - Parameters:
  ///   - id: Row id of the attempt.
  ///   - reason: Why, for the record.
  /// - Throws: `StoreError`, `.notFound` if there is no such valid result.
  public func invalidate(attempt id: Int64, reason: String) throws(StoreError) {
    var selection = AttemptSelection()
    selection.attempt = id
    try invalidate(selection, reason: reason)
  }

  private var noneMeant: StoreError {
    StoreError(
      code: .notFound, message: "no valid result in '\(path)' is meant; `orchestrate show` lists attempts", path: path)
  }

  private static func mark(_ attempts: [Int64], reason: String, in database: Database) throws {
    let list = attempts.jsonList
    try database.execute(
      sql: "UPDATE attempt SET invalid_reason = ? WHERE id IN (SELECT value FROM json_each(?))",
      arguments: [reason, list])
    try database.execute(
      sql: """
        INSERT INTO event (at, kind, run_id, attempt_id, detail)
        SELECT ?, 'attempt-invalidated', run_id, id, ? FROM attempt WHERE id IN (SELECT value FROM json_each(?)) ORDER BY id
        """,
      arguments: [TimePoint.now().iso8601, reason, list])
  }
}

extension Sequence<Int64> {
  /// The numbers as a JSON array, for `json_each`.
  var jsonList: String { "[\(map { String($0) }.joined(separator: ","))]" }
}

extension Invalidation {
  fileprivate init(of selection: AttemptSelection, in database: Database) throws {
    attempts = try selection.validAttempts(in: database)
    var known = Set(attempts)
    var level = known
    while !level.isEmpty {
      level = try Self.users(of: level, in: database).subtracting(known)
      known.formUnion(level)
      dependents += level
    }
    dependents.sort()
    try database.forEachRow(
      sql: "SELECT stage, count(*) FROM attempt WHERE id IN (SELECT value FROM json_each(?)) GROUP BY stage",
      arguments: [known.jsonList]
    ) { countByStage[try $0[0]] = try $0[1] }
  }

  /// The valid results that were made in a run that used one of the given attempts for a job they need.
  private static func users(of attempts: Set<Int64>, in database: Database) throws -> Set<Int64> {
    Set(try database.rows(sql: usersQuery, arguments: [attempts.jsonList]) { try $0[0] as Int64 })
  }

  /// The order of the tables is given: SQLite would begin with all attempts and look through all needs for each of them.
  package static let usersQuery = """
    SELECT DISTINCT user.id FROM json_each(?) AS made
    CROSS JOIN run_job AS used ON used.attempt_id = made.value
    CROSS JOIN job_need ON job_need.plan_id = used.plan_id AND job_need.needed_position = used.job_position
    CROSS JOIN attempt AS user ON user.run_id = used.run_id AND user.job_position = job_need.job_position
    WHERE user.state = 'succeeded' AND user.invalid_reason IS NULL
    """
}

extension AttemptSelection {
  fileprivate func validAttempts(in database: Database) throws -> [Int64] {
    var conditions = ["attempt.state = 'succeeded'", "attempt.invalid_reason IS NULL"]
    var arguments: [(any DatabaseValueConvertible)?] = []
    func add(_ condition: String, _ value: any DatabaseValueConvertible) {
      conditions.append(condition)
      arguments.append(value)
    }
    if let attempt { add("attempt.id = ?", attempt) }
    if let fingerprintPrefix {
      conditions.append("substr(attempt.fingerprint, 1, ?) = ?")
      arguments += [fingerprintPrefix.count, fingerprintPrefix.lowercased()]
    }
    if let stage { add("attempt.stage = ?", stage) }
    if let job {
      add("attempt.id IN (SELECT attempt_id FROM run_job WHERE job_position = ? AND run_id = ?)", job)
      arguments.append(try run ?? latestRun(in: database) ?? -1)
    } else if let run {
      add("attempt.run_id = ?", run)
    }
    if let experiment {
      add(
        "attempt.plan_id IN (SELECT plan.id FROM plan JOIN spec ON spec.id = plan.spec_id WHERE spec.name = ?)",
        experiment)
    }
    return try database.rows(
      sql: "SELECT id FROM attempt WHERE \(conditions.joined(separator: " AND ")) ORDER BY id",
      arguments: StatementArguments(arguments)
    ) { try $0[0] }
  }

  private func latestRun(in database: Database) throws -> Int64? {
    try database.firstRow(
      sql: """
        SELECT run.id FROM run JOIN plan ON plan.id = run.plan_id JOIN spec ON spec.id = plan.spec_id
        WHERE ?1 IS NULL OR spec.name = ?1 ORDER BY run.sequence DESC, run.uid DESC LIMIT 1
        """,
      arguments: [experiment]
    ) { try $0[0] }
  }
}
