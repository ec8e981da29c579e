import Digest
import Synchronization

/// What watched things are now, each looked at once.
public final class CurrentInputs: Sendable {
  private let project: ProjectFolder
  private let programs: ProgramSearch
  private let environment: [String: String]
  private let distributions = PythonDistributions()
  private let values = Mutex<[WatchedInput.Name: String?]>([:])

  /// Makes a view of the present.
  ///
  /// - Parameters:
  ///   - project: The project.
  ///   - programs: Finds programs.
  ///   - environment: The variables that jobs would see.
  public convenience init(project: ProjectFolder, programs: ProgramSearch, environment: [String: String]) {
    self.init(project, programs, environment)
  }

  init(_ project: ProjectFolder, _ programs: ProgramSearch, _ environment: [String: String]) {
    self.project = project
    self.programs = programs
    self.environment = environment
  }

  /// Returns whether something still is what it was.
  ///
  /// - Parameter input: An entry of a trace.
  /// - Returns: Whether it has the value of the entry.
  public func isUnchanged(_ input: WatchedInput) -> Bool {
    switch input.kind {
    case .excluded, .setting, .written: true
    case .file where FileSize(text: input.value) != nil:
      FileStamp(ofFile: project.absolute(input.name)).map(FileSize.init)?.text == input.value
    case .package: value(of: .package, input.name).map { PythonDistributions.isSame(input.value, $0) } ?? false
    default: value(of: input.kind, input.name) == input.value
    }
  }

  /// Returns what people call a change.
  ///
  /// - Parameter input: An entry of a trace.
  /// - Returns: Its label, of a package with the versions, `six 1.16.0 -> 1.17.0`, of a link with the targets; `nil` if it has the value of
  ///   the entry.
  public func change(since input: WatchedInput) -> String? {
    guard !isUnchanged(input) else { return nil }
    switch input.kind {
    case .package: return change(ofPackage: input)
    case .link:
      let now = value(of: .link, input.name).map(SystemPath.shown) ?? "nothing"
      return "\(input.label): \(SystemPath.shown(input.value)) -> \(now)"
    case .file where input.value == WatchedInput.Value.rewritten:
      return #"\#(input.label) (which the job itself rewrote; say "sources": ["!\#(input.label)"] if it is no input)"#
    case .file where input.value == WatchedInput.Value.passing:
      return "\(input.label) (which changed while the job looked at it)"
    default: return input.label
    }
  }

  private func change(ofPackage input: WatchedInput) -> String {
    let before = PythonDistributions.version(in: input.value)
    guard let value = value(of: .package, input.name) else { return "\(input.label) \(before) -> not installed" }
    let now = PythonDistributions.version(in: value)
    return before == now
      ? "\(input.label) \(now), installed with other contents" : "\(input.label) \(before) -> \(now)"
  }

  /// Returns the value that something has now.
  ///
  /// - Parameters:
  ///   - kind: What it is.
  ///   - name: Its path or name.
  /// - Returns: `nil` if it is gone or cannot be read.
  public func value(of kind: WatchedInput.Kind, _ name: String) -> String? {
    let key = WatchedInput.Name(kind: kind, name: name)
    if let known = values.withLock({ $0[key] }) { return known }
    let value = look(at: kind, name)
    values.withLock { $0[key] = .some(value) }
    return value
  }

  private func look(at kind: WatchedInput.Kind, _ name: String) -> String? {
    switch kind {
    case .input: return (try? project.inputDigest(of: name))?.hex
    case .file: return (try? project.digests.digest(ofFile: project.absolute(name)))?.digest.hex
    case .folder: return (try? project.listing(of: name).digest(project.digests))?.hex
    case .program:
      guard let path = programs.path(of: name, from: project.root) else { return nil }
      return (try? project.programDigest(of: path))?.hex
    case .link: return project.target(ofLink: name)
    case .package:
      guard let colon = name.lastIndex(of: ":") else { return nil }
      return distributions.identity(
        of: String(name[name.index(after: colon)...]), in: project.absolute(String(name[..<colon])))
    case .variable: return WatchedVariables.value(environment[name])
    case .written, .excluded, .setting: return ""
    }
  }
}
