import AttemptModel
import JSON
import ResultsStore

/// The page that links the pages of all experiments.
enum IndexPage {
  /// Returns the page's blocks.
  ///
  /// - Parameters:
  ///   - experiments: Results of all experiments, in the order of their names.
  ///   - claims: The outcomes of the claims of an experiment, by its name.
  ///   - others: Names of further pages.
  ///   - ending: Of file names.
  ///   - hasPage: Whether there is a page to link to.
  /// - Returns: The title and a table.
  static func blocks(
    _ experiments: [ExperimentResults], claims: [String: [ClaimOutcome]], others: [String], ending: String,
    hasPage: (String) -> Bool
  ) -> [PageBlock] {
    guard !experiments.isEmpty else { return [.title("Experiments"), .paragraph("The database holds no run yet.")] }
    let outcomes = experiments.flatMap { claims[$0.name] ?? [] }
    let voice: Voice = outcomes.contains { $0.voice == .paper } ? .paper : .hypothesis
    var table = TableModel(
      header: ["Experiment", "Title", voice.nouns, "State", "Jobs with results", "Run", "Started (UTC)"],
      leadingColumns: 4
    )
    table.alignments[6] = .leading
    if outcomes.isEmpty {
      table.header.remove(at: 2)
      table.alignments.remove(at: 2)
    }
    for results in experiments {
      let name = Markdown.escaped(results.name)
      let done = results.jobs.count { $0.state.hasResult }
      let failed = results.jobs.count { $0.state == .failed }
      let title = results.spec["title"]?.stringValue ?? ""
      let counts = ClaimTable.counts(claims[results.name] ?? [])
      table.rows.append([
        hasPage(results.name) ? "[\(name)](\(results.name).\(ending))" : "\(name) (page not built)", title,
      ])
      if !outcomes.isEmpty { table.rows[table.rows.count - 1].append(counts.isEmpty ? NumberFormat.missing : counts) }
      table.rows[table.rows.count - 1] += [
        results.run.state.name + (failed > 0 ? ", \(failed) failed" : ""), "\(done) of \(results.jobs.count)",
        String(results.run.id), minute(results.run.startedAt),
      ]
    }
    let titles = [
      "claims": "All \(voice.nouns.lowercased()) with their verdicts", "audit": "The paper's own numbers",
    ]
    let links = others.map { "- [\(titles[$0] ?? $0)](\($0).\(ending))" }
    let lists = ClaimRegister.lists(outcomes)
    var blocks: [PageBlock] = [.title("Experiments")]
    if let counts = VerdictCounts(outcomes) { blocks.append(.verdicts([counts])) }
    if !lists.isEmpty {
      blocks += [
        .paragraph(
          "The \(voice == .paper ? "paper's claims" : "hypotheses"), by what the measurements say:"),
        .paragraph(lists.joined(separator: "\n")),
      ]
    }
    return blocks + [.table(table, name: "experiments")]
      + (links.isEmpty ? [] : [.paragraph(links.joined(separator: "\n"))])
  }

  /// "2026-01-02T03:04:05.678Z" as "2026-01-02 03:04"; any other text as it is.
  private static func minute(_ instant: String) -> String {
    let parts = instant.split(separator: "T")
    guard parts.count == 2, parts[0].count == 10, parts[1].count >= 5 else { return instant }
    return "\(parts[0]) \(parts[1].prefix(5))"
  }
}
