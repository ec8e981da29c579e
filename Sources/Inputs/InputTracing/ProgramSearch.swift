import Digest
import Glibc

/// Finds the file behind the first word of a command, and the interpreter that a script names in its first line.
public struct ProgramSearch: Sendable {
  /// The folders that bare names are looked for in.
  private let folders: [String]
  /// Bare names that stand for the programs of this product, and the folder in which these lie.
  private let own: (names: Set<String>, folder: String)?

  /// Makes a search.
  ///
  /// - Parameters:
  ///   - searchPath: The value of `PATH`.
  ///   - own: Bare names that are looked for in a folder of their own first.
  public init(searchPath: String, own: (names: Set<String>, folder: String)? = nil) {
    folders = searchPath.split(separator: ":", omittingEmptySubsequences: false).map { $0.isEmpty ? "." : String($0) }
    self.own = own
  }

  /// Whether a word stands for a program of this product, whose tasks have versions of their own.
  ///
  /// - Parameter word: The first word of a command.
  /// - Returns: Whether it is one of them, and there.
  public func isOwn(_ word: String) -> Bool {
    guard let own, own.names.contains(word) else { return false }
    return access("\(own.folder)/\(word)", X_OK) == 0
  }

  /// Returns the path of a program.
  ///
  /// - Parameters:
  ///   - word: The first word of a command.
  ///   - folder: Absolute path of the folder that it starts in.
  /// - Returns: An absolute path; `nil` if there is no such program.
  public func path(of word: String, from folder: String) -> String? {
    func program(_ path: String) -> String? {
      let absolute = path.hasPrefix("/") ? path : "\(folder)/\(path)"
      var status = stat()
      guard stat(absolute, &status) == 0, status.st_mode & S_IFMT == S_IFREG, access(absolute, X_OK) == 0 else {
        return nil
      }
      return absolute
    }
    if word.contains("/") { return program(word) }
    if let own, isOwn(word) { return "\(own.folder)/\(word)" }
    return folders.lazy.compactMap { program("\($0)/\(word)") }.first
  }

  /// Returns the programs that run a script: the interpreter of its first line and, behind `env`, the one that is searched for.
  ///
  /// - Parameters:
  ///   - path: A program.
  ///   - folder: Absolute path of the folder that it starts in.
  /// - Returns: Absolute paths; none for a binary.
  public func interpreters(of path: String, from folder: String) -> [String] {
    guard let line = Self.firstLine(of: path) else { return [] }
    let words = line.split { $0 == " " || $0 == "\t" || $0 == "\r" }.map(String.init)
    guard let first = words.first, let interpreter = self.path(of: first, from: folder) else { return [] }
    guard first.hasSuffix("/env") else { return [interpreter] }
    let named = words.dropFirst().first { !$0.hasPrefix("-") && !$0.contains("=") }
    return [interpreter] + (named.flatMap { self.path(of: $0, from: folder) }.map { [$0] } ?? [])
  }

  /// What stands behind `#!`.
  private static func firstLine(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var buffer = [UInt8](repeating: 0, count: 256)
    let count = read(descriptor, &buffer, buffer.count)
    guard count > 2, buffer[0] == UInt8(ascii: "#"), buffer[1] == UInt8(ascii: "!") else { return nil }
    return String(decoding: buffer[2..<count].prefix { $0 != 0x0A }, as: UTF8.self)
  }
}
