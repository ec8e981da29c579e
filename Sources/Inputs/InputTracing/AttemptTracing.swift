public import Digest
import Synchronization

/// Follows the inputs of attempts: what is watched must be the same at their start and at their end, and what they were seen to read
/// becomes part of their trace.
public final class AttemptTracing: Sendable {
  /// Why an attempt's result must not be kept.
  public struct Change: Error, Sendable, Hashable, CustomStringConvertible {
    /// Labels of what changed.
    public var names: [String]
    /// Whether any of it is known to the plan.
    public var isOfPlan: Bool
    /// Whether it would be known if the job had written it itself.
    public var isObserved = true

    /// One sentence without full stop.
    public var description: String {
      let list =
        names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
        + (names.count > 3 ? " and \(names.count - 3) more" : "")
      let cure = #"; if the job, which is not observed, writes it itself, say "sources": ["!\#(names[0])"]"#
      return "\(list) changed while the job ran" + (isObserved || !isOfPlan ? "" : cure)
    }
  }

  /// An attempt that is under way.
  public struct Open: Sendable {
    /// What the plan knows of its inputs.
    public var expected: [WatchedInput]
    /// What its processes note; `nil` if they are not observed.
    public var log: ReadLog?
    /// Why they are not.
    public var gap: String?
    /// Whether the log is that of a worker, which notes what all of its tasks read.
    public var isShared = false
    /// Names of files that it is taken to write itself where that cannot be seen.
    public var products: Set<String> = []
    /// By the clock of file systems.
    public var startedAt: Int64
    /// The versions of expected files that had the expected contents at the start, by name.
    var stamps: [String: FileStamp] = [:]
  }

  private let project: ProjectFolder
  private let programs: ProgramSearch
  private let environment: [String: String]
  private let distributions = PythonDistributions()
  /// Declared inputs by name, which belong to the attempts that declare them alone.
  private let declared = Mutex<Set<String>>([])

  /// Makes a tracing for a run.
  ///
  /// - Parameters:
  ///   - project: The project.
  ///   - programs: Finds programs.
  ///   - environment: The variables that jobs see.
  public init(project: ProjectFolder, programs: ProgramSearch, environment: [String: String]) {
    self.project = project
    self.programs = programs
    self.environment = environment
  }

  /// Returns what is no longer what the plan was made of.
  ///
  /// Folders are not walked through here: their end is compared with the plan.
  ///
  /// - Parameter expected: What the plan knows.
  /// - Returns: The entries that have another value now.
  public func changes(since expected: [WatchedInput]) -> [WatchedInput] {
    let current = present()
    return expected.filter { entry in
      (entry.kind == .file || entry.kind == .program || entry.kind == .input) && !current.isUnchanged(entry)
    }
  }

  /// Returns entries with the values that they have now.
  ///
  /// - Parameters:
  ///   - expected: What the plan knows.
  ///   - moved: Those of it that have changed.
  /// - Returns: The entries without those of things that are gone.
  public func renewed(_ expected: [WatchedInput], moved: [WatchedInput]) -> [WatchedInput] {
    guard !moved.isEmpty else { return expected }
    let current = present()
    return expected.compactMap { entry in
      guard moved.contains(entry) else { return entry }
      return current.value(of: entry.kind, entry.name).map { WatchedInput(entry.kind, entry.name, $0) }
    }
  }

  /// Returns the files of the project that an attempt was seen to write.
  ///
  /// - Parameter attempt: The attempt.
  /// - Returns: Their names.
  public func written(_ attempt: Open) -> Set<String> {
    attempt.log?.files(in: project, distributions).written ?? []
  }

  /// Starts to follow an attempt.
  ///
  /// - Parameters:
  ///   - expected: What the plan knows of its inputs.
  ///   - log: What its processes note.
  ///   - gap: Why they note nothing.
  ///   - products: Names of files that it is taken to write itself where that cannot be seen.
  /// - Returns: The attempt under way.
  public func open(
    _ expected: [WatchedInput], log: ReadLog?, gap: String? = nil, products: Set<String> = []
  ) -> Open {
    let own = expected.filter { $0.kind == .input }.map(\.name)
    if !own.isEmpty { declared.withLock { $0.formUnion(own) } }
    var attempt = Open(
      expected: expected, log: log, gap: gap, products: products, startedAt: FileStamp.present)
    for entry in expected where entry.kind == .file || entry.kind == .input {
      // The version that was compared, not what has taken its place since.
      if let found = try? project.digests.digest(ofFile: project.absolute(entry.name)), found.digest.hex == entry.value
      {
        attempt.stamps[entry.name] = found.stamp
      }
    }
    return attempt
  }

