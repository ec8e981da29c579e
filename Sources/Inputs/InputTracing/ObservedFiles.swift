import Digest
import Glibc

/// What the processes of an attempt did with files of the project, packages and programs.
struct ObservedFiles: Sendable {
  /// What happened to each file, by its name in the project, or by its path elsewhere.
  private(set) var uses: [String: FileUse] = [:]
  /// Names of files that were made, replaced, changed or removed, but for those of which only their end tells it.
  private(set) var certainlyWritten: Set<String> = []
  /// Names of files that were opened for reading and writing.
  private var perhapsWritten: Set<String> = []
  /// Paths of files anywhere that were made, replaced, changed or removed.
  private(set) var writtenPaths: Set<String> = []
  /// Paths through links of the project that were followed, with the inode that each has led to.
  private(set) var followed: [String: (links: [String], inode: UInt64)] = [:]
  /// Names of folders of the project that were listed.
  private(set) var listed: Set<String> = []
  /// The versions of links of the project whose targets were asked for, by path.
  private(set) var links: [String: (names: [String], stamp: FileStamp)] = [:]
  /// Entries of the distributions whose files were read.
  private(set) var packages: Set<WatchedInput> = []
  /// The versions of the files of distributions that were read, by path, with what people call them.
  private(set) var packageFiles: [String: (stamps: FileVersions, label: String)] = [:]
  /// Paths of the programs that ran or were started.
  private(set) var programs: Set<String> = []
  /// The versions of the programs that ran or were started, by path.
  private(set) var running: [String: FileVersions] = [:]
  /// Why something may have been missed.
  private(set) var gap: String?

