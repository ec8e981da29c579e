/// A computation that its input does not allow.
public struct StatisticsError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong with the input, for `switch`; new codes may be added.
  public struct Code: Sendable, Hashable {
    private enum Name { case tooFewValues, notFinite, unequalLengths, outOfRange, noSpread }
    private var name: Name
    /// Fewer values than the method needs.
    public static let tooFewValues = Code(name: .tooFewValues)
    /// A NaN or an infinity among the values.
    public static let notFinite = Code(name: .notFinite)
    /// Paired samples of different length.
    public static let unequalLengths = Code(name: .unequalLengths)
    /// A probability, level or count outside its range.
    public static let outOfRange = Code(name: .outOfRange)
    /// Values that do not differ where the method divides by their spread.
    public static let noSpread = Code(name: .noSpread)
  }

  /// What is wrong, for `switch`.
  public var code: Code
  /// What was found and what was expected, as one sentence.
  public var message: String

  /// The same as ``message``.
  public var description: String { message }

  package init(_ code: Code, _ message: String) {
    self.code = code
    self.message = message
  }
}

/// Checks that there are enough values and that all are finite.
func check(_ values: [Double], atLeast count: Int, for method: String) throws(StatisticsError) {
  guard values.count >= count else {
    throw StatisticsError(.tooFewValues, "\(method) needs at least \(count) values and has \(values.count)")
  }
  guard let position = values.firstIndex(where: { !$0.isFinite }) else { return }
  throw StatisticsError(
    .notFinite, "\(method) needs finite values and value \(position + 1) of \(values.count) is \(values[position])")
}

/// Checks that a level or probability lies strictly between 0 and 1.
func check(level: Double, for method: String) throws(StatisticsError) {
  guard level > 0, level < 1 else {
    throw StatisticsError(.outOfRange, "\(method) needs a level between 0 and 1 and was given \(level)")
  }
}

/// Checks that two samples pair up, have enough values and that all are finite.
func check(_ first: [Double], and second: [Double], atLeast count: Int, for method: String) throws(StatisticsError) {
  try check(first, atLeast: count, for: method)
  try check(second, atLeast: count, for: method)
  guard first.count == second.count else {
    throw StatisticsError(
      .unequalLengths,
      "\(method) needs pairs and has \(first.count) values on one side and \(second.count) on the other")
  }
}
