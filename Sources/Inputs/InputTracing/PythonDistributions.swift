import Digest
import Glibc
import Synchronization

/// The Python distributions that are installed in `site-packages` folders, as their own records say it.
public final class PythonDistributions: Sendable {
  /// An installed distribution.
  public struct Distribution: Sendable, Hashable {
    /// The name, as its metadata spell it.
    public var name: String
    /// The version.
    public var version: String
  }

  private struct Site: Sendable {
    var distributions: [String: Distribution] = [:]
    /// By the first part of the paths of its files.
    var owners: [String: Distribution] = [:]
    /// When something was last put into the folder, or taken out of it.
    var modified: Int64?
  }

  private let sites = Mutex<[String: Site]>([:])

  /// Makes a view of what is installed; a folder is read again when something was put into it or taken out.
  public init() {}

  /// Returns the folder of packages that a file lies in, and its path there.
  ///
  /// - Parameter path: Any path.
  /// - Returns: `nil` if no folder above it is called `site-packages` or `dist-packages`.
  public static func place(of path: String) -> (site: String, file: String)? {
    // Most paths have no dash, and looking for texts takes longer.
    guard path.utf8.contains(UInt8(ascii: "-")) else { return nil }
    for folder in ["/site-packages/", "/dist-packages/"] {
      guard let range = Self.lastRange(of: folder, in: path) else { continue }
      return (String(path[..<range.upperBound].dropLast()), String(path[range.upperBound...]))
    }
    return nil
  }

  /// Returns the distribution that a file belongs to.
  ///
  /// - Parameters:
  ///   - file: A path relative to the folder of packages.
  ///   - site: The folder of packages.
  /// - Returns: `nil` if no installed distribution has brought it.
  public func owner(of file: String, in site: String) -> Distribution? {
    let first = String(file.prefix { $0 != "/" })
    let owners = self.site(site).owners
    return owners[first] ?? owners[String(first.prefix { $0 != "." })]
  }

  /// Returns the version of a distribution.
  ///
  /// - Parameters:
  ///   - name: The name, as its metadata spell it.
  ///   - site: The folder of packages.
  /// - Returns: `nil` if it is not installed there.
  public func version(of name: String, in site: String) -> String? { self.site(site).distributions[name]?.version }

  /// Whether a file is no reason to depend on its distribution: every start of Python reads it.
  ///
  /// - Parameter file: A path relative to the folder of packages.
  /// - Returns: Whether it is one of those.
  public static func isStartup(_ file: String) -> Bool {
    let first = file.prefix { $0 != "/" }
    return first.hasSuffix(".pth") || first.hasSuffix(".dist-info") || first.hasSuffix(".egg-info")
      || first == "_distutils_hack"
  }

  private func site(_ folder: String) -> Site {
    // Before it is read, so that what comes meanwhile is seen the next time.
    let modified = Self.lastChange(of: folder)
    if let modified, let known = sites.withLock({ $0[folder] }), known.modified == modified { return known }
    var site = Self.read(folder)
    site.modified = modified
    sites.withLock { $0[folder] = site }
    return site
  }

  /// `nil` if it is not there, or was changed within the last tick of the clock.
  private static func lastChange(of folder: String) -> Int64? {
    var status = stat()
    guard stat(folder, &status) == 0 else { return nil }
    let stamp = FileStamp(status)
    return stamp.isSettled(at: FileStamp.present) ? stamp.changed : nil
  }

  private static func read(_ folder: String) -> Site {
    var site = Site()
    for entry in names(in: folder).sorted() {
      guard let (distribution, isWheel) = distribution(from: entry) else { continue }
      site.distributions[distribution.name] = distribution
      var tops: Set<String> = []
      if let text = contents(of: "\(folder)/\(entry)/top_level.txt") {
        tops.formUnion(text.split(whereSeparator: \.isNewline).map(String.init))
      } else if isWheel, let record = contents(of: "\(folder)/\(entry)/RECORD") {
        for line in record.split(whereSeparator: \.isNewline) {
          tops.insert(String(line.prefix { $0 != "/" && $0 != "," }))
        }
      } else {
        tops.insert(String(distribution.name.map { $0 == "-" ? "_" : $0 }))
      }
      for top in tops where top != "__pycache__" && top != ".." && site.owners[top] == nil {
        site.owners[top] = distribution
      }
    }
    return site
  }

  /// Reads the name of a folder such as `numpy-2.0.1.dist-info` or `six-1.16.0-py3.11.egg-info`.
  private static func distribution(from entry: String) -> (Distribution, isWheel: Bool)? {
    for (ending, isWheel) in [(".dist-info", true), (".egg-info", false)] where entry.hasSuffix(ending) {
      let parts = entry.dropLast(ending.count).split(separator: "-")
      guard parts.count >= 2 else { continue }
      return (Distribution(name: String(parts[0]), version: String(parts[1])), isWheel)
    }
    return nil
  }

  private static func names(in folder: String) -> [String] {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: [String] = []
    while let entry = readdir(stream) {
      names.append(
        withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }

  /// A text file of at most 16 MiB.
  private static func contents(of path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= 16 << 20 else {
      return nil
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    let count = Glibc.read(descriptor, &bytes, bytes.count)
    return count >= 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }

  private static func lastRange(of text: String, in path: String) -> Range<String.Index>? {
    var end = path.endIndex
    while let slash = path[..<end].lastIndex(of: "/") {
      if path[slash...].hasPrefix(text) { return slash..<path.index(slash, offsetBy: text.count) }
      end = slash
    }
    return nil
  }
}
