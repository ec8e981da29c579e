/// The one text that a value is hashed as.
///
/// One line without spaces; members sorted by the bytes of their keys; numbers as the shortest text that reads back as the same
/// double; strings with only the escapes that JSON demands (`\"`, `\\`, `\n`, `\r`, `\t`, `\u00xx`). Parsing it gives an equal value.
/// Numbers that are not finite are written as the strings "NaN", "Infinity" and "-Infinity".
public enum CanonicalJSON {
  /// Returns the canonical form as UTF-8.
  ///
  /// - Parameter value: Any value.
  /// - Returns: The bytes, without a line end.
  public static func bytes(of value: JSONValue) -> [UInt8] {
    var writer = JSONWriter(sortsKeys: true, indentation: nil)
    writer.write(value)
    return writer.bytes
  }

  /// Appends the canonical form as UTF-8.
  ///
  /// - Parameters:
  ///   - value: Any value.
  ///   - bytes: Where it is appended, without a line end.
  public static func append(_ value: JSONValue, to bytes: inout [UInt8]) {
    var writer = JSONWriter(sortsKeys: true, indentation: nil)
    swap(&writer.bytes, &bytes)
    writer.write(value)
    swap(&writer.bytes, &bytes)
  }

  /// Returns the canonical form as a string.
  ///
  /// - Parameter value: Any value.
  /// - Returns: The text, without a line end.
  public static func text(of value: JSONValue) -> String {
    String(decoding: bytes(of: value), as: UTF8.self)
  }
}

extension JSONValue: CustomStringConvertible {
  /// The value on one line with members in document order; valid JSON.
  public var compactText: String {
    var writer = JSONWriter(sortsKeys: false, indentation: nil)
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The value on many lines, indented by two spaces, with members in document order; valid JSON, without a final line end.
  public var prettyText: String {
    var writer = JSONWriter(sortsKeys: false, indentation: 2)
    writer.write(self)
    return String(decoding: writer.bytes, as: UTF8.self)
  }

  /// The same as ``compactText``.
  public var description: String { compactText }
}
