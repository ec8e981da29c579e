/// A number that counts from 0: a repetition, a block, a position.
public enum Ordinal {
  /// What such a number may be: up to the greatest that every reader of JSON keeps exactly.
  public static let range = 0...1 << 53

  /// Returns what a number has to be instead, as in "an integer from 0; it is -1"; nil if it is such a number.
  ///
  /// - Parameter number: Any number.
  /// - Returns: An expectation with the number.
  public static func expectation(for number: Int) -> String? {
    if range.contains(number) { return nil }
    return number < 0 ? "an integer from 0; it is \(number)" : "an integer up to \(range.upperBound); it is \(number)"
  }
}
