import GRDB

/// Finds what the attached database `source` says otherwise than this one of the same thing, before anything is taken from it.
struct StoreMergeConflicts {
  let database: Database
  /// The source as the user knows it.
  let source: String

  /// - Throws: `StoreError` with code `.inconsistent` that names the first thing.
  func check() throws {
    for (noun, query) in Self.conflicts {
      guard let name = try database.firstRow(sql: query, { try $0[0] as String }) else { continue }
      throw StoreError(
        code: .inconsistent,
        message:
          "'\(source)' has another content for \(noun) \(name), which is here already; one of the two was altered, "
          + "nothing was merged",
        path: source)
    }
  }

  private static let runs = """
    temp.merge_run AS map JOIN source.run AS other ON other.id = map.source JOIN main.run AS own ON own.id = map.target
    """

  private static let conflicts: [(noun: String, query: String)] = [
    (
      "the run",
      """
      SELECT own.uid FROM \(runs)
      JOIN source.plan AS other_plan ON other_plan.id = other.plan_id JOIN main.plan AS own_plan ON own_plan.id = own.plan_id
      JOIN source.machine AS other_machine ON other_machine.id = other.machine_id
      JOIN main.machine AS own_machine ON own_machine.id = own.machine_id
      WHERE other_plan.hash <> own_plan.hash OR other_machine.fingerprint <> own_machine.fingerprint
        OR other.started_at <> own.started_at OR other.boot_id <> own.boot_id OR other.pid <> own.pid
        OR other.process_start <> own.process_start LIMIT 1
      """
    ),
    (
      "an attempt of the run",
      """
      SELECT own.uid FROM \(runs)
      JOIN source.attempt AS theirs ON theirs.run_id = other.id
      JOIN main.attempt AS ours ON ours.run_id = own.id AND ours.job_position = theirs.job_position
        AND ours.number = theirs.number
      WHERE theirs.fingerprint <> ours.fingerprint OR theirs.started_at <> ours.started_at LIMIT 1
      """
    ),
    (
      "the plan",
      """
      SELECT own.hash FROM source.plan AS other JOIN main.plan AS own ON own.hash = other.hash
      WHERE other.id IN (SELECT plan_id FROM source.run WHERE id IN (SELECT source FROM temp.merge_run)) AND (
        other.axes <> own.axes
        OR (SELECT digest FROM source.spec WHERE id = other.spec_id) <> (SELECT digest FROM main.spec WHERE id = own.spec_id)
        OR (SELECT count(*) FROM source.job WHERE plan_id = other.id) <> (SELECT count(*) FROM main.job WHERE plan_id = own.id)
        OR EXISTS (
          SELECT 1 FROM source.job AS theirs JOIN main.job AS ours ON ours.plan_id = own.id AND ours.position = theirs.position
          WHERE theirs.plan_id = other.id AND (theirs.fingerprint <> ours.fingerprint OR theirs.stage <> ours.stage)))
      LIMIT 1
      """
    ),
  ]
}
