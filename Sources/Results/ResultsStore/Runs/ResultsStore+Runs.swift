public import AttemptModel
public import Digest
import GRDB

extension ResultsStore {
  /// Records the start of a run; all its jobs are `planned` but those whose state is given.
  ///
  /// - Parameters:
  ///   - plan: Row id of a registered plan.
  ///   - machine: The machine it runs on.
  ///   - code: The project's source.
  ///   - toolVersion: Version of the orchestrator.
  ///   - watched: What the jobs of the plan were known to depend on, a JSON object.
  ///   - states: States that jobs have from the beginning, such as `.reused` and `.ready`.
  /// - Returns: Row id of the run.
  /// - Throws: `StoreError`, `.inconsistent` if there is no such plan.
  public func beginRun(
    plan: Int64, machine: MachineFingerprint = .current(), code: CodeState, toolVersion: String,
    watched: String? = nil, states: [JobStateChange] = []
  ) throws(StoreError) -> Int64 {
    let (uid, now) = (Self.newRowName(), TimePoint.now())
    return try writeBlocking { database in
      let machineID = try Self.row(of: machine, in: database)
      let codeID = try Self.row(of: code, in: database)
      let owner = ProcessIdentity.current
      try database.execute(
        sql: """
          INSERT INTO run (uid, sequence, plan_id, machine_id, code_state_id, tool_version, state, started_at, boot_id, pid, process_start,
            watched)
          VALUES (?, (SELECT max(?, coalesce(max(sequence) + 1, 0)) FROM run), ?, ?, ?, ?, 'running', ?, ?, ?, ?, ?)
          """,
        arguments: [
          uid, now.utcNanoseconds / 1_000_000, plan, machineID, codeID, toolVersion, now.iso8601, owner.bootID,
          owner.pid, owner.startTicks, watched,
        ])
      let run = database.lastInsertedRowID
      try Self.insertJobs(ofPlan: plan, run: run, states: states, in: database)
      try Event(kind: "run-started", run: run).insert(in: database)
      return run
    }
  }

  /// Returns what the jobs of a plan were known to depend on when it was last run.
  ///
  /// - Parameter plan: Digest of the plan.
  /// - Returns: The JSON object that the latest run was begun with; nil if it had none.
  /// - Throws: `StoreError` if the database cannot be read.
  public func latestWatched(ofPlan plan: SHA256Digest) throws(StoreError) -> String? {
    try read { database in
      try String?.fetchOne(
        database,
        sql: """
          SELECT run.watched FROM run JOIN plan ON plan.id = run.plan_id WHERE plan.hash = ?
          ORDER BY run.sequence DESC, run.uid DESC LIMIT 1
          """,
        arguments: [plan.hex]) ?? nil
    }
  }

  /// Records new states of jobs, all of them in one transaction.
  ///
  /// - Parameters:
  ///   - changes: The jobs and their states.
  ///   - run: Row id of the run.
  /// - Throws: `StoreError`: `.notFound` if a job is not in the run, `.inconsistent` if `.done` or `.reused` names no attempt.
  public func record(_ changes: [JobStateChange], run: Int64) throws(StoreError) {
    let missing = notFound("job of run \(run) at one of the given positions")
    try writeBlocking { database in
      for change in changes {
        try Self.apply(change, run: run, in: database)
        guard database.changesCount == 1 else { throw missing }
      }
    }
  }

  /// Records the end of a run; jobs that are still `ready` or `running` become `planned`.
  ///
  /// - Parameters:
  ///   - run: Row id of the run.
  ///   - state: How it ended.
  /// - Throws: `StoreError`, `.notFound` if no such run is under way.
  public func endRun(_ run: Int64, state: RunEnd) throws(StoreError) {
    let missing = notFound("run \(run) that is under way")
    try writeBlocking { database in
      try database.execute(
        sql: "UPDATE run SET state = ?, ended_at = ? WHERE id = ? AND state = 'running'",
        arguments: [state.rawValue, TimePoint.now().iso8601, run])
      guard database.changesCount == 1 else { throw missing }
      try database.execute(
        sql: "UPDATE run_job SET state = 'planned' WHERE run_id = ? AND state IN ('ready', 'running')",
        arguments: [run])
      try Event(kind: "run-\(state.rawValue)", run: run).insert(in: database)
    }
    attemptFolders.removeSpare()
  }

  static func apply(_ change: JobStateChange, run: Int64, in database: Database) throws {
    let statement = try database.cachedStatement(
      sql: """
        UPDATE run_job SET state = ?, attempt_id = coalesce(?, attempt_id), reason = ?
        WHERE run_id = ? AND job_position = ?
        """)
    try statement.execute(arguments: [change.state.rawValue, change.attempt, change.reason, run, change.job])
  }

  private static func insertJobs(
    ofPlan plan: Int64, run: Int64, states: [JobStateChange], in database: Database
  ) throws {
    let known = Dictionary(states.map { ($0.job, $0) }, uniquingKeysWith: { _, last in last })
    let positions = try Int.fetchAll(
      database, sql: "SELECT position FROM job WHERE plan_id = ? ORDER BY position", arguments: [plan])
    var insertion = try RowInsertion(
      "INSERT INTO run_job (run_id, plan_id, job_position, state, attempt_id, reason) VALUES (?, ?, ?, ?, ?, ?)",
      in: database)
    for job in positions {
      let state = known[job] ?? JobStateChange(job: job, state: .planned)
      insertion.bind(run)
      insertion.bind(plan)
      insertion.bind(job)
      insertion.bind(state.state.rawValue)
      insertion.bind(state.attempt)
      insertion.bind(state.reason)
      try insertion.execute()
    }
  }

  private static func row(of machine: MachineFingerprint, in database: Database) throws -> Int64? {
    let digest = machine.digest.hex
    try database.execute(
      sql: """
        INSERT INTO machine (fingerprint, cpu_model, cores, memory_bytes, kernel, is_virtualized)
        VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING
        """,
      arguments: [
        digest, machine.cpuModel, machine.cores, machine.memoryBytes, machine.kernel, machine.isVirtualized,
      ])
    return try Int64.fetchOne(database, sql: "SELECT id FROM machine WHERE fingerprint = ?", arguments: [digest])
  }

  private static func row(of code: CodeState, in database: Database) throws -> Int64? {
    try database.execute(
      sql: """
        INSERT INTO code_state (commit_id, is_dirty, difference_digest, difference) VALUES (?, ?, ?, ?)
        ON CONFLICT DO NOTHING
        """,
      arguments: [code.commit, code.isDirty, code.differenceDigest, code.difference])
    return try Int64.fetchOne(
      database,
      sql: "SELECT id FROM code_state WHERE commit_id = ? AND is_dirty = ? AND difference_digest = ?",
      arguments: [code.commit, code.isDirty, code.differenceDigest])
  }
}

/// A line of the append-only log.
struct Event {
  var kind: String
  var run: Int64?
  var attempt: Int64?
  var detail = ""

  func insert(in database: Database) throws {
    let statement = try database.cachedStatement(
      sql: "INSERT INTO event (at, kind, run_id, attempt_id, detail) VALUES (?, ?, ?, ?, ?)")
    try statement.execute(arguments: [TimePoint.now().iso8601, kind, run, attempt, detail])
  }
}
