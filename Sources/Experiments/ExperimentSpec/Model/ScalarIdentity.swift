package import JSON

extension JSONValue {
  /// A scalar in the one form that all scalars of the same value have: `1.0` is `1`, and `-0.0` is `0`.
  package var scalarIdentity: JSONValue {
    guard case .number(let value) = self, let whole = Int64(exactly: value) else { return self }
    return .integer(whole)
  }

  /// Whether two scalars are the same value, `1` and `1.0` included.
  package func isSameScalar(as other: JSONValue) -> Bool { scalarIdentity == other.scalarIdentity }
}
