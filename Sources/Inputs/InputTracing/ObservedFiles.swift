import Digest
import Glibc

/// What the processes of an attempt did with files of the project, packages and programs.
struct ObservedFiles {
  /// The versions of each file of the project that were read, by name.
  private(set) var read: [String: Set<FileStamp>] = [:]
  /// Names of files that were made, replaced or changed.
  private(set) var written: Set<String> = []
  /// Entries of the distributions whose files were read.
  private(set) var packages: Set<WatchedInput> = []
  /// Paths of the programs that ran or were started.
  private(set) var programs: Set<String> = []
  /// The versions of the binaries that ran, by path.
  private(set) var running: [String: FileStamp] = [:]
  /// Why something may have been missed.
  private(set) var gap: String?

  /// Sorts out entries.
  ///
  /// - Parameters:
  ///   - entries: What a log says.
  ///   - isWhole: Whether nothing is missing in it.
  ///   - project: Names files, and knows which are never inputs.
  ///   - distributions: Knows to which package a file belongs.
  init(_ entries: [ReadLog.Entry], isWhole: Bool, project: ProjectFolder, distributions: PythonDistributions) {
    if !isWhole { gap = "it opened more files than can be noted" }
    var executed: Set<String> = []
    // A module that was out of date is read from its source as well, which then says what was read.
    let sources = Set(entries.lazy.filter { $0.kind == .read && $0.path.hasSuffix(".py") }.map(\.path))
    for entry in entries where Bytecode.source(of: entry.path).map(sources.contains) != true {
      switch entry.kind {
      case .read, .library: note(entry, project, distributions)
      case .update:
        // Opened for both: what was not changed after all was read.
        if FileStamp(ofFile: entry.path)?.hasContent(of: entry.stamp) == true {
          note(entry, project, distributions)
        } else {
          noteWritten(entry.path, project)
        }
      case .written: noteWritten(entry.path, project)
      case .program: running[entry.path] = entry.stamp
      case .executed: executed.insert(entry.path)
      }
    }
    if running.isEmpty, gap == nil { gap = "its program is statically linked, or refuses to be observed" }
    for path in executed.sorted() where access(path, X_OK) == 0 {
      programs.insert(path)
      let resolved = ProjectFolder.resolved(path) ?? path
      guard gap == nil, running[resolved] == nil, !Self.isScript(path) else { continue }
      gap = "'\(path)' is statically linked, or refuses to be observed"
    }
    // A link to a program stands for the program.
    programs.formUnion(Set(running.keys).subtracting(programs.compactMap(ProjectFolder.resolved)))
  }

  private mutating func noteWritten(_ path: String, _ project: ProjectFolder) {
    if let name = project.name(of: path), !project.isIgnored(name) { written.insert(name) }
  }

  private mutating func note(_ entry: ReadLog.Entry, _ project: ProjectFolder, _ distributions: PythonDistributions) {
    let path = Bytecode.source(of: entry.path) ?? entry.path
    if let (site, file) = PythonDistributions.place(of: path) {
      if PythonDistributions.isStartup(file) { return }
      if let owner = distributions.owner(of: file, in: site) {
        packages.insert(
          WatchedInput(.package, "\(project.name(of: site) ?? site):\(owner.name)", owner.version))
        return
      }
    }
    guard let name = project.name(of: path), !project.isIgnored(name) else { return }
    guard path == entry.path else {
      if let stamp = Bytecode.sourceStamp(ofBytecode: entry.path, version: entry.stamp, source: path) {
        read[name, default: []].insert(stamp)
      }
      return
    }
    read[name, default: []].insert(entry.stamp)
  }

  private static func isScript(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    var first: [UInt8] = [0, 0]
    return Glibc.read(descriptor, &first, 2) == 2 && first == Array("#!".utf8)
  }
}
