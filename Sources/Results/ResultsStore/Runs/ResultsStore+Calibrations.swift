import AttemptModel
import GRDB

extension ResultsStore {
  /// Stores calibrations; earlier ones of the same cells stay, and the latest count.
  ///
  /// - Parameter records: The calibrations, each with a run that is in the database.
  /// - Throws: `StoreError`, `.inconsistent` if a run is not there or a number is out of range.
  public func insert(_ records: [CalibrationRecord]) throws(StoreError) {
    let now = TimePoint.now().iso8601
    let names = records.map { _ in Self.newRowName() }
    try writeBlocking { database in
      for (record, uid) in zip(records, names) {
        let arguments: [(any DatabaseValueConvertible)?] = [
          uid, record.run, record.experiment, record.cell, now, record.significance, record.comparisons,
          record.falseAlarms, record.falseAlarmRange.lowerBound, record.falseAlarmRange.upperBound, record.pairs,
          record.noise, record.power, record.detectable, record.detectableRange?.lowerBound,
          record.detectableRange?.upperBound, record.planted, record.plantedComparisons, record.plantedFound,
        ]
        try database.execute(
          sql: """
            INSERT INTO calibration (uid, run_id, experiment, cell, computed_at, significance, comparisons, false_alarms,
              false_alarm_lower, false_alarm_upper, pairs, noise, power, detectable, detectable_lower, detectable_upper, planted,
              planted_comparisons, planted_found)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """,
          arguments: StatementArguments(arguments))
        try Event(kind: "calibrated", run: record.run, detail: record.cell).insert(in: database)
      }
    }
  }

  /// Returns the latest calibration of every cell and machine.
  ///
  /// - Parameters:
  ///   - experiment: Only those that this experiment's runs measured.
  ///   - machine: Only those of the machine with this hex fingerprint.
  /// - Returns: Calibrations in order of experiment, cell and machine.
  /// - Throws: `StoreError` if the database cannot be read.
  public func calibrations(
    experiment: String? = nil, machine: String? = nil
  ) throws(StoreError) -> [CalibrationRecord] {
    try read { database in
      try database.rows(
        sql: """
          SELECT \(CalibrationRecord.columns) FROM latest_calibration WHERE (?1 IS NULL OR experiment = ?1) AND (?2 IS NULL OR machine = ?2)
          ORDER BY experiment, cell, machine
          """,
        arguments: [experiment, machine], CalibrationRecord.init(row:))
    }
  }

  /// A name for a row that no other row in any database has.
  static func newRowName() -> String {
    (0..<2).map { _ in
      let digits = String(UInt64.random(in: 0...UInt64.max), radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }
}

extension CalibrationRecord {
  fileprivate static let columns = """
    experiment, cell, run, significance, comparisons, false_alarms, false_alarm_lower, false_alarm_upper, pairs, noise, power,
    detectable, detectable_lower, detectable_upper, planted, planted_comparisons, planted_found, machine, computed_at
    """

  /// Makes a calibration of a row of `columns`.
  fileprivate init(row: StoredRow) throws {
    let alarms: (lower: Double, upper: Double) = (try row[6], try row[7])
    let detectable: (lower: Double?, upper: Double?) = (try row[12], try row[13])
    self.init(
      experiment: try row[0], cell: try row[1], run: try row[2], significance: try row[3], comparisons: try row[4],
      falseAlarms: try row[5], falseAlarmRange: alarms.lower...max(alarms.lower, alarms.upper), pairs: try row[8],
      noise: try row[9], power: try row[10], detectable: try row[11],
      detectableRange: detectable.lower.flatMap { lower in detectable.upper.map { lower...max(lower, $0) } },
      planted: try row[14], plantedComparisons: try row[15], plantedFound: try row[16])
    machine = try row[17]
    computedAt = try row[18]
  }
}