  /// What an attempt that succeeded rests on.
  public struct Result: Sendable {
    /// What it depends on.
    public var inputs: [WatchedInput]
    /// What it depends on besides, with other attempts of its worker.
    public var base: InputBase?
    /// Why reads may have been missed.
    public var gap: String?
    /// Names of the files of the project that it wrote.
    public var written: Set<String>
    /// The versions of files of the project that it was seen to read, by name.
    public var read: [String: Set<FileStamp>]
  }

  /// Ends following an attempt.
  ///
  /// - Parameters:
  ///   - attempt: The attempt.
  ///   - words: Words of its command that may name files that it made.
  /// - Returns: What it depends on.
  /// - Throws: ``Change`` if that is not the same at its start and its end.
  public func close(_ attempt: Open, words: [String]) throws(Change) -> Result {
    let observed = attempt.log?.files(in: project, distributions)
    let written = observed?.written ?? attempt.products
    let current = present()
    var changed: [String] = []
    var inputs: [WatchedInput] = []
    var known: Set<String> = []
    var isOfPlan = false
    for entry in attempt.expected {
      known.insert(entry.name)
      if entry.kind != .input, isWritten(entry, written) {
        inputs.append(WatchedInput(.written, entry.name, ""))
      } else if current.isUnchanged(entry), !hasReadOther(than: entry, attempt, observed) {
        inputs.append(entry)
      } else {
        changed.append(entry.label)
        isOfPlan = true
      }
    }
    for word in Set(words) {
      // What was not there when the plan was made, or was made by another job that this one needs.
      guard let name = project.name(of: word), !known.contains(name), !project.isIgnored(name) else { continue }
      let isMade = written.contains(name) || written.contains { $0.hasPrefix(name + "/") }
      if isMade || (observed == nil && FileStamp(ofFile: project.absolute(name)) != nil) {
        inputs.append(WatchedInput(.written, name, ""))
      }
    }
    var base: InputBase?
    if let observed {
      changed += changedCode(observed, attempt)
      let made = observed.programs.filter { isMade($0, FileStamp(ofFile: $0), observed, attempt) }
      let programs = observed.programs.subtracting(made)
      if attempt.isShared, let log = attempt.log {
        base = sharedBase(of: log, observed, programs, attempt, &inputs, &changed)
      } else {
        let reads = observed.read.filter { name, _ in !written.contains(name) && !known.contains(name) }
        inputs += versions(of: reads, attempt, &changed).map(\.input)
        inputs += observed.packages
        inputs += entries(ofPrograms: programs, known)
      }
    }
    guard changed.isEmpty else {
      throw Change(names: changed.sorted(), isOfPlan: isOfPlan, isObserved: observed != nil)
    }
    return Result(
      inputs: inputs, base: base, gap: attempt.gap ?? observed?.gap, written: written, read: observed?.read ?? [:])
  }

  /// What a worker's process has read since its start; what of it is among the attempt's own inputs is taken out of these.
  private func sharedBase(
    of log: ReadLog, _ observed: ObservedFiles, _ programs: Set<String>, _ attempt: Open,
    _ inputs: inout [WatchedInput], _ changed: inout [String]
  ) -> InputBase? {
    let declared = declared.withLock { $0 }
    return log.shared.withLock { shared in
      var known: [String] = []
      var others: [String: Set<FileStamp>] = [:]
      for (name, stamps) in observed.read where !declared.contains(name) && !observed.written.contains(name) {
        if shared.isKnown(name, stamps) { known.append(name) } else { others[name] = stamps }
      }
      let found = versions(of: others, attempt, &changed)
      guard changed.isEmpty else { return nil }
      shared.update(known: known, found: found, others: observed.packages.union(entries(ofPrograms: programs, [])))
      inputs.removeAll(where: shared.contains)
      return shared.base
    }
  }

