import GRDB
import JSON
import Printing

/// Which results are exported.
public struct ExportSelection: Sendable, Hashable {
  /// Names of experiments; nil for all.
  public var experiments: [String]?
  /// Row ids of runs; nil for all.
  public var runs: [Int64]?
  /// Whether only the latest of the selected runs of each experiment is meant.
  public var latestOnly: Bool

  /// Makes a selection; everything if nothing is given.
  public init(experiments: [String]? = nil, runs: [Int64]? = nil, latestOnly: Bool = false) {
    self.experiments = experiments
    self.runs = runs
    self.latestOnly = latestOnly
  }

  /// Row ids of the selected runs, the first one first.
  func runIDs(in database: Database, schema: String = "main") throws -> [Int64] {
    var found = try database.rows(
      sql: """
        SELECT run.id, spec.name FROM \(schema).run JOIN \(schema).plan ON plan.id = run.plan_id
        JOIN \(schema).spec ON spec.id = plan.spec_id ORDER BY run.sequence, run.uid
        """
    ) { (id: try $0[0] as Int64, experiment: try $0[1] as String) }
    if let experiments { found.removeAll { !experiments.contains($0.experiment) } }
    if let runs { found.removeAll { !runs.contains($0.id) } }
    guard latestOnly else { return found.map(\.id) }
    let latest = Dictionary(found.map { ($0.experiment, $0.id) }, uniquingKeysWith: { _, last in last })
    return found.filter { latest[$0.experiment] == $0.id }.map(\.id)
  }
}

/// A text form of samples.
public enum SampleFormat: String, Sendable, CaseIterable {
  /// Comma-separated values (RFC 4180) with a header line.
  case csv
  /// One JSON object a line.
  case jsonl
}

extension ResultsStore {
  /// Writes every sample of the selected runs, one row a sample and trial, in one snapshot.
  ///
  /// Columns: experiment, run, trial, one for each axis, stage, job, state, metric, unit, value, repetition, warmup, block, position,
  /// attempt, number, machine, commit, started_at, invalid. A sample of a job that serves several trials is repeated, with the same
  /// attempt. Numbers are unrounded; values that are not finite read NaN, Infinity, -Infinity. An axis that an experiment does not have
  /// is empty (CSV) or absent (JSON Lines).
  ///
  /// - Parameters:
  ///   - selection: The runs.
  ///   - format: CSV or JSON Lines.
  ///   - write: Receives the text piece by piece; what it throws ends the export.
  /// - Returns: The number of rows.
  /// - Throws: `StoreError`: `.notFound` if no run is selected, or what `write` throws.
  @discardableResult
  public func exportSamples(
    _ selection: ExportSelection, as format: SampleFormat, to write: (String) throws -> Void
  ) throws(StoreError) -> Int {
    let missing = StoreError(
      code: .notFound, message: "no run in '\(path)' is meant; `orchestrate runs` lists them", path: path)
    return try read { database in
      let runs = try selection.runIDs(in: database)
      guard !runs.isEmpty else { throw missing }
      let axes = try Self.axes(ofRuns: runs, in: database)
      if format == .csv { try write(SampleRow.header(axes: axes)) }
      var count = 0
      var reader = SampleReader()
      for run in runs {
        try database.forEachRow(sql: SampleRow.query, arguments: [run]) { row in
          let sample = try reader.sample(row)
          try write(format == .csv ? sample.csv(axes: axes) : sample.jsonLine)
          count += 1
        }
      }
      return count
    }
  }

  private static func axes(ofRuns runs: [Int64], in database: Database) throws -> [String] {
    var names: [String] = []
    var seen: Set<String> = []
    for run in runs {
      let axes = try database.firstRow(
        sql: "SELECT axes FROM plan WHERE id = (SELECT plan_id FROM run WHERE id = ?)", arguments: [run]
      ) { try $0[0] as JSONValue }
      for name in axes?.arrayValue?.compactMap(\.stringValue) ?? [] where seen.insert(name).inserted {
        names.append(name)
      }
    }
    return names
  }
}

/// Makes samples of rows in the order of their trials, whose assignments are read once each.
private struct SampleReader {
  private var assignment = ""
  private var axes: [(key: String, value: JSONValue)] = []
  private var valuesOfAxes: [String: JSONValue] = [:]

  mutating func sample(_ row: StoredRow) throws -> SampleRow {
    let text: String = try row[3]
    if text != assignment {
      axes = (try row[3] as JSONValue).objectValue ?? []
      valuesOfAxes = Dictionary(axes.map { ($0.key, $0.value) }, uniquingKeysWith: { first, _ in first })
      assignment = text
    }
    return try SampleRow(row, axes: axes, valuesOfAxes: valuesOfAxes)
  }
}

/// One row of the view `result` as text.
private struct SampleRow {
  static let query = """
    SELECT experiment, run, trial, axes, stage, job, job_state, metric, unit, value, special, repetition, is_warmup, block,
      position, attempt, attempt_number, machine, commit_id, started_at, coalesce(invalid_reason, '')
    FROM result WHERE run = ? ORDER BY trial, job, ordinal
    """

  private static let before = ["experiment", "run", "trial"]
  private static let after = [
    "stage", "job", "state", "metric", "unit", "value", "repetition", "warmup", "block", "position", "attempt",
    "number",
    "machine", "commit", "started_at", "invalid",
  ]

  private let axes: [(key: String, value: JSONValue)]
  private let valuesOfAxes: [String: JSONValue]
  private let head: [JSONValue]
  private let tail: [JSONValue]

  init(_ row: StoredRow, axes: [(key: String, value: JSONValue)], valuesOfAxes: [String: JSONValue]) throws {
    func text(_ index: Int) throws -> JSONValue { .string(try row[index]) }
    func number(_ index: Int) throws -> JSONValue { (try row[index] as Int64?).map { .integer($0) } ?? .null }
    self.axes = axes
    self.valuesOfAxes = valuesOfAxes
    head = [try text(0), try number(1), try number(2)]
    let special: String? = try row[10]
    tail = [
      try text(4), try number(5), try text(6), try text(7), try text(8),
      try special.map { .string($0) } ?? .real(row[9]), try number(11), .bool(try row[12]), try number(13),
      try number(14), try number(15), try number(16), try text(17), try text(18), try text(19), try text(20),
    ]
  }

  static func header(axes: [String]) -> String { CSVLine.text(of: before + axes + after) }

  func csv(axes names: [String]) -> String {
    let values = names.map { valuesOfAxes[$0] ?? .null }
    return CSVLine.text(of: (head + values + tail).map(Self.field))
  }

  var jsonLine: String {
    let members = Array(zip(Self.before, head)) + [("axes", .object(axes))] + Array(zip(Self.after, tail))
    return JSONValue.object(members.map { (key: $0.0, value: $0.1) }).compactText + "\n"
  }

  private static func field(_ value: JSONValue) -> String {
    switch value {
    case .null: ""
    case .bool(let flag): flag ? "1" : "0"
    default: value.stringValue ?? CanonicalJSON.text(of: value)
    }
  }
}
