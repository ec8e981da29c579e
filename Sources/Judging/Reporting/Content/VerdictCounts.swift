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

  /// What was judged, in the plural: "claims".
  var noun: String
  /// Verdicts that occur, the best first.
  var entries: [Entry]

  /// Counts verdicts; `nil` if there are none.
  init?(_ verdicts: [Verdict], noun: String) {
    guard !verdicts.isEmpty else { return nil }
    self.noun = noun
    var counts: [String: Entry] = [:]
    for verdict in verdicts {
      counts[verdict.sign.rawValue, default: Entry(mark: verdict.sign, word: verdict.word, count: 0)].count += 1
    }
    entries = [Mark.good, .bad, .open, .untested].compactMap { counts[$0.rawValue] }
  }
}

extension Verdict {
  fileprivate var sign: VerdictCounts.Mark {
    switch self {
    case .reproduced: .good
    case .refuted: .bad
    case .undecided: .open
    case .notTestable: .untested
    }
  }
}
