import Digest
import Synchronization

/// Finds out what an attempt that has ended depended on, and whether that was the same all the time.
struct AttemptClosing {
  /// What it depended on.
  private(set) var inputs: [WatchedInput] = []
  /// Labels of what changed.
  private(set) var changed: Set<String> = []
  /// Whether any of it is known to the plan.
  private(set) var isOfPlan = false

  private let project: ProjectFolder
  private let programs: ProgramSearch
  private let attempt: AttemptTracing.Open
  private let observed: ObservedFiles?
  private let written: Set<String>
  private let current: CurrentInputs
  /// Names of the files and folders, and of the programs, that the plan knows.
  private let known: Set<String>
  private let knownPrograms: Set<String>
  private let excluded: [PathPattern]
  /// Whether the looks at the files of a folder were a listing.
  private var listings: [String: Bool] = [:]
  /// The inodes of the files that the attempt wrote, once they are asked for.
  private var writtenInodes: Set<UInt64>?

  init(
    _ tracing: AttemptTracing, _ attempt: AttemptTracing.Open, _ observed: ObservedFiles?, written: Set<String>,
    current: CurrentInputs
  ) {
    project = tracing.project
    programs = tracing.programs
    self.attempt = attempt
    self.observed = observed
    self.written = written
    self.current = current
    known = Set(attempt.expected.lazy.filter { [.input, .file, .folder].contains($0.kind) }.map(\.name))
    knownPrograms = Set(attempt.expected.lazy.filter { $0.kind == .program }.map(\.name))
    excluded = attempt.expected.filter { $0.kind == .excluded }.map { PathPattern(excluding: $0.name) }
  }

  /// Takes over what the plan knows, as far as the attempt did not write it itself.
  mutating func compareExpected() {
    for entry in attempt.expected {
      if entry.kind != .input, isWritten(entry) {
        inputs.append(foundContent(of: entry) ?? WatchedInput(.written, entry.name, ""))
      } else if current.isUnchanged(entry), !hasReadOther(than: entry) {
        inputs.append(entry)
      } else if entry.kind == .file, isWrittenElsewhere(entry.name) {
        inputs.append(foundContent(of: entry) ?? WatchedInput(.written, entry.name, ""))
      } else {
        changed.insert(entry.label)
        isOfPlan = true
      }
    }
  }

  /// Adds what the command names that was not there when the plan was made, or was made by another job that this one needs.
  mutating func addProducts(_ words: [String]) {
    for word in Set(words) {
      guard let name = project.name(of: word), !known.contains(name), !project.isIgnored(name) else { continue }
      let isMade = written.contains(name) || written.contains { $0.hasPrefix(name + "/") }
      if isMade || (observed == nil && FileStamp(ofFile: project.absolute(name)) != nil) {
        inputs.append(WatchedInput(.written, name, ""))
      }
    }
  }

  /// Adds what a command was seen to depend on.
  mutating func addObserved() {
    guard let observed else { return }
    compareCode(observed)
    let programs = programs(of: observed)
    addLinks(observed)
    let started = Set(programs.map { project.name(ofObserved: $0) ?? $0 })
    var read: [(name: String, versions: FileVersions)] = []
    read.reserveCapacity(observed.uses.count)
    for (name, use) in observed.uses where !known.contains(name) && !started.contains(name) && !isExcluded(name) {
      if written.contains(name) {
        if let found = foundContent(name, use) { inputs.append(found) }
      } else if !use.read.isEmpty {
        read.append((name, use.read))
      } else if !use.looked.isEmpty, use.isDated || !isListing(name, observed), let seen = seen(name, use.looked) {
        inputs.append(seen)
      }
    }
    for file in versions(of: read) { inputs.append(file.input) }
    inputs += observed.packages
    inputs += entries(ofPrograms: programs)
  }

  /// Adds what a worker's process has read since its start, and takes what of it is shared out of the attempt's own inputs.
  mutating func addShared(_ log: ReadLog, declared: Set<String>) -> InputBase? {
    guard let observed else { return nil }
    compareCode(observed)
    let programs = programs(of: observed)
    return log.shared.withLock { shared in
      var unchanged: [String] = []
      var read: [(name: String, versions: FileVersions)] = []
      var others = observed.packages.union(entries(ofPrograms: programs))
      let first = inputs.count
      addLinks(observed)
      others.formUnion(inputs[first...])
      inputs.removeSubrange(first...)
      for (name, use) in observed.uses where !declared.contains(name) && !isExcluded(name) {
        if written.contains(name) {
          if let found = foundContent(name, use) { others.insert(found) }
        } else if use.read.isEmpty {
          if !use.looked.isEmpty, use.isDated || !isListing(name, observed), let seen = seen(name, use.looked) {
            others.insert(seen)
          }
        } else if shared.isKnown(name, use.read) {
          unchanged.append(name)
        } else {
          read.append((name, use.read))
        }
      }
      let found = versions(of: read)
      guard changed.isEmpty else { return nil }
      shared.update(known: unchanged, found: found, others: others)
      inputs.removeAll(where: shared.contains)
      return shared.base
    }
  }

