import ExperimentSpec
import Printing
import ResultsStore
import Statistics

/// Writes every number of a page with full precision, one a line (RFC 4180).
enum CSVExport {
  private static let header = [
    "kind", "address", "what", "unit", "n", "expected", "mean", "sd", "median", "lower95", "upper95", "paper", "margin",
    "p", "verdict", "attempts",
  ]

  /// Returns the file: cells of tables, points of charts, claims.
  static func text(of content: PageContent) -> String {
    var lines = [header]
    let verdicts = Dictionary(content.cells.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    let claims = Dictionary(content.claims.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    let papers = papers(content)
    for trace in content.traces {
      if let claim = claims[trace.address] {
        lines += claimLines(claim)
        continue
      }
      let values = trace.observations.map(\.value).filter(\.isFinite)
      let summary = try? Summary(of: values)
      let interval = try? Statistics.meanInterval(of: values)
      let verdict = verdicts[trace.address]
      lines.append([
        "cell", "\(content.results.name):\(trace.address)", InlineMarkdown.plain(trace.title), "", "\(values.count)",
        "\(trace.observations.count + trace.gaps.count)", number(summary?.mean), number(summary?.standardDeviation),
        number(summary?.median), number(interval?.lower), number(interval?.upper), number(papers[trace.address]),
        number(verdict?.margin), "", verdict?.verdict.word ?? "", attempts(trace.observations.map(\.attempt)),
      ])
    }
    for claim in content.claims where claim.request.missing != nil {
      lines.append(
        ["claim", claim.id, claim.text] + [String](repeating: "", count: 11) + [claim.word, ""])
    }
    return lines.map(CSVLine.text).joined()
  }

  private static func claimLines(_ claim: ClaimOutcome) -> [[String]] {
    claim.tests.map { test in
      let count = test.values.units.count
      let interval = test.estimate?.wideInterval
      return [
        "claim", claim.id, "\(claim.text): \(test.test.label) \(test.test.rule.text)", test.test.unit, "\(count)",
        "\(count + test.values.incompleteCount)", number(test.estimate?.value), "", "",
        number(interval?.lower), number(interval?.upper), test.test.paper, "", number(claim.adjustedP), claim.word,
        attempts(test.values.observations.map(\.attempt)),
      ]
    }
  }

  /// The paper's values by address.
  private static func papers(_ content: PageContent) -> [String: Double] {
    var papers: [String: Double] = [:]
    for table in content.tables {
      for (position, column) in table.request.columns.enumerated() {
        for row in table.rows.indices where row < column.paper.count {
          papers[table.address(row: row, summary: nil, column: position)] = column.paper[row]
        }
        papers[table.address(row: nil, summary: .mean, column: position)] = column.paperMean
        papers[table.address(row: nil, summary: .std, column: position)] = column.paperDeviation
      }
    }
    return papers
  }

  private static func attempts(_ ids: [Int64]) -> String {
    AttemptTrail.distinct(ids).map(String.init).joined(separator: " ")
  }

  /// The shortest text that reads back as the same number.
  private static func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
}
