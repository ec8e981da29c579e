/// A name that is safe wherever it becomes part of a path, a link or a label: what anybody may have written is one only after a check.
///
/// It has 1 to 120 letters, digits, `_` and `-`, as specs demand of the names that they give; so it never leads out of a folder, hides
/// a file, or ends a line. Names that an operating system keeps for devices are none.
public struct FileName: Hashable, Sendable, CustomStringConvertible {
  /// Most characters of a name.
  public static let lengthLimit = 120

  /// The name.
  public let text: String

  /// Checks a text; nil if it is not such a name.
  public init?(_ text: some StringProtocol) {
    guard Self.problem(with: text) == nil else { return nil }
    self.text = String(text)
  }

  /// What keeps a text from being such a name, as a clause; nil if nothing does.
  public static func problem(with text: some StringProtocol) -> String? {
    if text.isEmpty { return "is empty" }
    guard text.utf8.allSatisfy(isPlain) else { return "has characters other than letters, digits, _ and -" }
    if text.utf8.count > lengthLimit { return "has more than \(lengthLimit) characters" }
    return reserved.contains(text.lowercased()) ? "is the name of a device" : nil
  }

  /// The name.
  public var description: String { text }

  /// Devices of Windows.
  private static let reserved: Set<String> = [
    "con", "prn", "aux", "nul", "com1", "com2", "com3", "com4", "com5", "com6", "com7", "com8", "com9", "lpt1", "lpt2",
    "lpt3", "lpt4", "lpt5", "lpt6", "lpt7", "lpt8", "lpt9",
  ]

  private static func isPlain(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