  // MARK: Files

  /// Looks at the files that were read; those that are no longer what was read are `changed`.
  private mutating func versions(
    of reads: [(name: String, versions: FileVersions)]
  ) -> [(input: WatchedInput, path: String, stamp: FileStamp)] {
    var found: [(input: WatchedInput, path: String, stamp: FileStamp)] = []
    found.reserveCapacity(reads.count)
    let paths = reads.map { project.absolute($0.name) }
    for ((path, now), (name, versions)) in zip(zip(paths, project.digests.digests(ofFiles: paths)), reads) {
      guard let now else {
        // Made and removed by the job itself, unless it is older than the job.
        if versions.contains(where: { $0.modified < attempt.startedAt }) { changed.insert(name) }
        continue
      }
      if versions.allSatisfy({ isVersion($0, of: path, now) }) {
        found.append((WatchedInput(.file, name, now.digest), path, now.stamp))
      } else if isWrittenElsewhere(name) {
        if let content = content(name, versions, movedTo: nil) { inputs.append(content) }
      } else {
        changed.insert(name)
      }
    }
    return found
  }

  /// Whether a look at a file was part of a listing of its folder: all others there were looked at as well.
  private mutating func isListing(_ name: String, _ observed: ObservedFiles) -> Bool {
    let folder = name.lastIndex(of: "/").map { String(name[..<$0]) } ?? "."
    if let known = listings[folder] { return known }
    let isListed = observed.listed.contains(folder) && hasLookedAtAll(in: folder, observed)
    listings[folder] = isListed
    return isListed
  }

  private func hasLookedAtAll(in folder: String, _ observed: ObservedFiles) -> Bool {
    let names = SystemPath.files(in: project.absolute(folder)).map { folder == "." ? $0 : "\(folder)/\($0)" }
    let others = names.filter { !written.contains($0) && !project.isIgnored($0) }
    return others.count > 1 && others.allSatisfy { observed.uses[$0]?.looked.isEmpty == false }
  }

  /// The entry of a file that was only looked at; `nil` if it does not count.
  private func seen(_ name: String, _ versions: FileVersions) -> WatchedInput? {
    let path = project.absolute(name)
    guard let now = FileStamp(ofFile: path), versions.isOnly(now) else {
      let isOlder = versions.contains { $0.modified < attempt.startedAt }
      // What came and went, or grew, meanwhile is another program's.
      guard isOlder || FileStamp(ofFile: path) != nil else { return nil }
      return WatchedInput(.file, name, WatchedInput.Value.passing)
    }
    guard now.size <= FileSize.limit || project.digests.known(path, now) != nil else {
      return WatchedInput(.file, name, FileSize(now).text)
    }
    return (try? project.digests.digest(ofFile: path)).map { WatchedInput(.file, name, $0.digest) }
  }

  /// The entry of a file that the attempt read before it wrote it; `nil` if it did not.
  private func foundContent(of entry: WatchedInput) -> WatchedInput? {
    guard entry.kind == .file, let use = observed?.uses[entry.name] else { return nil }
    return foundContent(entry.name, use)
  }

  private func foundContent(_ name: String, _ use: FileUse) -> WatchedInput? {
    use.read.isEmpty ? nil : content(name, use.read, movedTo: use.newPath)
  }

  /// The entry of a file of which other versions were read than the present one; `nil` if they were made while the attempt ran.
  private func content(_ name: String, _ versions: FileVersions, movedTo newPath: String?) -> WatchedInput? {
    let path = project.absolute(name)
    var digests: Set<SHA256Digest?> = []
    var isOlder = false
    _ = versions.allSatisfy { stamp in
      digests.insert(digest(of: stamp, path, movedTo: newPath))
      isOlder = isOlder || stamp.modified < attempt.startedAt
      return true
    }
    if digests.count == 1, let only = digests.first, let digest = only { return WatchedInput(.file, name, digest) }
    return isOlder ? WatchedInput(.file, name, WatchedInput.Value.rewritten) : nil
  }

