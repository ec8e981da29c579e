import ExperimentSpec

/// Whose statements a page judges: those of a paper, or the hypotheses of its author.
enum Voice: Sendable {
  case paper, hypothesis

  /// A spec that declares a paper's numbers speaks of the paper.
  init(_ section: ReportSection) { self = section.hasPaper ? .paper : .hypothesis }

  /// What one statement is called at the beginning of a sentence.
  var noun: String { self == .paper ? "Claim" : "Hypothesis" }

  /// What several of them are called at the beginning of a sentence.
  var nouns: String { self == .paper ? "Claims" : "Hypotheses" }

  /// The head of the column that has their words.
  var statementHead: String { self == .paper ? "What the paper says" : "What is expected" }

  /// How the verdicts come about, as a paragraph above them.
  var explanation: String {
    let outcomes =
      switch self {
      case .paper:
        "A claim is *reproduced* if every line of it is established, *refuted* if the contrary of any is, and *undecided* "
          + "otherwise. The risk of any wrong verdict in a family of claims is 5 % "
      case .hypothesis:
        "A hypothesis *holds* if every line of it is established, *does not hold* if the contrary of any is, and is "
          + "*undecided* otherwise. The risk of any wrong verdict in a family of hypotheses is 5 % "
      }
    return outcomes
      + "(one-sided t tests over n independent values, Holm's correction); p is that of the verdict. Equality has to be "
      + "shown, by two one-sided tests. The intervals are those of the tests: each end of a 90 % interval is a bound at 5 %. "
      + "Ratios are geometric means of paired ratios. Rules and margins were fixed in the spec before the run."
  }

  /// All words of verdicts, in the order in which reports list them.
  static let words = ["reproduced", "holds", "refuted", "does not hold", "undecided", "not testable"]

  /// The verdict in a word or a few, one of ``words``.
  func word(_ verdict: Verdict) -> String {
    switch (verdict, self) {
    case (.reproduced, .hypothesis): "holds"
    case (.refuted, .hypothesis): "does not hold"
    case (.reproduced, .paper), (.refuted, .paper), (.undecided, _), (.notTestable, _): verdict.word
    }
  }

  /// The word of a verdict as a list begins with it, in inline Markdown.
  static func mark(_ word: String) -> String {
    switch word {
    case "reproduced": "**Reproduced**"
    case "holds": "**Holds**"
    case "refuted": "**Refuted**"
    case "does not hold": "**Does not hold**"
    case "undecided": "Undecided"
    default: "Not testable here"
    }
  }

  /// A number of statements with one verdict: "2 reproduced", "1 holds", "2 do not hold".
  static func count(_ count: Int, _ word: String) -> String { "\(count) \(predicate(word, count: count))" }

  /// The word of a verdict as it stands behind a number of statements.
  static func predicate(_ word: String, count: Int) -> String {
    switch word {
    case "holds" where count != 1: "hold"
    case "does not hold" where count != 1: "do not hold"
    case "not testable": "not testable here"
    default: word
    }
  }
}
