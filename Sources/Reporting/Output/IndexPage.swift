import JSON
import ResultsStore

/// The page that links the pages of all experiments.
enum IndexPage {
  /// Returns the page's text.
  ///
  /// - Parameters:
  ///   - experiments: Results of all experiments, in the order of their names.
  ///   - hasPage: Whether there is a page to link to.
  /// - Returns: Markdown.
  static func text(_ experiments: [ExperimentResults], hasPage: (String) -> Bool) -> String {
    var table = TableModel(
      header: ["Experiment", "Title", "State", "Jobs with results", "Run", "Started"], leadingColumns: 3)
    table.alignments[5] = .leading
    for results in experiments {
      let name = Markdown.escaped(results.name)
      let done = results.jobs.count { $0.state == "done" || $0.state == "reused" }
      let failed = results.jobs.count { $0.state == "failed" }
      let title = results.spec["title"]?.stringValue ?? ""
      table.rows.append([
        hasPage(results.name) ? "[\(name)](\(results.name).md)" : "\(name) (page not built)", title,
        results.run.state + (failed > 0 ? ", \(failed) failed" : ""), "\(done) of \(results.jobs.count)",
        String(results.run.id), results.run.startedAt,
      ])
    }
    return "# Experiments\n\n"
      + (experiments.isEmpty ? "The database holds no run yet.\n" : MarkdownTable.text(of: table))
  }
}
