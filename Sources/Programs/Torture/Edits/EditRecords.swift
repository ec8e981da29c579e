import AttemptModel
import ResultsStore

/// What attempts are stored under, and what they say that they have read.
struct EditRecords {
  /// Messages of the attempts that failed by themselves.
  private(set) var failures: [String] = []
  /// How many attempts have a result.
  private(set) var succeeded = 0
  /// The highest number of an attempt that has ended.
  private(set) var last: Int64

  private struct Record {
    var stage: String
    /// Digests by kind and label.
    var inputs: [String: Set<String>] = [:]
    var folder: String?
    var numbers: [String: Int] = [:]
  }

  private var records: [Int64: Record] = [:]

  /// Reads the attempts after one.
  init(of store: ResultsStore, after first: Int64) throws {
    last = first
    let attempts = try store.query(
      "SELECT id, stage, exit_kind, coalesce(message, '') FROM attempt WHERE id > \(first) AND state NOT IN ('leased', 'running') ORDER BY id"
    )
    for row in attempts.rows {
      guard case .integer(let id) = row[0], case .text(let stage) = row[1], case .text(let end) = row[2],
        case .text(let message) = row[3], let end = ExitKind(rawValue: end)
      else { continue }
      last = max(last, id)
      switch end {
      case .succeeded: records[id] = Record(stage: stage)
      case .failed, .timedOut, .signalled, .memory: failures.append("\(stage), attempt \(id): \(message)")
      case .cancelled, .lost: break
      }
    }
    succeeded = records.count
    for row in try store.query("SELECT attempt, kind, name, value FROM attempt_input WHERE attempt > \(first)").rows {
      guard case .integer(let id) = row[0], case .text(let kind) = row[1], case .text(let name) = row[2],
        case .text(let value) = row[3]
      else { continue }
      if kind == "input" { records[id]?.folder = value }
      if kind == "file" || kind == "program" {
        records[id]?.inputs[name.hasPrefix("./") ? String(name.dropFirst(2)) : name, default: []].insert(value)
      }
    }
    let samples = try store.query(
      "SELECT attempt_id, name, value FROM sample JOIN metric ON metric.id = metric_id WHERE attempt_id > \(first)")
    for row in samples.rows {
      guard case .integer(let id) = row[0], case .text(let name) = row[1], case .real(let value) = row[2] else {
        continue
      }
      records[id]?.numbers[name] = Int(value)
    }
  }

  /// Returns a sentence for each number that was read from another content than the one that is recorded.
  func wrong(in project: EditedProject) -> [String] {
    var found: [String] = []
    for (id, record) in records.sorted(by: { $0.key < $1.key }) {
      let label = "attempt \(id) of \(record.stage)"
      if record.numbers.isEmpty { found.append("\(label) has no value") }
      for (name, number) in record.numbers.sorted(by: { $0.key < $1.key }) where name != "given" {
        let digests = record.inputs[name] ?? []
        if digests.isEmpty, !name.hasPrefix(EditedProject.dataFolder + "/") {
          found.append("\(label) read \(name), which is not recorded")
        }
        for digest in digests where project.truth[name]?[digest] != number {
          let recorded = project.truth[name]?[digest].map(String.init) ?? "an unknown content"
          found.append("\(label) read \(number) from \(name), and is stored under \(recorded)")
        }
      }
      guard let folder = record.folder else { continue }
      for (name, number) in project.folderTruth[folder] ?? [:] where record.numbers[name] != number {
        found.append(
          "\(label) read \(record.numbers[name] ?? 0) from \(name), and is stored under a folder with \(number)")
      }
      if project.folderTruth[folder] == nil { found.append("\(label) is stored under a folder that never was") }
    }
    return found
  }
}
