public import Digest
import Glibc

/// The folder that an experiment's paths are relative to, and what in it counts as input.
public struct ProjectFolder: Sendable {
  /// Absolute path.
  public let root: String
  /// The path with all links resolved.
  private let resolvedRoot: String
  /// Folders that are never inputs, relative to the root: where results are kept.
  private let results: [String]
  /// The digests of files.
  public let digests: FileDigests

  /// Opens a project.
  ///
  /// - Parameters:
  ///   - root: Absolute path.
  ///   - results: Absolute paths of folders with results.
  ///   - digests: The digests of files.
  public init(root: String, results: [String] = [], digests: FileDigests = FileDigests()) {
    self.root = root
    resolvedRoot = Self.resolved(root) ?? root
    self.digests = digests
    self.results = results.compactMap { Self.path($0, below: root) }
  }

  /// Returns what a path is called in the project.
  ///
  /// - Parameter path: Absolute, or relative to the root.
  /// - Returns: The path relative to the root, `.` for the root itself; `nil` if it lies elsewhere.
  public func name(of path: String) -> String? {
    let absolute = absolute(path)
    if let own = Self.path(absolute, below: root) { return own }
    guard let resolved = Self.resolved(absolute) else { return nil }
    return Self.path(resolved, below: resolvedRoot)
  }

  /// Returns what a path is called that a process has named, without a look at links: the observer names what they lead to as well.
  ///
  /// - Parameter path: Absolute.
  /// - Returns: The path relative to the root; `nil` if it lies elsewhere.
  func name(ofObserved path: String) -> String? {
    if let own = Self.path(path, below: root) ?? Self.path(path, below: resolvedRoot) { return own }
    return path.contains("/../") ? name(of: path) : nil
  }

  /// Returns the symbolic links of the project that a path goes through, itself among them.
  ///
  /// - Parameters:
  ///   - path: Absolute, as a process has named it.
  ///   - isLink: Tells of an absolute path whether it is a link.
  /// - Returns: Their names.
  func links(in path: String, isLink: (String) -> Bool) -> [String] {
    guard let start = [root, resolvedRoot].first(where: { path.hasPrefix($0 + "/") }) else { return [] }
    var found: [String] = []
    var place = start
    for part in path.dropFirst(start.count).split(separator: "/") where part != "." {
      // Above a link is what is above its target.
      if part == ".." {
        guard let above = Self.resolved(place + "/..") else { return found }
        place = above
        continue
      }
      place += "/\(part)"
      if isLink(place), let name = name(ofObserved: place), !isIgnored(name) { found.append(name) }
    }
    return found
  }

  /// Returns what a link of the project names.
  ///
  /// - Parameter name: Relative to the root.
  /// - Returns: The path as the link has it, of an absolute one in the project `./` and its name; `nil` if there is no link.
  func target(ofLink name: String) -> String? {
    guard let target = SystemPath.target(ofLink: absolute(name)) else { return nil }
    guard target.hasPrefix("/"), let own = self.name(ofObserved: target) else { return target }
    return "./\(own)"
  }

  /// Returns what a program is called that is started by its path.
  ///
  /// - Parameter path: Absolute.
  /// - Returns: `./` and the path relative to the root, or the path itself if it lies elsewhere.
  func programName(of path: String) -> String { name(of: path).map { "./\($0)" } ?? path }

  /// Returns what tells a program from others: its digest and, of one in a Python environment, which environment it is.
  ///
  /// The interpreters of all environments may be the same file; the packages that they import are not.
  ///
  /// - Parameter path: Absolute.
  /// - Returns: The same for the same program.
  /// - Throws: `DigestError` if it cannot be read.
  func programDigest(of path: String) throws(DigestError) -> SHA256Digest {
    let digest = try digests.digest(ofFile: path).digest
    let parts = path.split(separator: "/")
    guard parts.count > 2 else { return digest }
    let environment = "/" + parts.dropLast(2).joined(separator: "/")
    let isEnvironment = ["pyvenv.cfg", "conda-meta"].contains { access("\(environment)/\($0)", F_OK) == 0 }
    return isEnvironment ? SHA256Digest(of: "\(digest.hex) \(name(of: environment) ?? environment)") : digest
  }

  /// Returns the absolute path.
  ///
  /// - Parameter path: Absolute, or relative to the root.
  /// - Returns: The path.
  public func absolute(_ path: String) -> String { path.hasPrefix("/") ? path : "\(root)/\(path)" }

