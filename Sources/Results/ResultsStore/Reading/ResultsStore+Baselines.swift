import AttemptModel
import GRDB

/// A level that somebody has accepted for a cell of a nightly series.
public struct BaselineRecord: Sendable, Hashable {
  /// The experiment.
  public var experiment: String
  /// The cell, such as "timing:time.priorbrush:steps=3".
  public var cell: String
  /// Row id of the night on which it was accepted; the baseline holds for that night's machine.
  public var run: Int64
  /// The accepted level.
  public var value: Double
  /// Its unit, empty if dimensionless.
  public var unit: String
  /// How many nights the level rests on.
  public var nights: Int
  /// Who accepted it.
  public var acceptedBy: String
  /// Why.
  public var reason: String
  /// Hex fingerprint of the machine; empty in a record that is to be stored.
  public var machine = ""
  /// ISO 8601 UTC; empty in a record that is to be stored.
  public var acceptedAt = ""

  /// Makes a record.
  public init(
    experiment: String, cell: String, run: Int64, value: Double, unit: String, nights: Int, acceptedBy: String,
    reason: String
  ) {
    self.experiment = experiment
    self.cell = cell
    self.run = run
    self.value = value
    self.unit = unit
    self.nights = nights
    self.acceptedBy = acceptedBy
    self.reason = reason
  }
}

extension ResultsStore {
  /// Stores accepted baselines, all in one transaction; earlier ones stay, and the latest counts.
  ///
  /// - Parameter records: The baselines, each with a name and a reason.
  /// - Throws: `StoreError`, `.inconsistent` if a run is not there, or name or reason is empty.
  public func accept(_ records: [BaselineRecord]) throws(StoreError) {
    let now = TimePoint.now().iso8601
    let names = records.map { _ in Self.newRowName() }
    try writeBlocking { database in
      for (record, uid) in zip(records, names) {
        try database.execute(
          sql: """
            INSERT INTO baseline (uid, run_id, experiment, cell, value, unit, nights, accepted_by, reason, accepted_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: [
            uid, record.run, record.experiment, record.cell, record.value, record.unit, record.nights,
            record.acceptedBy, record.reason, now,
          ])
        try Event(
          kind: "baseline-accepted", run: record.run, detail: "\(record.cell) by \(record.acceptedBy): \(record.reason)"
        ).insert(in: database)
      }
    }
  }

  /// Returns baselines.
  ///
  /// - Parameters:
  ///   - experiment: Only those of this experiment.
  ///   - machine: Only those of the machine with this hex fingerprint.
  ///   - onlyAccepted: Whether only the one that counts is wanted for each cell and machine, or its whole history.
  /// - Returns: Baselines in order of experiment, cell, machine and time.
  /// - Throws: `StoreError` if the database cannot be read.
  public func baselines(
    experiment: String? = nil, machine: String? = nil, onlyAccepted: Bool = true
  ) throws(StoreError) -> [BaselineRecord] {
    let history = """
      (SELECT baseline.experiment, cell, machine.fingerprint AS machine, value, unit, nights, run_id AS run, accepted_by, reason,
        accepted_at, baseline.uid AS uid FROM baseline JOIN run ON run.id = baseline.run_id JOIN machine ON machine.id = run.machine_id)
      """
    return try read { database in
      try database.rows(
        sql: """
          SELECT experiment, cell, run, value, unit, nights, accepted_by, reason, machine, accepted_at
          FROM \(onlyAccepted ? "accepted_baseline" : history)
          WHERE (?1 IS NULL OR experiment = ?1) AND (?2 IS NULL OR machine = ?2)
          ORDER BY experiment, cell, machine, accepted_at
          """,
        arguments: [experiment, machine], BaselineRecord.init(row:))
    }
  }
}

extension BaselineRecord {
  fileprivate init(row: StoredRow) throws {
    self.init(
      experiment: try row[0], cell: try row[1], run: try row[2], value: try row[3], unit: try row[4],
      nights: try row[5], acceptedBy: try row[6], reason: try row[7])
    machine = try row[8]
    acceptedAt = try row[9]
  }
}
