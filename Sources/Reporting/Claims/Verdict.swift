/// What the measurements say about a claim or a published number.
package enum Verdict: Sendable, Hashable {
  /// The measurements establish what the paper says.
  case reproduced
  /// They establish the contrary.
  case refuted
  /// They establish neither.
  case undecided(Reason)
  /// Nothing here could decide it; the text says what is missing.
  case notTestable(String)

  /// Why a claim is open.
  package enum Reason: Sendable, Hashable {
    /// No attempt has produced a value.
    case noValues
    /// A spread cannot be estimated from one value.
    case oneValue
    /// About so many further independent values would decide it with 80 % probability, if the truth is what it seems.
    case needsMore(Int)
    /// Even 10,000 further values would not.
    case hopeless
  }

  /// One of "reproduced", "refuted", "undecided", "not testable".
  package var word: String {
    switch self {
    case .reproduced: "reproduced"
    case .refuted: "refuted"
    case .undecided: "undecided"
    case .notTestable: "not testable"
    }
  }

  /// The verdict as a table cell shows it.
  ///
  /// - Parameter unit: What an independent value is one of, such as "seed"; empty if it has no name.
  /// - Returns: Inline Markdown.
  func text(unit: String) -> String {
    switch self {
    case .reproduced: "**reproduced**"
    case .refuted: "**refuted**"
    case .notTestable: "not testable here"
    case .undecided(let reason): "undecided: " + Verdict.text(reason, unit: unit)
    }
  }

  /// Why a claim is open, in words.
  static func text(_ reason: Reason, unit: String) -> String {
    switch reason {
    case .noValues: "no value was measured"
    case .oneValue: "one value; two or more are needed"
    case .needsMore(let count): "about \(count) more \(unit.isEmpty ? "values" : "(\(unit))") would decide"
    case .hopeless: "too close to the bound to be decided by 10000 more"
    }
  }
}
