/// What a parser accepts beyond strict JSON (RFC 8259).
public enum JSONDialect: Sendable, Hashable {
  /// Nothing.
  case strict
  /// `//` and `/* */` comments, and a comma before a closing bracket.
  case relaxed
  /// The words `NaN`, `Infinity` and `-Infinity` as numbers, as Python's `json.dump` writes them.
  case measured
}
