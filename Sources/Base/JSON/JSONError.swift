/// A text that is not JSON, with the place of the first mistake.
public struct JSONError: Error, Sendable, Hashable, CustomStringConvertible {
  /// What is wrong, for `switch`; new codes may be added.
  public struct Code: Sendable, Hashable {
    private enum Name { case syntax, encoding, duplicateMember, numberOutOfRange, tooDeep }
    private var name: Name
    /// A character that the grammar does not allow.
    public static let syntax = Code(name: .syntax)
    /// Bytes that are not UTF-8, or half a surrogate pair.
    public static let encoding = Code(name: .encoding)
    /// A key that occurs twice in one object.
    public static let duplicateMember = Code(name: .duplicateMember)
    /// An integer beyond 64 bits or a number beyond the range of a double.
    public static let numberOutOfRange = Code(name: .numberOutOfRange)
    /// Too many nested arrays and objects.
    public static let tooDeep = Code(name: .tooDeep)
  }

  /// What is wrong, for `switch`.
  public var code: Code
  /// What was found and what was expected, one sentence without the place.
  public var message: String
  /// Byte range of the offending text in the parsed bytes; may be empty.
  public var range: Range<Int>
  /// 1-based line.
  public var line: Int
  /// 1-based column in characters.
  public var column: Int

  /// `line:column: message`.
  public var description: String { "\(line):\(column): \(message)" }
}
