public import Digest
import GRDB

extension ResultsStore {
  /// Returns the names of all experiments that have a run, sorted.
  public func experimentNames() throws(StoreError) -> [String] {
    try read { database in
      try String.fetchAll(
        database,
        sql: """
          SELECT DISTINCT spec.name FROM run JOIN plan ON plan.id = run.plan_id JOIN spec ON spec.id = plan.spec_id
          ORDER BY spec.name
          """)
    }
  }

  /// Returns all runs, the latest first.
  public func runs() throws(StoreError) -> [RunSummary] {
    try read { database in
      try database.rows(
        sql: "SELECT \(Self.runColumns) FROM \(Self.runTables) ORDER BY run.sequence DESC, run.uid DESC"
      ) { try Self.run(from: $0, in: database) }
    }
  }

  /// Returns the id of the latest run; nil if there is none.
  public func latestRun() throws(StoreError) -> Int64? {
    try read { try Int64.fetchOne($0, sql: "SELECT id FROM run ORDER BY sequence DESC, uid DESC LIMIT 1") }
  }

  /// Returns one run; nil if there is none with that id.
  public func run(_ id: Int64) throws(StoreError) -> RunSummary? {
    try read { try Self.run(id, in: $0) }
  }

  /// Returns all attempts of a job's identity, in any run, the first one first.
  public func attempts(of fingerprint: SHA256Digest) throws(StoreError) -> [AttemptResults] {
    try read { database in
      let attempts = try database.rows(
        sql:
          "SELECT \(Self.attemptColumns) FROM attempt JOIN run ON run.id = attempt.run_id WHERE fingerprint = ? ORDER BY run.sequence, attempt.id",
        arguments: [fingerprint.hex], Self.attempt(from:))
      return try withSamplesAndArtifacts(attempts, in: database)
    }
  }

  /// Returns all attempts made by a run, the first one first.
  public func attempts(ofRun run: Int64) throws(StoreError) -> [AttemptResults] {
    try read { database in
      let attempts = try database.rows(
        sql: "SELECT \(Self.attemptColumns) FROM attempt WHERE run_id = ? ORDER BY id", arguments: [run],
        Self.attempt(from:))
      return try withSamplesAndArtifacts(attempts, in: database)
    }
  }

  /// Returns the log of a run, or of everything, in order.
  ///
  /// - Parameter run: Row id of a run; nil for all events.
  /// - Returns: The events, the oldest first.
  /// - Throws: `StoreError` if the database cannot be read.
  public func events(ofRun run: Int64? = nil) throws(StoreError) -> [EventResult] {
    try read { database in
      try database.rows(
        sql: "SELECT at, kind, run_id, attempt_id, detail FROM event WHERE ?1 IS NULL OR run_id = ?1 ORDER BY id",
        arguments: [run]
      ) { EventResult(at: try $0[0], kind: try $0[1], run: try $0[2], attempt: try $0[3], detail: try $0[4]) }
    }
  }
}

/// One line of the append-only log.
public struct EventResult: Sendable, Hashable {
  /// ISO 8601 UTC.
  public var at: String
  /// What happened, for example "run-started", "attempt-lost".
  public var kind: String
  /// The run concerned, if any.
  public var run: Int64?
  /// The attempt concerned, if any.
  public var attempt: Int64?
  /// More about it; may be empty.
  public var detail: String
}
