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
    return (file.hasPrefix("/") ? "/" : "") + parts.joined(separator: "/")
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
    guard let name = parts.last, let stream = opendir(prefix.hasPrefix("/") ? prefix : "\(folder)/\(prefix)") else {
      return nil
    }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      let name = withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      if name.hasSuffix(".json") { names.append(name) }
    }
    return SpellingSuggestion.nearest(to: String(name), in: names.sorted()).map { prefix + $0 }
  }
}
