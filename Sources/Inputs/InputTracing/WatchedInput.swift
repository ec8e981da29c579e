public import Digest
public import JSON

/// Something that a job's result depends on, with the value that it had.
public struct WatchedInput: Sendable, Hashable {
  /// What is watched.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// A declared input, which is part of the fingerprint too; the value is the digest of the file or of all of the folder.
    case input
    /// A file; the value is its digest, or one of ``WatchedInput/Value``.
    case file
    /// A folder; the value is the digest of everything in it.
    case folder
    /// A program, or the interpreter of a script, by path (`./` before one of the project) or by the name that is searched for; the value is its digest.
    case program
    /// A symbolic link that was followed by name; the value is what it names, with `./` before a path of the project.
    case link
    /// A Python distribution; the value is its version and, behind a space, the digest of its contents.
    case package
    /// An environment variable; the value is the digest of its text, so that no secret is kept.
    case variable
    /// A file or folder that a word of the command names and that the job wrote itself; it is no input, and has no value.
    case written
    /// A pattern of files that were not looked at, because `sources` takes them out; it has no value.
    case excluded
    /// A part of the spec that is in no fingerprint; the value is its digest.
    case setting
  }

  /// Values of files that are not digests.
  public enum Value {
    /// The job changed the file after it had read it, and the content that it read is not known any more.
    public static let rewritten = "rewritten"
    /// The file changed after the job had looked at it.
    public static let passing = "passing"
  }

  /// What tells two things apart that are watched.
  struct Name: Hashable {
    var kind: Kind
    var name: String
  }

  /// What is watched.
  public var kind: Kind
  /// A path relative to the project, or absolute; for packages `PATH/OF/site-packages:NAME`, for variables the name.
  public var name: String
  /// What it was.
  public var value: String

  /// Makes an entry.
  ///
  /// - Parameters:
  ///   - kind: What is watched.
  ///   - name: Its path or name.
  ///   - value: What it was.
  public init(_ kind: Kind, _ name: String, _ value: String) {
    self.kind = kind
    self.name = name
    self.value = value
  }

  /// Makes an entry of a file, folder or program.
  ///
  /// - Parameters:
  ///   - kind: What is watched.
  ///   - name: Its path.
  ///   - digest: Its content.
  public init(_ kind: Kind, _ name: String, _ digest: SHA256Digest) {
    self.init(kind, name, digest.hex)
  }

  /// How people call it: `helper.py`, `numpy`, `variable TZ`.
  public var label: String {
    switch kind {
    case .input, .file, .folder, .written: SystemPath.shown(name)
    case .link: "link \(SystemPath.shown(name))"
    case .excluded: "sources, which left out \(name)"
    case .setting: name
    case .program: name.hasPrefix("./") ? String(name.dropFirst(2)) : name
    case .package: name.lastIndex(of: ":").map { String(name[name.index(after: $0)...]) } ?? name
    case .variable: "variable \(name)"
    }
  }

  /// Whether it is told by the plan, and not by what is on the disk.
  public var isOfPlan: Bool { kind == .excluded || kind == .setting }

  /// Kind, name and value.
  public var json: JSONValue { [.string(kind.rawValue), .string(name), .string(value)] }

  /// Reads what ``json`` gave; `nil` for anything else.
  ///
  /// - Parameter json: An array of three texts.
  public init?(json: JSONValue) {
    guard let parts = json.arrayValue, parts.count == 3, let kind = parts[0].stringValue.flatMap(Kind.init(rawValue:)),
      let name = parts[1].stringValue, let value = parts[2].stringValue
    else { return nil }
    self.init(kind, name, value)
  }
}

extension WatchedInput: Comparable {
  /// Orders by kind and name.
  public static func < (left: WatchedInput, right: WatchedInput) -> Bool {
    if left.kind != right.kind { return left.kind.rawValue < right.kind.rawValue }
    return left.name == right.name ? left.value < right.value : left.name < right.name
  }
}
