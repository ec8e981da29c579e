import Digest
import Synchronization

/// What watched things are now, each looked at once.
public final class CurrentInputs: Sendable {
  private let project: ProjectFolder
  private let programs: ProgramSearch
  private let environment: [String: String]
  private let distributions = PythonDistributions()
  private let values = Mutex<[WatchedInput: Bool]>([:])

  /// Makes a view of the present.
  ///
  /// - Parameters:
  ///   - project: The project.
  ///   - programs: Finds programs.
  ///   - environment: The variables that jobs would see.
  public init(project: ProjectFolder, programs: ProgramSearch, environment: [String: String]) {
    self.project = project
    self.programs = programs
    self.environment = environment
  }

  /// Returns whether something still is what it was.
  ///
  /// - Parameter input: An entry of a trace.
  /// - Returns: Whether it has the value of the entry.
  public func isUnchanged(_ input: WatchedInput) -> Bool {
    if let known = values.withLock({ $0[input] }) { return known }
    let isUnchanged = value(of: input.kind, input.name) == input.value
    values.withLock { $0[input] = isUnchanged }
    return isUnchanged
  }

  /// Returns what people call a change.
  ///
  /// - Parameter input: An entry of a trace.
  /// - Returns: Its label, of a package with the versions, `six 1.16.0 -> 1.17.0`; `nil` if it has the value of the entry.
  public func change(since input: WatchedInput) -> String? {
    guard !isUnchanged(input) else { return nil }
    guard input.kind == .package else { return input.label }
    return "\(input.label) \(input.value) -> \(value(of: .package, input.name) ?? "not installed")"
  }

  /// Returns the value that something has now.
  ///
  /// - Parameters:
  ///   - kind: What it is.
  ///   - name: Its path or name.
  /// - Returns: `nil` if it is gone or cannot be read.
  public func value(of kind: WatchedInput.Kind, _ name: String) -> String? {
    switch kind {
    case .input: return (try? project.inputDigest(of: name))?.hex
    case .file: return (try? project.digests.digest(ofFile: project.absolute(name)))?.digest.hex
    case .folder: return (try? project.listing(of: name).digest(project.digests))?.hex
    case .program:
      guard let path = programs.path(of: name, from: project.root) else { return nil }
      return (try? project.programDigest(of: path))?.hex
    case .package:
      guard let colon = name.lastIndex(of: ":") else { return nil }
      return distributions.version(
        of: String(name[name.index(after: colon)...]), in: project.absolute(String(name[..<colon])))
    case .variable: return WatchedVariables.value(environment[name])
    case .written: return ""
    }
  }
}
