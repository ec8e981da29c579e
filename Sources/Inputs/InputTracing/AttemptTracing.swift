import Digest
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

    /// One sentence without full stop.
    public var description: String {
      let list =
        names.prefix(3).map { "'\($0)'" }.joined(separator: ", ")
        + (names.count > 3 ? " and \(names.count - 3) more" : "")
      return "\(list) changed while the job ran"
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
    /// By the clock of file systems.
    public var startedAt: Int64
    /// The versions of expected files at the start, by name.
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
    expected.filter { $0.kind == .file || $0.kind == .program || $0.kind == .input }.filter { !isUnchanged($0) }
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
  /// - Returns: The attempt under way.
  public func open(_ expected: [WatchedInput], log: ReadLog?, gap: String? = nil) -> Open {
    let own = expected.filter { $0.kind == .input }.map(\.name)
    if !own.isEmpty { declared.withLock { $0.formUnion(own) } }
    var attempt = Open(expected: expected, log: log, gap: gap, startedAt: FileStamp.present)
    for entry in expected where entry.kind == .file || entry.kind == .input {
      attempt.stamps[entry.name] = FileStamp(ofFile: project.absolute(entry.name))
    }
    return attempt
  }

  /// What an attempt that succeeded rests on.
  public struct Result: Sendable {
    /// What it depends on.
    public var inputs: [WatchedInput]
    /// Why reads may have been missed.
    public var gap: String?
    /// Names of the files of the project that it wrote.
    public var written: Set<String>
    /// Names of the files of the project that it was seen to read.
    public var read: Set<String>
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
    let written = observed?.written ?? []
    var changed: [String] = []
    var inputs: [WatchedInput] = []
    var known: Set<String> = []
    var isOfPlan = false
    for entry in attempt.expected {
      known.insert(entry.name)
      if entry.kind != .input, isWritten(entry, written) {
        inputs.append(WatchedInput(.written, entry.name, ""))
      } else if isUnchanged(entry), !hasReadOther(than: entry, attempt, observed) {
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
    let shared = attempt.isShared ? declared.withLock { $0 } : []
    project.digests.learn(observed?.read.keys.map(project.absolute) ?? [])
    for (name, stamps) in observed?.read ?? [:]
    where !written.contains(name) && !known.contains(name) && !shared.contains(name) {
      let path = project.absolute(name)
      guard let now = try? project.digests.digest(ofFile: path) else {
        // Made and removed by the job itself, unless it is older than the job.
        if stamps.contains(where: { $0.modified < attempt.startedAt }) { changed.append(name) }
        continue
      }
      if stamps.allSatisfy({ $0.hasContent(of: now.stamp) }) {
        inputs.append(WatchedInput(.file, name, now.digest))
      } else {
        changed.append(name)
      }
    }
    // What the job has compiled and run itself may be gone again.
    for (path, stamp) in observed?.running ?? [:]
    where stamp.modified < attempt.startedAt && FileStamp(ofFile: path)?.hasContent(of: stamp) != true {
      if !programs.isOwn(Self.fileName(of: path)) { changed.append(project.name(of: path) ?? path) }
    }
    guard changed.isEmpty else { throw Change(names: changed.sorted(), isOfPlan: isOfPlan) }
    if let observed {
      inputs += observed.packages
      let own = observed.programs.filter { path in
        FileStamp(ofFile: path).map { $0.modified >= attempt.startedAt } ?? true
      }
      inputs += entries(ofPrograms: observed.programs.subtracting(own), known)
    }
    return Result(
      inputs: inputs, gap: attempt.gap ?? observed?.gap, written: written,
      read: Set(observed?.read.keys.map(\.self) ?? []))
  }

  private func isUnchanged(_ entry: WatchedInput) -> Bool {
    switch entry.kind {
    case .package, .variable, .written: true
    case .input, .file, .folder, .program: present().isUnchanged(entry)
    }
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
    guard attempt.stamps[entry.name] != nil, let stamps = observed?.read[name] else { return false }
    guard let now = FileStamp(ofFile: project.absolute(entry.name)) else { return true }
    return stamps.contains { $0 != attempt.stamps[entry.name] && !$0.hasContent(of: now) }
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
      return (try? project.digests.digest(ofFile: path)).map { WatchedInput(.program, name, $0.digest) }
    }
  }
}