  private var executed: Set<String> = []
  private var observed: Set<String> = []
  /// Files that were moved and not made by the attempt: their old names by their new paths.
  private var movedFiles: [String: String] = [:]
  /// Folders from which Python takes modules because of a file in a folder of packages, and that file.
  private var added: [(folder: String, file: String, stamp: FileStamp)] = []
  private var knownPackages: Set<String> = []
  private var isLink: [String: Bool] = [:]

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
    if uses.isEmpty { uses.reserveCapacity(entries.count) }
    for entry in entries {
      switch entry.kind {
      case .read, .library, .update: note(entry, project, distributions)
      case .looked, .dated:
        guard PythonDistributions.place(of: entry.path) == nil, let name = name(of: entry, project) else { continue }
        uses[name, default: FileUse()].noteLook(entry.stamp, byAge: entry.kind == .dated)
      case .extended: noteWritten(entry.path, project) { $0.noteExtension(entry.stamp) }
      case .written: noteWritten(entry.path, project) { $0.noteWrite() }
      case .moved: noteMoved(entry, project)
      case .listed:
        if let name = project.name(ofObserved: entry.path) { listed.insert(name) }
        noteFollowed(entry, project)
      case .followed, .link: noteFollowed(entry, project)
      case .program:
        observed.insert(entry.path)
        running[entry.path, default: FileVersions()].insert(entry.stamp)
      case .executed:
        executed.insert(entry.path)
        if entry.stamp.inode != 0 { running[entry.path, default: FileVersions()].insert(entry.stamp) }
      }
    }
    findPrograms(isWhole: isWhole)
  }

  /// Names of the files of the project that were made, replaced, changed or removed, for all that is known by now.
  ///
  /// - Parameter project: The project.
  /// - Returns: The names.
  func written(in project: ProjectFolder) -> Set<String> {
    certainlyWritten.union(perhapsWritten.filter { isWritten($0, project) })
  }

  /// Whether a file was written by the attempt.
  private func isWritten(_ name: String, _ project: ProjectFolder) -> Bool {
    guard let use = uses[name] else { return false }
    if use.isWritten || !use.mayBeWritten { return use.isWritten }
    // What was not changed after all was read.
    guard let found = use.read.first else { return false }
    return FileStamp(ofFile: project.absolute(name))?.hasContent(of: found) != true
  }

  /// Whether a file was read before the attempt wrote it, if it did.
  ///
  /// - Parameter name: Its name in the project.
  /// - Returns: Whether something that the attempt did not make itself was read.
  func hasRead(_ name: String) -> Bool { uses[name].map { !$0.read.isEmpty } ?? false }

  private mutating func findPrograms(isWhole: Bool) {
    programs = []
    gap = isWhole ? nil : ObservationGap.overflow
    if observed.isEmpty, gap == nil { gap = ObservationGap.unobservable("its program") }
    for path in executed.sorted() where SystemPath.with(path, { access($0, X_OK) }) == 0 {
      programs.insert(path)
      let resolved = ProjectFolder.resolved(path) ?? path
      guard gap == nil, !observed.contains(resolved), !Self.isScript(path) else { continue }
      gap = ObservationGap.unobservable("'\(SystemPath.shown(path))'")
    }
    // A link to a program stands for the program.
    programs.formUnion(observed.subtracting(programs.compactMap(ProjectFolder.resolved)))
  }

  private func name(of entry: ReadLog.Entry, _ project: ProjectFolder) -> String? {
    project.name(ofObserved: entry.path).flatMap { project.isIgnored($0) ? nil : $0 }
  }

  private mutating func noteWritten(_ path: String, _ project: ProjectFolder, _ change: (inout FileUse) -> Void) {
    writtenPaths.insert(path)
    guard let name = project.name(ofObserved: path), !project.isIgnored(name) else { return }
    certainlyWritten.insert(name)
    change(&uses[name, default: FileUse()])
  }

  private mutating func noteMoved(_ entry: ReadLog.Entry, _ project: ProjectFolder) {
    guard let newPath = entry.newPath else { return }
    if entry.stamp.inode == 0 {
      // What the attempt has made in a folder is its own by the new name too.
      let old = entry.path + "/"
      for path in writtenPaths where path.hasPrefix(old) {
        noteWritten("\(newPath)/\(path.dropFirst(old.count))", project) { $0.noteWrite() }
      }
      writtenPaths.insert(newPath)
    } else {
      var isFound = false
      noteWritten(entry.path, project) { isFound = $0.noteMove(to: newPath) }
      if isFound { movedFiles[newPath] = project.name(ofObserved: entry.path) }
      noteWritten(newPath, project) { $0.noteWrite() }
    }
  }

  private mutating func noteFollowed(_ entry: ReadLog.Entry, _ project: ProjectFolder) {
    guard links[entry.path] == nil, followed[entry.path] == nil else { return }
    var known: [String: Bool] = [:]
    swap(&known, &isLink)
    let names = project.links(in: entry.path) { path in
      if let isLink = known[path] { return isLink }
      let isLink = SystemPath.target(ofLink: path) != nil
      known[path] = isLink
      return isLink
    }
    swap(&known, &isLink)
    guard !names.isEmpty else { return }
    if entry.kind == .link {
      links[entry.path] = (names, entry.stamp)
    } else {
      followed[entry.path] = (names, entry.stamp.inode)
    }
  }

  private mutating func note(_ entry: ReadLog.Entry, _ project: ProjectFolder, _ distributions: PythonDistributions) {
    var name = project.name(ofObserved: entry.path)
    let isElsewhere = name == nil
    if let own = name, project.isIgnored(own) { name = nil }
    if let (site, file) = PythonDistributions.place(of: entry.path) {
      for folder in PythonDistributions.folders(addedBy: entry.path) {
        added.append((folder.hasSuffix("/") ? folder : folder + "/", entry.path, entry.stamp))
      }
      if PythonDistributions.isStartup(file) { return }
      if let owner = distributions.owner(of: file, in: site) {
        packageFiles[entry.path, default: (FileVersions(), owner.name)].stamps.insert(entry.stamp)
        let place = "\(project.name(of: site) ?? site):\(owner.name)"
        if knownPackages.insert(place).inserted, let identity = distributions.identity(of: owner.name, in: site) {
          packages.insert(WatchedInput(.package, place, identity))
        }
        return
      }
      // No distribution has a version that stands for it.
      if isElsewhere { name = entry.path }
    } else if let (_, file, stamp) = added.first(where: { entry.path.hasPrefix($0.folder) }) {
      uses[project.name(ofObserved: file) ?? file, default: FileUse()].noteRead(stamp)
      if isElsewhere { name = entry.path }
    }
    guard let name else { return }
    if let old = movedFiles[entry.path] { uses[old]?.noteReadAfterMove(entry.stamp) }
    if entry.kind == .update, entry.stamp.size == 0 {
      // What had no content has none of its own.
      noteWritten(entry.path, project) { $0.noteWrite() }
    } else if entry.kind == .update {
      perhapsWritten.insert(name)
      uses[name, default: FileUse()].noteUpdate(entry.stamp)
    } else {
      uses[name, default: FileUse()].noteRead(entry.stamp)
    }
  }

  private static func isScript(_ path: String) -> Bool {
    let descriptor = SystemPath.with(path) { open($0, O_RDONLY | O_CLOEXEC | O_NONBLOCK) }
    guard descriptor >= 0 else { return true }
    defer { close(descriptor) }
    var first: [UInt8] = [0, 0]
    return Glibc.read(descriptor, &first, 2) == 2 && first == Array("#!".utf8)
  }
}
