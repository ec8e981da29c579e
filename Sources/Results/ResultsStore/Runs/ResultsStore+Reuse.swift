public import Digest
import GRDB
public import JSON

/// A succeeded attempt that saves running a job again.
public struct ReusableAttempt: Sendable, Equatable {
  /// Row id.
  public var id: Int64
  /// Its stored files.
  public var artifacts: [ArtifactResult]
  /// Row id of the list of what it depended on, see ``ResultsStore/inputSets(_:)``; nil if it was made before inputs were observed.
  public var inputSet: Int64?
  /// Digest of the artifacts that it was given.
  public var consumed: SHA256Digest?
  /// Why reads of it may have been missed.
  public var gap: String?
  /// The seed that it was given.
  public var seed: UInt64

  /// Paths of the stored files by artifact name.
  public var paths: [String: String] {
    Dictionary(artifacts.map { ($0.name, $0.path) }, uniquingKeysWith: { first, _ in first })
  }
}

extension ResultsStore {
  /// Whether the files of an attempt are all there with the sizes that they should have.
  ///
  /// - Parameter attempt: A candidate.
  /// - Returns: Whether none is missing.
  public func holdsFiles(of attempt: ReusableAttempt) -> Bool {
    attempt.artifacts.allSatisfy { ArtifactContent.byteCount(at: $0.path) == Int64($0.byteCount) }
  }

  /// Whether a stored file or folder has the content that it should have.
  ///
  /// - Parameters:
  ///   - artifact: An artifact of an attempt.
  ///   - digests: Reads files, or knows them.
  /// - Returns: Whether it is what was stored.
  public func isIntact(_ artifact: ArtifactResult, digests: FileDigests) -> Bool {
    guard let content = try? ArtifactContent(of: artifact.path), content.byteCount == Int64(artifact.byteCount) else {
      return false
    }
    let digest =
      content.isFolder
      ? try? FolderListing(of: artifact.path).digest(digests) : try? digests.digest(ofFile: artifact.path).digest
    return digest?.hex == artifact.digest
  }

  /// Finds for each fingerprint the succeeded attempts, the latest first.
  ///
  /// Whether their files are there is not looked at, see ``holdsFiles(of:)`` and ``isIntact(_:digests:)``. An attempt of a timed job counts only
  /// if it ran on the given machine. Invalidated attempts do not count.
  ///
  /// - Parameters:
  ///   - jobs: Fingerprints, and whether the job is timed.
  ///   - machine: The machine on which timings would be made now.
  /// - Returns: Attempts by fingerprint; fingerprints without one are missing.
  /// - Throws: `StoreError` if the database cannot be read.
  /// - Complexity: One query with an index look-up a fingerprint.
  public func reuseCandidates(
    for jobs: [(fingerprint: SHA256Digest, isTimed: Bool)], machine: MachineFingerprint = .current()
  ) throws(StoreError) -> [SHA256Digest: [ReusableAttempt]] {
    let here = machine.digest.hex
    let timed = Set(jobs.filter(\.isTimed).map(\.fingerprint))
    // In the order of the index, so that each of its pages is read once.
    let wanted = CanonicalJSON.text(of: .array(Set(jobs.map(\.fingerprint)).sorted().map { .string($0.hex) }))
    let candidates = try read { try ReuseCandidate.all(fingerprints: wanted, artifacts: artifacts, in: $0) }
    var found: [SHA256Digest: [ReusableAttempt]] = [:]
    for (fingerprint, attempts) in candidates {
      let isTimed = timed.contains(fingerprint)
      let counting = attempts.filter { !isTimed || $0.machine == here }
      guard !counting.isEmpty else { continue }
      found[fingerprint] = counting.sorted(by: >).map {
        ReusableAttempt(
          id: $0.id, artifacts: $0.artifacts, inputSet: $0.inputSet, consumed: $0.consumed, gap: $0.gap,
          seed: $0.seed)
      }
    }
    return found
  }

