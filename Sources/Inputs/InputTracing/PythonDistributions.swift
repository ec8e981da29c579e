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
    /// The file that lists what it consists of, with digests; `nil` if it has brought none.
    var record: String?
  }

  private struct Site: Sendable {
    var distributions: [String: Distribution] = [:]
    /// By the first part of the paths of its files.
    var owners: [String: Distribution] = [:]
    /// When something was last put into the folder, or taken out of it.
    var modified: Int64?
  }

  private let sites = Mutex<[String: Site]>([:])
  /// The contents of distributions by the paths of their records, with the versions of these.
  private let contents = Mutex<[String: (stamp: FileStamp, digest: SHA256Digest?)]>([:])

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

  /// Returns what tells a distribution from others of its name.
  ///
  /// - Parameters:
  ///   - name: The name, as its metadata spell it.
  ///   - site: The folder of packages.
  /// - Returns: The version and, behind a space, the digest of what its record says of its modules, if it has one; `nil` if it is not
  ///   installed there.
  public func identity(of name: String, in site: String) -> String? {
    guard let distribution = self.site(site).distributions[name] else { return nil }
    guard let record = distribution.record, let digest = contents(ofRecord: record) else { return distribution.version }
    return "\(distribution.version) \(digest.hex)"
  }

  /// The version in what ``identity(of:in:)`` gives.
  static func version(in identity: String) -> String { String(identity.prefix { $0 != " " }) }

  /// Whether a distribution still is what it was; of one whose contents were not noted, the version decides.
  package static func isSame(_ earlier: String, _ now: String) -> Bool {
    earlier == now || (!earlier.contains(" ") && earlier == version(in: now))
  }

  /// Returns the folders outside itself from which Python takes modules because of a file in a folder of packages.
  ///
  /// - Parameter path: A `.pth` file with a folder in each line, or the module by which an editable installation finds its source.
  /// - Returns: Absolute paths.
  static func folders(addedBy path: String) -> [String] {
    let name = path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...]
    if name.hasSuffix(".pth") {
      let lines = contents(of: path)?.split(whereSeparator: \.isNewline) ?? []
      // Other lines are run.
      let folders = lines.filter { !$0.hasPrefix("import") && !$0.hasPrefix("#") }
      let own = path.dropLast(name.count)
      return folders.compactMap { $0.hasPrefix("/") ? String($0) : ProjectFolder.resolved("\(own)\($0)") }
    }
    guard name.hasPrefix("__editable__"), let text = contents(of: path) else { return [] }
    return text.split(whereSeparator: { "'\"".contains($0) }).filter { $0.hasPrefix("/") && !$0.contains("\n") }.map(
      String.init)
  }

  /// The digest of the lines of a record that have digests, but for the metadata, in which is written where it came from.
  private func contents(ofRecord path: String) -> SHA256Digest? {
    guard let stamp = FileStamp(ofFile: path) else { return nil }
    if let known = contents.withLock({ $0[path] }), known.stamp == stamp { return known.digest }
    let lines = Self.contents(of: path)?.split(whereSeparator: \.isNewline) ?? []
    let modules = lines.filter { line in
      line.contains(",sha256=") && !line.hasPrefix("../") && !line.prefix { $0 != "/" }.hasSuffix(".dist-info")
    }
    let digest = modules.isEmpty ? nil : SHA256Digest(of: modules.sorted().joined(separator: "\n"))
    contents.withLock { $0[path] = (stamp, digest) }
    return digest
  }

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
      guard let (named, isWheel) = distribution(from: entry) else { continue }
      var distribution = named
      if isWheel { distribution.record = "\(folder)/\(entry)/RECORD" }
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
