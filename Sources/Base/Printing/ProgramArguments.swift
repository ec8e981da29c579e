import Glibc

/// The words with which a program was called.
///
/// `CommandLine.arguments` has other characters in the place of bytes that are no UTF-8, and so names another file, or sets another value,
/// than the caller did.
public enum ProgramArguments {
  /// Returns the words after the program's own name.
  ///
  /// - Returns: The words as they were given.
  /// - Throws: `ArgumentError` if one, or the path of the current folder, is no UTF-8.
  public static func checked() throws(ArgumentError) -> [String] {
    var words: [String] = []
    for index in 1..<max(1, Int(CommandLine.argc)) {
      guard let bytes = CommandLine.unsafeArgv[index] else { break }
      guard let word = String(validatingCString: bytes) else {
        throw ArgumentError(
          description:
            "argument \(index), '\(shown(bytes))', is not UTF-8; write it so, or rename the file that it names")
      }
      words.append(word)
    }
    guard let folder = getcwd(nil, 0) else { return words }
    defer { free(folder) }
    guard String(validatingCString: folder) != nil else {
      throw ArgumentError(
        description: "the path of the current folder, '\(shown(folder))', is not UTF-8; rename it, or start elsewhere")
    }
    return words
  }

  /// The bytes with those that are no printable ASCII as numbers; of very many the first ones.
  private static func shown(_ bytes: UnsafePointer<CChar>) -> String {
    let all = UnsafeBufferPointer(start: bytes, count: strlen(bytes)).map { UInt8(bitPattern: $0) }
    let text = all.prefix(200).map { byte in
      0x20...0x7E ~= byte
        ? String(Unicode.Scalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }
    return text.joined() + (all.count > 200 ? "…" : "")
  }
}

/// A word, or a folder, that no text names.
public struct ArgumentError: Error, Sendable, Hashable, CustomStringConvertible {
  /// One sentence with the cure.
  public let description: String
}
