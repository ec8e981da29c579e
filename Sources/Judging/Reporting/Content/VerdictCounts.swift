import Printing

/// How often each verdict was given, for the head of a page.
struct VerdictCounts: Sendable {
  /// How a verdict is marked, for readers with and without colours.
  enum Mark: String, Sendable { case good, bad, open, untested }

  /// One verdict.
  struct Entry: Sendable {
    var mark: Mark
    var word: String
    var count: Int
  }

  /// What was judged: "3 claims", "1 hypothesis".
  var subject: String
  /// Verdicts that occur, the best first.
  var entries: [Entry]

  /// Counts the verdicts of claims in their own words; `nil` if there are none.
  init?(_ outcomes: [ClaimOutcome]) {
    let voice: Voice = outcomes.contains { $0.voice == .paper } ? .paper : .hypothesis
    let noun = (outcomes.count == 1 ? voice.noun : voice.nouns).lowercased()
    self.init(outcomes.map { ($0.verdict.mark, $0.word) }, subject: "\(outcomes.count) \(noun)")
  }

  /// Counts the verdicts of cells; `nil` if there are none.
  init?(_ cells: [CellVerdict]) {
    self.init(cells.map { ($0.verdict.mark, $0.verdict.word) }, subject: cells.count.counted("published number"))
  }

  private init?(_ verdicts: [(mark: Mark, word: String)], subject: String) {
    guard !verdicts.isEmpty else { return nil }
    self.subject = subject
    var counts: [String: Entry] = [:]
    for (mark, word) in verdicts { counts[word, default: Entry(mark: mark, word: word, count: 0)].count += 1 }
    entries = Voice.words.compactMap { counts[$0] }
  }
}

extension Verdict {
  fileprivate var mark: VerdictCounts.Mark {
    switch self {
    case .reproduced: .good
    case .refuted: .bad
    case .undecided: .open
    case .notTestable: .untested
    }
  }
}
