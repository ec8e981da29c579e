import AttemptModel
public import Digest
import GRDB
import JSON

extension ResultsStore {
  /// Stores a spec and its frozen plan; a plan that is there already is left alone.
  ///
  /// - Parameter plan: The plan, whole.
  /// - Returns: Row id of the plan.
  /// - Throws: `StoreError`, `.inconsistent` if a job names a trial or a job that is not in the plan.
  /// - Complexity: O(trials + jobs + fingerprint parts) rows in one transaction.
  public func register(_ plan: PlanRecord) throws(StoreError) -> Int64 {
    try writeBlocking { database in
      if let known = try Int64.fetchOne(database, sql: "SELECT id FROM plan WHERE hash = ?", arguments: [plan.hash.hex])
      {
        return known
      }
      return try PlanWriter(database: database).insert(plan)
    }
  }

  /// Stores what fingerprints are made of, so that the part that moved can be named when another job takes the place of one of them.
  ///
  /// - Parameter jobs: Fingerprints with the name and digest of each part; what is known already stays.
  /// - Throws: `StoreError` if the database cannot be written.
  public func keepFingerprintParts(
    of jobs: some Sequence<(fingerprint: SHA256Digest, parts: [(name: String, digest: SHA256Digest)])>
  ) throws(StoreError) {
    // In the order of the table, so that it grows at its end.
    let sorted = jobs.sorted { $0.fingerprint < $1.fingerprint }
    guard !sorted.isEmpty else { return }
    try writeBlocking { try PlanWriter(database: $0).insert(parts: sorted) }
  }

  /// Returns the row id of a registered plan; nil if there is none with that digest.
  public func plan(hash: SHA256Digest) throws(StoreError) -> Int64? {
    try read { try Int64.fetchOne($0, sql: "SELECT id FROM plan WHERE hash = ?", arguments: [hash.hex]) }
  }

  /// Returns a frozen plan as the canonical JSON it was registered with.
  ///
  /// - Parameter run: Row id of any run of the plan.
  /// - Returns: The text, whose digest need not be the plan's hash.
  /// - Throws: `StoreError`, `.notFound` if there is no such run.
  public func canonicalPlan(ofRun run: Int64) throws(StoreError) -> String {
    let text = try read { database in
      try String.fetchOne(
        database, sql: "SELECT plan.canonical FROM run JOIN plan ON plan.id = run.plan_id WHERE run.id = ?",
        arguments: [run])
    }
    guard let text else { throw notFound("run \(run)") }
    return text
  }

  /// Returns a frozen plan as the canonical JSON it was registered with; nil if the plan is unknown.
  public func canonicalPlan(hash: SHA256Digest) throws(StoreError) -> String? {
    try read { database in
      try String.fetchOne(database, sql: "SELECT canonical FROM plan WHERE hash = ?", arguments: [hash.hex])
    }
  }
}

/// Inserts the rows of one plan.
private struct PlanWriter {
  let database: Database

  func insert(_ plan: PlanRecord) throws -> Int64 {
    let id = try insertHead(plan)
    try insertTrials(of: plan, plan: id)
    try insertJobs(of: plan, plan: id)
    try insertNeeds(of: plan.jobs, plan: id)
    try insert(
      parts: plan.jobs.map { (fingerprint: $0.fingerprint, parts: $0.parts) }.sorted { $0.fingerprint < $1.fingerprint }
    )
    return id
  }

  private func insertTrials(of plan: PlanRecord, plan id: Int64) throws {
    var trial = try RowInsertion("INSERT INTO trial (plan_id, position, assignment) VALUES (?, ?, ?)", in: database)
    for (position, record) in plan.trials.enumerated() {
      trial.bind(id)
      trial.bind(position)
      trial.bind(TrialRecord.key(of: record.assignment))
      try trial.execute()
    }
  }

  private func insertJobs(of plan: PlanRecord, plan id: Int64) throws {
    var job = try RowInsertion(
      "INSERT INTO job (plan_id, position, stage, fingerprint, lane, parameters) VALUES (?, ?, ?, ?, ?, ?)",
      in: database)
    var link = try RowInsertion(
      "INSERT INTO job_trial (plan_id, trial_position, job_position) VALUES (?, ?, ?)", in: database)
    for (position, record) in plan.jobs.enumerated() {
      job.bind(id)
      job.bind(position)
      job.bind(record.stage)
      job.bind(record.fingerprint)
      job.bind(record.isTimed ? "timed" : "throughput")
      job.bind(CanonicalJSON.text(of: record.parameters))
      try job.execute()
      for trial in record.trials {
        link.bind(id)
        link.bind(trial)
        link.bind(position)
        try link.execute()
      }
    }
  }

  /// Comes after all jobs, since a job may need one of a later position.
  private func insertNeeds(of jobs: [JobRecord], plan id: Int64) throws {
    var need = try RowInsertion(
      "INSERT INTO job_need (plan_id, job_position, needed_position) VALUES (?, ?, ?)", in: database)
    for (position, record) in jobs.enumerated() {
      for needed in record.needs {
        need.bind(id)
        need.bind(position)
        need.bind(needed)
        try need.execute()
      }
    }
  }

  /// Inserts parts of fingerprints, which come in ascending order.
  func insert(parts jobs: [(fingerprint: SHA256Digest, parts: [(name: String, digest: SHA256Digest)])]) throws {
    var part = try RowInsertion(
      "INSERT INTO fingerprint_part (fingerprint, name, digest) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      in: database)
    for (fingerprint, parts) in jobs {
      for (name, digest) in parts {
        part.bind(fingerprint)
        part.bind(name)
        part.bind(digest)
        try part.execute()
      }
    }
  }

  private func insertHead(_ plan: PlanRecord) throws -> Int64 {
    let digest = SHA256Digest(of: plan.canonicalSpec).hex
    try database.execute(
      sql: "INSERT INTO spec (name, digest, canonical) VALUES (?, ?, ?) ON CONFLICT DO NOTHING",
      arguments: [plan.experiment, digest, plan.canonicalSpec])
    let axes: [JSONValue] = plan.trials.first.map { $0.assignment.map { .string($0.name) } } ?? []
    try database.execute(
      sql: """
        INSERT INTO plan (spec_id, hash, axes, canonical, registered_at)
        VALUES ((SELECT id FROM spec WHERE digest = ?), ?, ?, ?, ?)
        """,
      arguments: [
        digest, plan.hash.hex, CanonicalJSON.text(of: .array(axes)), plan.canonicalPlan, TimePoint.now().iso8601,
      ])
    return database.lastInsertedRowID
  }
}