  private func digest(of stamp: FileStamp, _ path: String, movedTo newPath: String?) -> SHA256Digest? {
    if let known = project.digests.known(path, stamp) { return known }
    guard let newPath, let now = try? project.digests.digest(ofFile: newPath), now.stamp.inode == stamp.inode,
      now.stamp.hasContent(of: stamp)
    else { return nil }
    return now.digest
  }

  /// Whether a version that was read is the present one of a file, or is known to have had its content.
  private func isVersion(_ stamp: FileStamp, of path: String, _ now: (digest: SHA256Digest, stamp: FileStamp)) -> Bool {
    stamp == now.stamp || project.digests.known(path, stamp) == now.digest
  }

  private func isWritten(_ entry: WatchedInput) -> Bool {
    guard entry.kind == .folder else { return written.contains(entry.label) }
    return entry.name == "." ? !written.isEmpty : written.contains { $0.hasPrefix(entry.name + "/") }
  }

  /// Whether the attempt wrote a file through another name of it.
  private mutating func isWrittenElsewhere(_ name: String) -> Bool {
    guard let observed, !observed.writtenPaths.isEmpty, let now = FileStamp(ofFile: project.absolute(name)) else {
      return false
    }
    let inodes = writtenInodes ?? Set(observed.writtenPaths.compactMap { FileStamp(ofFile: $0)?.inode })
    writtenInodes = inodes
    return inodes.contains(now.inode)
  }

  private func isExcluded(_ name: String) -> Bool { excluded.contains { $0.matches(name) } }

  /// Whether a version was read that is neither the one at the start nor the one at the end: it was changed, and changed back.
  private func hasReadOther(than entry: WatchedInput) -> Bool {
    let name = project.name(of: entry.name) ?? entry.name
    guard entry.kind == .file || entry.kind == .input, let use = observed?.uses[name], !use.read.isEmpty else {
      return false
    }
    let path = project.absolute(entry.name)
    guard let now = try? project.digests.digest(ofFile: path) else { return true }
    return use.read.contains { $0 != attempt.stamps[entry.name] && !isVersion($0, of: path, now) }
  }

  // MARK: Links

  private mutating func addLinks(_ observed: ObservedFiles) {
    func add(_ names: [String], isSame: Bool) {
      for name in names where !written.contains(name) && !isExcluded(name) {
        guard isSame, let target = project.target(ofLink: name) else {
          changed.insert("link \(name)")
          continue
        }
        inputs.append(WatchedInput(.link, name, target))
      }
    }
    for (path, (names, inode)) in observed.followed {
      add(names, isSame: SystemPath.inode(of: path, followsLinks: true) == inode)
    }
    for (path, (names, stamp)) in observed.links {
      add(names, isSame: SystemPath.inode(of: path, followsLinks: false) == stamp.inode)
    }
  }

  // MARK: Programs and packages

  private func programs(of observed: ObservedFiles) -> Set<String> {
    observed.programs.filter { !isMade($0, FileStamp(ofFile: $0), observed) }
  }

  /// Programs that ran, and packages that were read, of which there is another version now.
  private mutating func compareCode(_ observed: ObservedFiles) {
    func isSame(_ stamp: FileStamp, _ now: FileStamp?) -> Bool {
      stamp.inode == now?.inode && now?.hasContent(of: stamp) == true
    }
    for (path, versions) in observed.running where !programs.isOwn(Self.fileName(of: path)) {
      let now = FileStamp(ofFile: path)
      if versions.contains(where: { !isSame($0, now) && !isMade(path, $0, observed) }) {
        changed.insert(project.name(of: path) ?? path)
      }
    }
    for (path, file) in observed.packageFiles {
      let now = FileStamp(ofFile: path)
      if !file.stamps.allSatisfy({ isSame($0, now) }) { changed.insert(file.label) }
    }
  }

  /// Whether a job has made a program itself, for all that can be told; it may be gone again.
  private func isMade(_ path: String, _ stamp: FileStamp?, _ observed: ObservedFiles) -> Bool {
    if observed.writtenPaths.contains(path) { return true }
    return observed.gap != nil && stamp.map { $0.modified >= attempt.startedAt } ?? true
  }

  private func entries(ofPrograms paths: Set<String>) -> [WatchedInput] {
    paths.sorted().compactMap { path in
      let base = Self.fileName(of: path)
      let isSearched = programs.path(of: base, from: project.root) == path
      let name = isSearched ? base : project.programName(of: path)
      guard !knownPrograms.contains(name) || attempt.isShared, !programs.isOwn(base) else { return nil }
      return (try? project.programDigest(of: path)).map { WatchedInput(.program, name, $0) }
    }
  }

  private static func fileName(of path: String) -> String {
    String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
  }
}