  /// Whether a path of the project is never an input: results, the version control's own files, caches.
  ///
  /// - Parameter name: Relative to the root.
  /// - Returns: Whether it is passed over.
  public func isIgnored(_ name: String) -> Bool {
    if results.contains(where: { name == $0 || name.hasPrefix($0 + "/") }) { return true }
    return Self.mayHaveCache(name) && name.split(separator: "/").contains { Self.isCache($0) }
  }

  /// Returns the entry of a file or folder of the project as it is now.
  ///
  /// - Parameter path: Absolute, or relative to the root.
  /// - Returns: The entry; `nil` if nothing is there, it lies elsewhere, is never an input, or is neither file nor folder.
  /// - Throws: `DigestError` if it cannot be read.
  public func entry(of path: String) throws(DigestError) -> WatchedInput? {
    guard let name = name(of: path), !isIgnored(name) else { return nil }
    let absolute = absolute(path)
    var status = stat()
    guard stat(absolute, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return WatchedInput(.file, name, try digests.digest(ofFile: absolute).digest)
    case S_IFDIR: return WatchedInput(.folder, name, try listing(of: name).digest(digests))
    default: return nil
    }
  }

  /// Returns the digest of a declared input: a file, or all of a folder.
  ///
  /// - Parameter path: Absolute, or relative to the root.
  /// - Returns: The digest; `nil` if there is neither.
  /// - Throws: `DigestError` if it cannot be read.
  public func inputDigest(of path: String) throws(DigestError) -> SHA256Digest? {
    let absolute = absolute(path)
    var status = stat()
    guard stat(absolute, &status) == 0 else { return nil }
    switch status.st_mode & S_IFMT {
    case S_IFREG: return try digests.digest(ofFile: absolute).digest
    case S_IFDIR: return try FolderListing(of: absolute).digest(digests)
    default: return nil
    }
  }

  /// Returns the files of a folder that count as inputs.
  ///
  /// - Parameter name: Relative to the root.
  /// - Returns: The files, and the links that are not followed.
  /// - Throws: `DigestError` if something cannot be looked at.
  public func listing(of name: String) throws(DigestError) -> FolderListing {
    let prefix = name == "." ? "" : name + "/"
    return try FolderListing(of: absolute(name)) { isIgnored(prefix + $0) }
  }

  /// The rest of a path below a folder, without `.` and empty parts; `nil` if it is not below it.
  static func path(_ path: String, below folder: String) -> String? {
    guard path.hasPrefix(folder) else { return nil }
    let rest = path.dropFirst(folder.count)
    guard folder.hasSuffix("/") || rest.isEmpty || rest.hasPrefix("/") else { return nil }
    if isPlain(rest) { return String(rest.dropFirst()) }
    let parts = rest.split(separator: "/").filter { $0 != "." }
    guard !parts.contains("..") else { return nil }
    return parts.isEmpty ? "." : parts.joined(separator: "/")
  }

  static func resolved(_ path: String) -> String? {
    guard let buffer = SystemPath.with(path, { realpath($0, nil) }) else { return nil }
    defer { free(buffer) }
    return SystemPath.text(ofCString: buffer)
  }

  /// Whether a path begins with a slash, has no part that is empty or begins with a dot, and so is as short as it can be.
  private static func isPlain(_ path: Substring) -> Bool {
    let slash = UInt8(ascii: "/")
    guard path.utf8.first == slash, path.utf8.last != slash else { return false }
    var isStart = false
    for byte in path.utf8 {
      if isStart, byte == slash || byte == UInt8(ascii: ".") { return false }
      isStart = byte == slash
    }
    return true
  }

  /// Whether a part of a path begins as the names of caches do; most have none.
  private static func mayHaveCache(_ name: String) -> Bool {
    var isStart = true
    for byte in name.utf8 {
      if isStart, byte == UInt8(ascii: ".") || byte == UInt8(ascii: "_") { return true }
      isStart = byte == UInt8(ascii: "/")
    }
    return false
  }

  private static func isCache(_ part: Substring) -> Bool {
    [".git", ".hg", ".svn", ".build", "__pycache__", ".ipynb_checkpoints"].contains(part)
      || (part.hasPrefix(".") && part.hasSuffix("cache"))
  }
}
