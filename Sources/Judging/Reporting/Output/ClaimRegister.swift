import ExperimentSpec

/// The page of all claims of all experiments.
enum ClaimRegister {
  /// Returns the page's blocks, none if no experiment declares a claim.
  ///
  /// - Parameters:
  ///   - experiments: Outcomes by experiment.
  ///   - link: Makes what leads to an experiment's page, as inline Markdown.
  /// - Returns: The title, the counts, and a table each of tested and of untestable claims.
  static func blocks(
    _ experiments: [(experiment: String, outcomes: [ClaimOutcome])], link: (String) -> String
  ) -> [PageBlock] {
    let outcomes = experiments.flatMap { experiment, outcomes in outcomes.map { (experiment, $0) } }
      .sorted { ($0.1.id, $0.0) < ($1.1.id, $1.0) }
    guard !outcomes.isEmpty else { return [] }
    let voice: Voice = outcomes.contains { $0.1.voice == .paper } ? .paper : .hypothesis
    let tested = outcomes.filter { $0.1.request.missing == nil }
    let untested = outcomes.filter { $0.1.request.missing != nil }
    var blocks: [PageBlock] = [
      .title(title(voice)),
      .verdicts([VerdictCounts(outcomes.map(\.1))].compactMap(\.self)),
      .paragraph(
        "Of \(outcomes.count) \((outcomes.count == 1 ? voice.noun : voice.nouns).lowercased()): "
          + "\(ClaimTable.counts(outcomes.map(\.1)))."),
    ]
    if !tested.isEmpty {
      var table = TableModel(
        header: [voice.noun, voice.statementHead, "Verdict", "Measured", "Holds if", "Paper", "Place", "Experiment"],
        leadingColumns: 8)
      for (experiment, outcome) in tested {
        let claim = [outcome.id, outcome.text]
        let places = [outcome.request.place, link(experiment)]
        for (position, test) in outcome.tests.enumerated() {
          let numbers = ClaimTable.numbers(test)
          let interval = numbers[1] == NumberFormat.missing ? "" : " \(numbers[1])"
          let cells = [
            "\(test.test.label): \(numbers[0])\(interval)", test.test.rule.text,
            test.test.paper.isEmpty ? NumberFormat.missing : test.test.paper,
          ]
          table.rows.append(
            position == 0
              ? claim + [outcome.verdict.text(unit: test.values.name, voice: outcome.voice)] + cells + places
              : ["", "", ""] + cells + ["", ""])
        }
      }
      blocks += [
        .heading("Tested"),
        .paragraph(
          "A \(voice.noun.lowercased()) of several lines holds if all of them do. Tests, counts and margins are on the pages of the experiments."
        ),
        .table(table, name: "claims"),
      ]
    }
    if !untested.isEmpty {
      var table = TableModel(
        header: [voice.noun, voice.statementHead, "What would make it testable", "Place", "Experiment"],
        leadingColumns: 5)
      for (experiment, outcome) in untested {
        table.rows.append([
          outcome.id, outcome.text, outcome.request.missing ?? "", outcome.request.place, link(experiment),
        ])
      }
      blocks += [
        .heading("Not testable here"),
        .paragraph("What the stored results cannot speak about, and what would change that."),
        .table(table, name: "claims-untestable"),
      ]
    }
    return blocks
  }

  /// What the page is called.
  static func title(_ voice: Voice) -> String { voice == .paper ? "Claims of the paper" : "Hypotheses" }

  /// Returns the claims as list items, one for each verdict that occurs.
  static func lists(_ outcomes: [ClaimOutcome]) -> [String] {
    var lines = Voice.words.dropLast().compactMap { word -> String? in
      let claims = outcomes.filter { $0.word == word }.sorted { $0.id < $1.id }
      guard !claims.isEmpty else { return nil }
      return "- \(Voice.mark(word)) (\(claims.count)): "
        + claims.map { "\($0.text) (\($0.id))" }.joined(separator: "; ") + "."
    }
    let count = outcomes.count { $0.verdict.word == "not testable" }
    if count > 0 { lines.append("- Not testable here (\(count)): each with what would change that.") }
    return lines
  }
}
