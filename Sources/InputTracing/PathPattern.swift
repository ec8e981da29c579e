import Digest
import Glibc

/// A pattern of paths: `*`, `?` and `[a-z]` within a name, `**` for any number of folders.
struct PathPattern {
  private let parts: [String]

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
      return access(project.absolute(name), F_OK) == 0 ? [name] : []
    }
    let base = fixed.isEmpty ? "." : fixed.joined(separator: "/")
    guard access(project.absolute(base), F_OK) == 0 else { return [] }
    return try project.listing(of: base).entries.map { base == "." ? $0.path : "\(base)/\($0.path)" }.filter {
      Self.matches(parts[...], $0.split(separator: "/").map(String.init)[...])
    }
  }

  private static func isWild(_ part: String) -> Bool { part.contains { "*?[".contains($0) } }

  private static func matches(_ parts: ArraySlice<String>, _ names: ArraySlice<String>) -> Bool {
    guard let part = parts.first else { return names.isEmpty }
    if part == "**" {
      if matches(parts.dropFirst(), names) { return true }
      return !names.isEmpty && matches(parts, names.dropFirst())
    }
    guard let name = names.first, fnmatch(part, name, FNM_PERIOD) == 0 else { return false }
    return matches(parts.dropFirst(), names.dropFirst())
  }
}
