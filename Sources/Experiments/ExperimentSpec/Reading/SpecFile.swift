import Files
import Glibc
import JSON

/// Finds and reads specs.
enum SpecFile {
  /// Returns the bytes of a file of no more than some bytes, or the reason why it cannot be read.
  static func bytes(of path: String, limit: Int = SpecLimit.fileBytes) -> Result<[UInt8], FileError> {
    Result { () throws(FileError) in try WholeFile.read(path, limit: max(0, limit)) }
  }

  /// Returns a path as written in a file, relative to what that file's path is relative to.
  static func path(_ path: String, beside file: String) -> String {
    if path.hasPrefix("/") { return path }
    var parts = file.split(separator: "/").dropLast().map(String.init)
    for part in path.split(separator: "/") where part != "." {
      if part == "..", let last = parts.last, last != ".." { parts.removeLast() } else { parts.append(String(part)) }
    }
    let joined = parts.joined(separator: "/")
    return file.hasPrefix("/") ? "/" + joined : joined.isEmpty ? "." : joined
  }

  /// What is known about a spec that cannot be read.
  enum Advice: Sendable {
    /// It is a folder; a spec in it, if there is one.
    case folder(spec: String?)
    /// A spec beside it is spelt almost like it.
    case misspelt(nearest: String)
    case unknown
  }

  /// Returns what is known about a spec that cannot be read.
  ///
  /// - Parameters:
  ///   - error: Why it cannot be read.
  ///   - path: The file, as it was written.
  ///   - folder: What the path is relative to.
  /// - Returns: What stands at the path or near it.
  static func advice(on error: FileError, path: String, in folder: String = ".") -> Advice {
    if case .notRegular(.folder) = error.cause {
      let inside = names(in: path.hasPrefix("/") ? path : "\(folder)/\(path)").first
      return .folder(spec: inside.map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" })
    }
    return nearest(to: path, in: folder).map { .misspelt(nearest: $0) } ?? .unknown
  }

  /// Returns a name that is the same for all paths of one file.
  static func identity(of path: String) -> String {
    guard let resolved = realpath(path, nil) else { return path }
    defer { free(resolved) }
    return String(cString: resolved)
  }

  /// Returns the path of the spec in a missing file's folder that is spelt most like it.
  ///
  /// - Parameters:
  ///   - path: The missing file, as it was written.
  ///   - folder: What the path is relative to.
  /// - Returns: The path, relative to the same folder; `nil` if no name is near.
  static func nearest(to path: String, in folder: String = ".") -> String? {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let prefix = parts.dropLast().map { "\($0)/" }.joined()
    guard let name = parts.last else { return nil }
    let near = names(in: prefix.hasPrefix("/") ? prefix : "\(folder)/\(prefix)")
    return SpellingSuggestion.nearest(to: String(name), in: near).map { prefix + $0 }
  }

  /// Names of the specs in a folder, sorted.
  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.hasSuffix(".json") { names.append(name) }
    }
    return names.sorted()
  }
}
