import ExperimentSpec
import Statistics

/// What a reader wants to know first: what held, what did not, and by how much.
enum VerdictSummary {
  /// Returns list items: each decided claim, each judged table, and what was not tested; none without claims and margins.
  static func lines(claims: [ClaimOutcome], tables: [(content: TableContent, verdicts: [CellVerdict])]) -> [String] {
    var lines: [String] = []
    for word in Voice.words.dropLast() { lines += claims.filter { $0.word == word }.map(line) }
    lines += tables.filter { !$0.verdicts.isEmpty }.map { line($0.content, $0.verdicts) }
    let untested = claims.filter { $0.verdict.word == "not testable" }
    if !untested.isEmpty {
      lines.append(
        "- Not testable here · \(untested.map(\.id).joined(separator: ", ")); *\(untested[0].voice.nouns)* says what is missing."
      )
    }
    return lines
  }

  /// Returns a claim with its verdict in front, what was measured, and what the paper lets expect.
  private static func line(_ claim: ClaimOutcome) -> String {
    let tests = claim.tests.map { test in
      let numbers = ClaimTable.numbers(test)
      let interval = numbers[1] == NumberFormat.missing ? "" : " \(numbers[1])"
      return "\(test.test.label) \(numbers[0])\(interval) (\(test.test.rule.words(unit: test.test.unit)))"
    }
    var text = "- \(Voice.mark(claim.word)) · \(claim.id) \(claim.text): \(tests.joined(separator: "; "))"
    if case .undecided(let reason) = claim.verdict {
      text += " — \(Verdict.text(reason, unit: claim.tests.first?.values.name ?? ""))"
    }
    return text + "."
  }

  /// Returns a table as counts, with how far off the refuted cells are.
  private static func line(_ content: TableContent, _ verdicts: [CellVerdict]) -> String {
    var parts: [String] = []
    for word in ["reproduced", "refuted", "undecided", "not testable"] {
      let cells = verdicts.filter { $0.verdict.word == word }
      guard !cells.isEmpty else { continue }
      var part = "\(cells.count) \(word)"
      let ratios = cells.compactMap(\.ratio).sorted()
      if word == "refuted", let low = ratios.first, let high = ratios.last {
        let range = [low, high].map { NumberFormat.significant($0, 3) }
        part += " (\(low == high ? range[0] : "\(range[0]) to \(range[1])") times the paper's)"
      }
      parts.append(part)
    }
    let cells = verdicts.count == 1 ? "the published number" : "of \(verdicts.count) published numbers"
    let title = content.request.title.split(separator: ":", maxSplits: 1).first.map(String.init) ?? ""
    return "- \(title): \(cells) \(parts.joined(separator: ", "))."
  }
}
