import Glibc
import JSON

/// Finds and reads whole files without Foundation.
enum SpecFile {
  /// Returns the bytes of a file, or the reason why it cannot be read.
  static func bytes(of path: String) -> Result<[UInt8], SpecFileError> {
    guard let file = fopen(path, "rb") else { return .failure(SpecFileError(reason: reason())) }
    defer { fclose(file) }
    var bytes: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = fread(&buffer, 1, buffer.count, file)
      bytes += buffer[..<count]
      if count < buffer.count { break }
    }
    return ferror(file) == 0 ? .success(bytes) : .failure(SpecFileError(reason: reason()))
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

  private static func reason() -> String { String(cString: strerror(errno)) }
}

/// Why a file could not be read.
struct SpecFileError: Error {
  var reason: String
}
