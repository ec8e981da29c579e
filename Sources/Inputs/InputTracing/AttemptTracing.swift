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

  let project: ProjectFolder
  let programs: ProgramSearch
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
    attempt.log?.files(in: project, distributions).written(in: project) ?? []
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
    /// What was seen of it.
    var observed: ObservedFiles?

    /// Whether it was seen to read a file that it did not make.
    ///
    /// - Parameter name: Its name in the project.
    /// - Returns: Whether it was.
    public func hasRead(_ name: String) -> Bool { observed?.hasRead(name) ?? false }
  }

  /// Ends following an attempt.
  ///
  /// - Parameters:
  ///   - attempt: The attempt.
  ///   - words: Words of its command that may name files that it made.
  /// - Returns: What it depends on.
  /// - Throws: ``Change`` if that is not the same at its start and its end; a worker's log is outdated then.
  public func close(_ attempt: Open, words: [String]) throws(Change) -> Result {
    let observed = attempt.log?.files(in: project, distributions)
    let written = observed?.written(in: project) ?? attempt.products
    var closing = AttemptClosing(
      self, attempt, observed, written: written, current: CurrentInputs(project, programs, environment))
    closing.compareExpected()
    closing.addProducts(words)
    var base: InputBase?
    if observed != nil, attempt.isShared, let log = attempt.log {
      base = closing.addShared(log, declared: declared.withLock { $0 })
    } else {
      closing.addObserved()
    }
    guard closing.changed.isEmpty else {
      if attempt.isShared { attempt.log?.isOutdated.store(true, ordering: .relaxed) }
      throw Change(names: closing.changed.sorted(), isOfPlan: closing.isOfPlan, isObserved: observed != nil)
    }
    return Result(
      inputs: closing.inputs, base: base, gap: attempt.gap ?? observed?.gap, written: written, observed: observed)
  }

  /// Looks anew; what is unchanged on the disk is not read again.
  private func present() -> CurrentInputs { CurrentInputs(project, programs, environment) }
}
