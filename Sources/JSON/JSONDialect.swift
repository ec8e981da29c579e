/// What a parser accepts beyond strict JSON (RFC 8259).
public enum JSONDialect: Sendable, Hashable {
  /// Nothing.
  case strict
  /// `//` and `/* */` comments, and a comma before a closing bracket.
  case relaxed
}
