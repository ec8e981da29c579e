public import Digest
import Glibc

/// What can be known of a job's inputs before it runs: the files that the words of its command name, its programs, its variables.
///
/// Each path is looked at once. Not shared between threads.
public final class StaticInputs {
  private let project: ProjectFolder
  private let programs: ProgramSearch
  private var entries: [String: WatchedInput?] = [:]
  private var programEntries: [String: [WatchedInput]] = [:]
  /// What stands in the project's folder: most words name nothing there, which needs no look at the disk.
  private lazy var topLevelNames: Set<String> = Self.names(in: project.root)

  /// Makes a view of the project as it is now.
  ///
  /// - Parameters:
  ///   - project: The project.
  ///   - programs: Finds programs.
  public init(project: ProjectFolder, programs: ProgramSearch) {
    self.project = project
    self.programs = programs
  }

  /// Returns what a command names.
  ///
  /// - Parameters:
  ///   - words: Program and arguments.
  ///   - startsInProject: Whether relative words are paths of the project.
  /// - Returns: Its program with interpreters, and every existing file and folder of the project among its words.
  /// - Throws: `DigestError` if a file that exists cannot be read.
  public func inputs(of words: [String], startsInProject: Bool = true) throws(DigestError) -> [WatchedInput] {
    var found = try words.first.map { (word) throws(DigestError) in try program(word) } ?? []
    if startsInProject, CommandWords.arePlain(words) {
      for word in words.dropFirst() {
        if let entry = try entry(of: word) { found.append(entry) }
      }
      return found
    }
    let parts = CommandWords(words)
    for path in parts.paths where startsInProject || path.hasPrefix("/") {
      if let entry = try entry(of: path) { found.append(entry) }
    }
    if startsInProject {
      for module in parts.modules { found += try self.module(module) }
    }
    return found
  }

  /// Returns what a single word names, if it is an existing file or folder of the project.
  ///
  /// - Parameter word: A word, or a part of one.
  /// - Returns: Its entry; `nil` if it names none.
  /// - Throws: `DigestError` if it exists and cannot be read.
  public func entry(of word: String) throws(DigestError) -> WatchedInput? {
    if let known = entries[word] { return known }
    let found = mayExist(word) ? try project.entry(of: word) : nil
    entries[word] = .some(found)
    return found
  }

  /// Returns a program, and the interpreters of its first line.
  ///
  /// - Parameter word: The first word of a command.
  /// - Returns: Nothing for programs of this product, whose tasks have versions, and for those that are not found.
  /// - Throws: `DigestError` if the program cannot be read.
  public func program(_ word: String) throws(DigestError) -> [WatchedInput] {
    if let known = programEntries[word] { return known }
    var found: [WatchedInput] = []
    if !programs.isOwn(word), let path = programs.path(of: word, from: project.root) {
      found.append(WatchedInput(.program, name(of: word, at: path), try project.programDigest(of: path)))
      for interpreter in programs.interpreters(of: path, from: project.root) {
        let digest = try project.programDigest(of: interpreter)
        found.append(WatchedInput(.program, project.programName(of: interpreter), digest))
      }
    }
    programEntries[word] = found
    return found
  }

  /// Returns the entries of files that match patterns.
  ///
  /// - Parameter patterns: Paths relative to the project with `*`, `?`, `[a-z]` and `**`; `!` before a pattern takes its files out again.
  /// - Returns: The files, and the patterns that match none.
  /// - Throws: `DigestError` if something cannot be read.
  public func sources(_ patterns: [String]) throws(DigestError) -> (files: [WatchedInput], unmatched: [String]) {
    var files: [String: WatchedInput] = [:]
    var unmatched: [String] = []
    for pattern in patterns where !pattern.hasPrefix("!") {
      let matches = try PathPattern(pattern).matches(in: project)
      if matches.isEmpty { unmatched.append(pattern) }
      for name in matches {
        if let entry = try project.entry(of: name) { files[name] = entry }
      }
    }
    for pattern in patterns where pattern.hasPrefix("!") {
      let excluded = PathPattern(excluding: pattern)
      for name in files.keys where excluded.matches(name) { files[name] = nil }
    }
    return (files.values.sorted(), unmatched)
  }

  /// Returns the entries that patterns do not take out.
  ///
  /// - Parameters:
  ///   - patterns: Each begins with `!`.
  ///   - entries: Entries of any kind.
  /// - Returns: All but the files and folders that match.
  public func without(_ patterns: [String], _ entries: [WatchedInput]) -> [WatchedInput] {
    guard !patterns.isEmpty else { return entries }
    let excluded = patterns.map(PathPattern.init(excluding:))
    return entries.filter { entry in
      entry.kind != .file && entry.kind != .folder || !excluded.contains { $0.matches(entry.name) }
    }
  }

  private func name(of word: String, at path: String) -> String {
    word.contains("/") ? project.programName(of: path) : word
  }

  /// The package, or the file, behind `python3 -m NAME`.
  private func module(_ name: String) throws(DigestError) -> [WatchedInput] {
    let path = name.split(separator: ".").joined(separator: "/")
    guard !path.isEmpty else { return [] }
    let top = String(path.prefix { $0 != "/" })
    var found: [WatchedInput] = []
    for word in [path, path + ".py", top] {
      if let entry = try entry(of: word) { found.append(entry) }
    }
    return found
  }

  private func mayExist(_ word: String) -> Bool {
    guard !word.hasPrefix("/"), !word.hasPrefix(".") else { return true }
    return topLevelNames.contains(String(word.prefix { $0 != "/" }))
  }

  private static func names(in folder: String) -> Set<String> {
    guard let stream = opendir(folder) else { return [] }
    defer { closedir(stream) }
    var names: Set<String> = []
    while let entry = readdir(stream) {
      names.insert(
        withUnsafeBytes(of: entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) })
    }
    return names
  }
}
