public import Digest
import GRDB
public import JSON

/// A succeeded attempt that saves running a job again.
public struct ReusableAttempt: Sendable, Equatable {
  /// Row id.
  public var id: Int64
  /// Its stored files.
  public var artifacts: [ArtifactResult]

  /// Paths of the stored files by artifact name.
  public var paths: [String: String] {
    Dictionary(artifacts.map { ($0.name, $0.path) }, uniquingKeysWith: { first, _ in first })
  }
}

extension ResultsStore {
  /// Finds for each fingerprint the latest succeeded attempt whose files are all there.
  ///
  /// Files and folders are checked for presence and size; ``verify(checksDigests:)`` checks their content. An attempt of a timed job counts only
  /// if it ran on the given machine. Invalidated attempts do not count.
  ///
  /// - Parameters:
  ///   - jobs: Fingerprints, and whether the job is timed.
  ///   - machine: The machine on which timings would be made now.
  /// - Returns: Attempts by fingerprint; fingerprints without one are missing.
  /// - Throws: `StoreError` if the database cannot be read.
  /// - Complexity: One index look-up a fingerprint, one `stat` a file.
  public func reusableAttempts(
    for jobs: [(fingerprint: SHA256Digest, isTimed: Bool)], machine: MachineFingerprint = .current()
  ) throws(StoreError) -> [SHA256Digest: ReusableAttempt] {
    let here = machine.digest.hex
    return try read { database in
      var found: [SHA256Digest: ReusableAttempt] = [:]
      let search = try database.cachedStatement(
        sql: """
          SELECT attempt.id, machine.fingerprint FROM attempt JOIN machine ON machine.id = attempt.machine_id
          WHERE attempt.fingerprint = ? AND state = 'succeeded' AND invalid_reason IS NULL ORDER BY attempt.number DESC
          """)
      for job in jobs where found[job.fingerprint] == nil {
        for row in try Row.fetchAll(search, arguments: [job.fingerprint.hex]) where !job.isTimed || row[1] == here {
          let files = try artifactResults(attempt: row[0], in: database)
          let isWhole = files.allSatisfy { ArtifactContent.byteCount(at: $0.path) == Int64($0.byteCount) }
          guard isWhole else { continue }
          found[job.fingerprint] = ReusableAttempt(id: row[0], artifacts: files)
          break
        }
      }
      return found
    }
  }

  /// Returns the fingerprint parts with which a stage last succeeded for an assignment of axes.
  ///
  /// - Parameters:
  ///   - experiment: Name of the experiment.
  ///   - stage: Name of the stage.
  ///   - assignment: Axis values in any order.
  /// - Returns: Digests by part name; nil if the stage never succeeded for that assignment.
  /// - Throws: `StoreError` if the database cannot be read.
  public func lastFingerprintParts(
    experiment: String, stage: String, assignment: [(name: String, value: JSONValue)]
  ) throws(StoreError) -> [String: SHA256Digest]? {
    let key = TrialRecord.key(of: assignment)
    return try read { database in
      let search = try database.cachedStatement(
        sql: """
          SELECT job.fingerprint FROM trial
          JOIN plan ON plan.id = trial.plan_id JOIN spec ON spec.id = plan.spec_id
          JOIN job_trial ON job_trial.plan_id = trial.plan_id AND job_trial.trial_position = trial.position
          JOIN job ON job.plan_id = job_trial.plan_id AND job.position = job_trial.job_position
          WHERE trial.assignment = ? AND spec.name = ? AND job.stage = ?
            AND EXISTS (SELECT 1 FROM attempt WHERE attempt.fingerprint = job.fingerprint AND state = 'succeeded')
          ORDER BY (SELECT max(run.id) FROM run WHERE run.plan_id = plan.id) DESC LIMIT 1
          """)
      guard let fingerprint = try String.fetchOne(search, arguments: [key, experiment, stage]) else { return nil }
      let parts = try database.cachedStatement(sql: "SELECT name, digest FROM fingerprint_part WHERE fingerprint = ?")
      var digests: [String: SHA256Digest] = [:]
      for row in try Row.fetchAll(parts, arguments: [fingerprint]) {
        digests[row[0]] = SHA256Digest(hex: row[1] as String)
      }
      return digests
    }
  }

  /// Estimates how long one attempt of each stage takes.
  ///
  /// - Parameter experiment: Name of the experiment.
  /// - Returns: Median seconds of the latest 100 succeeded attempts by stage; stages without any are missing.
  /// - Throws: `StoreError` if the database cannot be read.
  public func estimatedDurations(experiment: String) throws(StoreError) -> [String: Double] {
    let durations = try read { database in
      var durations: [String: [Double]] = [:]
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT attempt.stage, (ended_ns - started_ns) / 1e9 FROM attempt
          JOIN plan ON plan.id = attempt.plan_id JOIN spec ON spec.id = plan.spec_id
          WHERE spec.name = ? AND state = 'succeeded' ORDER BY attempt.id DESC
          """,
        arguments: [experiment])
      while let row = try rows.next() {
        let stage: String = row[0]
        if durations[stage, default: []].count < 100 { durations[stage, default: []].append(row[1]) }
      }
      return durations
    }
    return durations.mapValues { values in
      let sorted = values.sorted()
      return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
  }
}
