import Digest
import Glibc

/// What the processes of an attempt did with files of the project, packages and programs.
struct ObservedFiles {
  /// The versions of each file of the project that were read, by name.
  private(set) var read: [String: Set<FileStamp>] = [:]
  /// Names of files that were made, replaced or changed.
  private(set) var written: Set<String> = []
  /// Paths of files anywhere that were made, replaced or changed.
  private(set) var writtenPaths: Set<String> = []
  /// Entries of the distributions whose files were read.
  private(set) var packages: Set<WatchedInput> = []
  /// The versions of all files of `site-packages` that were read, by path, with what people call them.
  private(set) var packageFiles: [String: (stamps: Set<FileStamp>, label: String)] = [:]
  /// Paths of the programs that ran or were started.
  private(set) var programs: Set<String> = []
  /// The versions of the programs that ran or were started, by path.
  private(set) var running: [String: Set<FileStamp>] = [:]
  /// Why something may have been missed.
  private(set) var gap: String?

  private var executed: Set<String> = []
  private var observed: Set<String> = []

  /// Sorts out entries, after those that have been sorted out before.
  ///
  /// - Parameters:
  ///   - entries: What a log says besides.
  ///   - isWhole: Whether nothing is missing in it.
  ///   - project: Names files, and knows which are never inputs.
  ///   - distributions: Knows to which package a file belongs.
  mutating func add(
    _ entries: ArraySlice<ReadLog.Entry>, isWhole: Bool, project: ProjectFolder, distributions: PythonDistributions
  ) {
    for entry in entries {
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
      case .program:
        observed.insert(entry.path)
        running[entry.path, default: []].insert(entry.stamp)
      case .executed:
        executed.insert(entry.path)
        if entry.stamp.inode != 0 { running[entry.path, default: []].insert(entry.stamp) }
      }
    }
    findPrograms(isWhole: isWhole)
  }

  private mutating func findPrograms(isWhole: Bool) {
    programs = []
    gap = isWhole ? nil : "it opened more files than can be noted"
    if observed.isEmpty, gap == nil { gap = "its program is statically linked, or refuses to be observed" }
    for path in executed.sorted() where access(path, X_OK) == 0 {
      programs.insert(path)
      let resolved = ProjectFolder.resolved(path) ?? path
      guard gap == nil, !observed.contains(resolved), !Self.isScript(path) else { continue }
      gap = "'\(path)' is statically linked, or refuses to be observed"
    }
    // A link to a program stands for the program.
    programs.formUnion(observed.subtracting(programs.compactMap(ProjectFolder.resolved)))
  }

  private mutating func noteWritten(_ path: String, _ project: ProjectFolder) {
    writtenPaths.insert(path)
    if let name = project.name(of: path), !project.isIgnored(name) { written.insert(name) }
  }

  private mutating func note(_ entry: ReadLog.Entry, _ project: ProjectFolder, _ distributions: PythonDistributions) {
    if let (site, file) = PythonDistributions.place(of: entry.path) {
      if PythonDistributions.isStartup(file) { return }
      let owner = distributions.owner(of: file, in: site)
      packageFiles[entry.path, default: ([], owner?.name ?? file)].stamps.insert(entry.stamp)
      if let owner {
        packages.insert(
          WatchedInput(.package, "\(project.name(of: site) ?? site):\(owner.name)", owner.version))
        return
      }
    }
    guard let name = project.name(of: entry.path), !project.isIgnored(name) else { return }
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
