import Digest
import Glibc

/// A pattern of paths: `*`, `?` and `[a-z]` within a name, `**` for any number of folders.
struct PathPattern {
  private let parts: [String]

  /// Reads `!pattern`, which takes files out.
  init(excluding text: String) { self.init(String(text.dropFirst())) }

  init(_ text: String) {
    parts = text.split(separator: "/").map(String.init).filter { $0 != "." }
  }

  /// Whether a path, or a folder above it, matches.
  func matches(_ path: String) -> Bool {
    let names = path.split(separator: "/").map(String.init)
    return (1...max(names.count, 1)).contains { Self.matches(parts[...], names.prefix($0)) }
  }

  /// The files of a project that match, relative to its root, sorted.
  func matches(in project: ProjectFolder) throws(DigestError) -> [String] {
    let fixed = parts.prefix { !Self.isWild($0) }
    if fixed.count == parts.count {
      let name = fixed.joined(separator: "/")
      return SystemPath.with(project.absolute(name), { access($0, F_OK) }) == 0 ? [name] : []
    }
    let base = fixed.isEmpty ? "." : fixed.joined(separator: "/")
    guard access(project.absolute(base), F_OK) == 0 else { return [] }
    return try project.listing(of: base).entries.map { base == "." ? $0.path : "\(base)/\($0.path)" }.filter {
      Self.matches(parts[...], $0.split(separator: "/").map(String.init)[...])
    }
  }

  private static func isWild(_ part: String) -> Bool { part.contains { "*?[".contains($0) } }

  /// Follows all ways through the pattern at once, so that many `**` take no longer than one.
  private static func matches(_ parts: ArraySlice<String>, _ names: ArraySlice<String>) -> Bool {
    let names = Array(names)
    // Whether the parts so far match the first so many names.
    var reached = [true] + [Bool](repeating: false, count: names.count)
    for part in parts {
      var next = [Bool](repeating: false, count: names.count + 1)
      for count in reached.indices {
        if part == "**" {
          next[count] = reached[count] || (count > 0 && next[count - 1])
        } else if count > 0 {
          next[count] = reached[count - 1] && fnmatch(part, names[count - 1], FNM_PERIOD) == 0
        }
      }
      reached = next
    }
    return reached[names.count]
  }
}
