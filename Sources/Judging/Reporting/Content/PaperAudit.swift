import ExperimentSpec
import Glibc
import Statistics

/// What the paper's printed numbers say about themselves.
enum PaperAudit {
  /// Returns for every column with rows and a summary whether the two agree.
  static func arithmetic(_ sections: [(experiment: String, section: ReportSection)]) -> TableModel {
    var table = TableModel(
      header: ["Table", "Column", "Quantity", "Printed", "From the printed rows", "Agreement"], leadingColumns: 3)
    table.alignments[5] = .leading
    var seen: Set<[String]> = []
    for (experiment, section) in sections {
      for request in section.tables {
        for column in request.columns {
          // Two tables may hold the same printed numbers beside different measurements.
          let printed = column.paper + [column.paperMean, column.paperDeviation]
          guard seen.insert([request.place, column.label] + printed.map { "\($0 ?? .nan)" }).inserted else { continue }
          let rows = column.paper.compactMap { $0 }
          guard rows.count > 1, rows.count == column.paper.count, let summary = try? Summary(of: rows) else { continue }
          let name = ["\(experiment), \(request.id)", column.label]
          if let printed = column.paperMean {
            table.rows.append(name + ["mean"] + line(printed, [summary.mean], column))
          }
          if let printed = column.paperDeviation, let sample = summary.standardDeviation {
            let population = sample * (Double(rows.count - 1) / Double(rows.count)).squareRoot()
            table.rows.append(name + ["standard deviation"] + line(printed, [sample, population], column))
          }
        }
      }
    }
    return table
  }

  /// Returns the values that the paper prints for quantities that should differ: at least three times.
  static func repeated(_ sections: [(experiment: String, section: ReportSection)]) -> TableModel {
    var places: [String: (count: Int, places: [String])] = [:]
    func note(_ value: Double, _ digits: Int, _ place: String) {
      let text = NumberFormat.fixed(value, digits)
      places[text, default: (0, [])].count += 1
      if places[text]?.places.contains(place) != true { places[text]?.places.append(place) }
    }
    for (experiment, section) in sections {
      for request in section.tables {
        for column in request.columns where column.unit.isEmpty {
          let place = column.place.isEmpty ? (request.place.isEmpty ? request.id : request.place) : column.place
          for value in column.paper.compactMap({ $0 }) { note(value, column.digits, "\(place) (\(experiment))") }
        }
      }
    }
    var table = TableModel(header: ["Value", "Times printed", "Where"], leadingColumns: 1)
    table.alignments[2] = .leading
    for (text, found) in places.sorted(by: { ($1.value.count, $0.key) < ($0.value.count, $1.key) })
    where found.count >= 3 {
      table.rows.append([text, String(found.count), found.places.joined(separator: "; ")])
    }
    return table
  }

  /// Returns the author's findings.
  static func findings(_ findings: [AuditFinding]) -> TableModel {
    var table = TableModel(header: ["Observation", "Why it matters", "What a measurement shows"], leadingColumns: 3)
    for finding in findings { table.rows.append([finding.observation, finding.reason, finding.expectation]) }
    return table
  }

  private static func line(_ printed: Double, _ computed: [Double], _ column: TableRequest.Column) -> [String] {
    let tolerance = column.roundingError * (1 + 1e-9)
    // Rows are rounded too, so that their mean may be off by as much again.
    let agreement = computed.map { abs($0 - printed) }.min() ?? .infinity
    let verdict =
      agreement <= tolerance
      ? "agrees" : agreement <= 2 * tolerance ? "agrees within the rounding of the rows" : "differs"
    let values = computed.map { NumberFormat.fixed($0, column.digits + 2) }
    return [NumberFormat.fixed(printed, column.digits), values.joined(separator: " or "), verdict]
  }
}
