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
    /// Some units have no finite value, as the text counts, and the spec does not say how they count.
    case incomplete(String)
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
  /// - Parameters:
  ///   - unit: What an independent value is one of, such as "seed"; empty if it has no name.
  ///   - voice: Whose statement it is on.
  /// - Returns: Inline Markdown.
  func text(unit: String, voice: Voice = .paper) -> String {
    switch self {
    case .reproduced, .refuted: "**\(voice.word(self))**"
    case .notTestable: "not testable here"
    case .undecided(let reason): "undecided: " + Verdict.text(reason, unit: unit)
    }
  }

  /// Why a claim is open, in words.
  package static func text(_ reason: Reason, unit: String) -> String {
    switch reason {
    case .noValues: "no value was measured"
    case .incomplete(let counts): "\(counts); the spec does not say how they count"
    case .oneValue: "one value; two or more are needed"
    case .needsMore(let count) where count > 100:
      "too near the bound for this spread; some \(rounded(count)) more \(name(of: unit, count)) would decide"
    case .needsMore(let count): "about \(count) more \(name(of: unit, count)) would decide"
    case .hopeless: "too near the bound for this spread; 10000 more \(name(of: unit, 2)) would not decide"
    }
  }

  /// A plan is not known to more than two digits.
  private static func rounded(_ count: Int) -> Int {
    var step = 1
    while count / step >= 100 { step *= 10 }
    return (count + step / 2) / step * step
  }

  /// "seed" becomes "seeds"; what is not a plain word stays a name.
  private static func name(of unit: String, _ count: Int) -> String {
    let value = count == 1 ? "value" : "values"
    guard !unit.isEmpty else { return value }
    let isWord = unit.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
    guard isWord else { return "\(value) (\(Markdown.escaped(unit.replacing(", ", with: " × "))))" }
    return count == 1 || unit.hasSuffix("s") ? unit : unit + "s"
  }
}