  /// Looks at the files that were read; those that are no longer what was read are `changed`.
  private func versions(
    of reads: [String: Set<FileStamp>], _ attempt: Open, _ changed: inout [String]
  ) -> [(input: WatchedInput, path: String, stamp: FileStamp)] {
    var found: [(input: WatchedInput, path: String, stamp: FileStamp)] = []
    found.reserveCapacity(reads.count)
    let paths = reads.map { project.absolute($0.key) }
    for ((path, now), (name, stamps)) in zip(zip(paths, project.digests.digests(ofFiles: paths)), reads) {
      guard let now else {
        // Made and removed by the job itself, unless it is older than the job.
        if stamps.contains(where: { $0.modified < attempt.startedAt }) { changed.append(name) }
        continue
      }
      if stamps.allSatisfy({ isVersion($0, of: path, now) }) {
        found.append((WatchedInput(.file, name, now.digest), path, now.stamp))
      } else {
        changed.append(name)
      }
    }
    return found
  }

  /// Programs that ran, and packages that were read, of which there is another version now.
  private func changedCode(_ observed: ObservedFiles, _ attempt: Open) -> [String] {
    var changed: Set<String> = []
    func isSame(_ stamp: FileStamp, _ now: FileStamp?) -> Bool {
      stamp.inode == now?.inode && now?.hasContent(of: stamp) == true
    }
    for (path, stamps) in observed.running where !programs.isOwn(Self.fileName(of: path)) {
      let now = FileStamp(ofFile: path)
      if stamps.contains(where: { !isSame($0, now) && !isMade(path, $0, observed, attempt) }) {
        changed.insert(project.name(of: path) ?? path)
      }
    }
    for (path, file) in observed.packageFiles {
      let now = FileStamp(ofFile: path)
      if !file.stamps.allSatisfy({ isSame($0, now) }) { changed.insert(file.label) }
    }
    return Array(changed)
  }

  /// Whether a job has made a program itself, for all that can be told; it may be gone again.
  private func isMade(_ path: String, _ stamp: FileStamp?, _ observed: ObservedFiles, _ attempt: Open) -> Bool {
    if observed.writtenPaths.contains(path) { return true }
    return observed.gap != nil && stamp.map { $0.modified >= attempt.startedAt } ?? true
  }

  /// Whether a version that was read is the present one of a file, or is known to have had its content.
  private func isVersion(_ stamp: FileStamp, of path: String, _ now: (digest: SHA256Digest, stamp: FileStamp)) -> Bool {
    stamp == now.stamp || project.digests.known(path, stamp) == now.digest
  }

  /// Looks anew; what is unchanged on the disk is not read again.
  private func present() -> CurrentInputs {
    CurrentInputs(project: project, programs: programs, environment: environment)
  }

  private func isWritten(_ entry: WatchedInput, _ written: Set<String>) -> Bool {
    guard entry.kind == .folder else { return written.contains(entry.label) }
    return entry.name == "." ? !written.isEmpty : written.contains { $0.hasPrefix(entry.name + "/") }
  }

  /// Whether a version was read that is neither the one at the start nor the one at the end: it was changed, and changed back.
  private func hasReadOther(than entry: WatchedInput, _ attempt: Open, _ observed: ObservedFiles?) -> Bool {
    let name = project.name(of: entry.name) ?? entry.name
    guard entry.kind == .file || entry.kind == .input, let stamps = observed?.read[name] else { return false }
    let path = project.absolute(entry.name)
    guard let now = try? project.digests.digest(ofFile: path) else { return true }
    return stamps.contains { $0 != attempt.stamps[entry.name] && !isVersion($0, of: path, now) }
  }

  private static func fileName(of path: String) -> String {
    String(path[(path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex)...])
  }

  private func entries(ofPrograms paths: Set<String>, _ known: Set<String>) -> [WatchedInput] {
    paths.sorted().compactMap { path in
      let base = Self.fileName(of: path)
      let isSearched = programs.path(of: base, from: project.root) == path
      let name = isSearched ? base : project.programName(of: path)
      guard !known.contains(name), !programs.isOwn(base) else { return nil }
      return (try? project.programDigest(of: path)).map { WatchedInput(.program, name, $0) }
    }
  }
}