  /// Returns the attempts made by the latest runs of a plan, back to the last run that came to its end.
  ///
  /// - Parameter hash: Digest of the plan.
  /// - Returns: Row ids.
  /// - Throws: `StoreError` if the database cannot be read.
  public func attemptsOfUnfinishedRuns(ofPlan hash: SHA256Digest) throws(StoreError) -> Set<Int64> {
    try read { database in
      try Int64.fetchSet(
        database,
        sql: """
          SELECT attempt.id FROM attempt WHERE run_id IN (
            SELECT run.id FROM run JOIN plan ON plan.id = run.plan_id WHERE plan.hash = ?1 AND run.sequence >= coalesce(
              (SELECT max(sequence) FROM run JOIN plan ON plan.id = run.plan_id
               WHERE plan.hash = ?1 AND state = 'finished'), 0) AND run.state <> 'finished')
          """,
        arguments: [hash.hex])
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
      try parts.forEachRow([fingerprint]) { digests[try $0[0]] = SHA256Digest(hex: try $0[1] as String) }
      return digests
    }
  }

  /// Estimates how long one attempt of each stage takes.
  ///
  /// - Parameter experiment: Name of the experiment.
  /// - Returns: Median seconds of the latest 100 succeeded attempts by stage of the latest plan; stages without any are missing.
  /// - Throws: `StoreError` if the database cannot be read.
  public func estimatedDurations(experiment: String) throws(StoreError) -> [String: Double] {
    let durations = try read { database in
      let stages = try String.fetchAll(
        database,
        sql: """
          SELECT DISTINCT stage FROM job WHERE plan_id IN (
            SELECT plan.id FROM plan JOIN spec ON spec.id = plan.spec_id WHERE spec.name = ? ORDER BY plan.id DESC LIMIT 1)
          """,
        arguments: [experiment])
      let latest = try database.cachedStatement(
        sql: """
          SELECT (ended_ns - started_ns) / 1e9 FROM attempt
          JOIN plan ON plan.id = attempt.plan_id JOIN spec ON spec.id = plan.spec_id
          WHERE attempt.stage = ? AND spec.name = ? AND state = 'succeeded' ORDER BY attempt.id DESC LIMIT 100
          """)
      var durations: [String: [Double]] = [:]
      for stage in stages {
        let values = try Double.fetchAll(latest, arguments: [stage, experiment])
        if !values.isEmpty { durations[stage] = values }
      }
      return durations
    }
    return durations.mapValues { values in
      let sorted = values.sorted()
      return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
  }
}

/// A succeeded attempt that might save running a job again.
private struct ReuseCandidate: Comparable {
  var sequence: Int64
  var id: Int64
  var machine: String
  var inputSet: Int64?
  var consumed: SHA256Digest?
  var gap: String?
  var seed: UInt64
  var artifacts: [ArtifactResult] = []

  static func < (left: ReuseCandidate, right: ReuseCandidate) -> Bool {
    (left.sequence, left.id) < (right.sequence, right.id)
  }

  /// Reads all candidates of fingerprints, which are given as a JSON array, in one pass.
  static func all(
    fingerprints: String, artifacts store: ArtifactStore, in database: Database
  ) throws -> [SHA256Digest: [ReuseCandidate]] {
    var found: [SHA256Digest: [ReuseCandidate]] = [:]
    try database.forEachRow(
      sql: """
        SELECT attempt.fingerprint, attempt.id, run.sequence, machine.fingerprint, artifact.name, artifact.sha256,
          artifact.byte_count, artifact.media_type, attempt.input_set_id, attempt.consumed,
          attempt.observation_gap, attempt.seed
        FROM json_each(?) AS wanted CROSS JOIN attempt ON attempt.fingerprint = wanted.value
        JOIN run ON run.id = attempt.run_id JOIN machine ON machine.id = attempt.machine_id LEFT JOIN artifact ON artifact.attempt_id = attempt.id
        WHERE attempt.state = 'succeeded' AND attempt.invalid_reason IS NULL
        """,
      arguments: [fingerprints]
    ) { row in
      guard let fingerprint = SHA256Digest(hex: try row[0] as String) else { return }
      let id: Int64 = try row[1]
      var attempts = found.removeValue(forKey: fingerprint) ?? []
      if attempts.last?.id != id {
        let consumed: String? = try row[9]
        attempts.append(
          ReuseCandidate(
            sequence: try row[2], id: id, machine: try row[3], inputSet: try row[8],
            consumed: consumed.flatMap { SHA256Digest(hex: $0) }, gap: try row[10],
            seed: UInt64(bitPattern: try row[11])))
      }
      if let name: String = try row[4] {
        let digest: SHA256Digest = try row[5]
        attempts[attempts.count - 1].artifacts.append(
          ArtifactResult(
            name: name, digest: digest.hex, byteCount: try row[6], mediaType: try row[7],
            path: store.path(of: digest)))
      }
      found[fingerprint] = attempts
    }
    return found
  }
}
