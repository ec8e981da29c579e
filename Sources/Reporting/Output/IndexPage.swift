import JSON
import ResultsStore

/// The page that links the pages of all experiments.
enum IndexPage {
  /// Returns the page's blocks.
  ///
  /// - Parameters:
  ///   - experiments: Results of all experiments, in the order of their names.
  ///   - claims: The verdicts of an experiment in words, by its name.
  ///   - others: Names of further pages.
  ///   - ending: Of file names.
  ///   - hasPage: Whether there is a page to link to.
  /// - Returns: The title and a table.
  static func blocks(
    _ experiments: [ExperimentResults], claims: [String: String], others: [String], ending: String,
    hasPage: (String) -> Bool
  ) -> [PageBlock] {
    guard !experiments.isEmpty else { return [.title("Experiments"), .paragraph("The database holds no run yet.")] }
    let hasClaims = claims.values.contains { !$0.isEmpty }
    var table = TableModel(
      header: ["Experiment", "Title", "State", "Jobs with results", "Run", "Started"], leadingColumns: 3)
    table.alignments[5] = .leading
    if hasClaims {
      table.header.append("Claims")
      table.alignments.append(.leading)
    }
    for results in experiments {
      let name = Markdown.escaped(results.name)
      let done = results.jobs.count { $0.state == "done" || $0.state == "reused" }
      let failed = results.jobs.count { $0.state == "failed" }
      let title = results.spec["title"]?.stringValue ?? ""
      table.rows.append([
        hasPage(results.name) ? "[\(name)](\(results.name).\(ending))" : "\(name) (page not built)", title,
        results.run.state + (failed > 0 ? ", \(failed) failed" : ""), "\(done) of \(results.jobs.count)",
        String(results.run.id), results.run.startedAt,
      ])
      if hasClaims { table.rows[table.rows.count - 1].append(claims[results.name] ?? "") }
    }
    let titles = ["claims": "All claims with their verdicts", "audit": "The paper's own numbers"]
    let links = others.map { "- [\(titles[$0] ?? $0)](\($0).\(ending))" }
    return [.title("Experiments"), .table(table, name: "experiments")]
      + (links.isEmpty ? [] : [.paragraph(links.joined(separator: "\n"))])
  }
}
