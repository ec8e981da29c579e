/// The page of all claims of all experiments.
enum ClaimRegister {
  /// Returns the page's blocks, none if no experiment declares a claim.
  static func blocks(_ experiments: [(experiment: String, outcomes: [ClaimOutcome])]) -> [PageBlock] {
    let outcomes = experiments.flatMap { experiment, outcomes in outcomes.map { (experiment, $0) } }
    guard !outcomes.isEmpty else { return [] }
    var table = TableModel(
      header: ["Claim", "What the paper says", "Place", "Experiment", "Measured", "Verdict"], leadingColumns: 6)
    for (experiment, outcome) in outcomes.sorted(by: { ($0.1.id, $0.0) < ($1.1.id, $1.0) }) {
      let measured = outcome.tests.map { test in
        let numbers = ClaimTable.numbers(test)
        return "\(test.test.label): \(numbers[0])" + (numbers[1] == NumberFormat.missing ? "" : " \(numbers[1])")
      }
      let unit = outcome.tests.first?.values.name ?? ""
      table.rows.append([
        outcome.id, outcome.text, outcome.request.place, experiment,
        measured.isEmpty ? NumberFormat.missing : measured.joined(separator: "; "), outcome.verdict.text(unit: unit),
      ])
    }
    return [
      .title("Claims of the paper"),
      .paragraph(
        "\(ClaimTable.counts(outcomes.map(\.1))) of \(outcomes.count). Tests, rules and margins are on the pages of the "
          + "experiments."),
      .table(table, name: "claims"),
    ]
  }
}
