import Digest
import Glibc
import Spawning

/// The project's source at one moment: its commit, and what differs from it.
public struct CodeState: Sendable, Hashable {
  /// Commit of the project, 40 hexadecimal digits, or "unknown" outside a repository.
  public var commit: String
  /// Whether tracked files differ from the commit or untracked ones are there that are not ignored, or git cannot tell.
  public var isDirty: Bool
  /// Hex SHA-256 over the whole difference and the names of untracked files; empty if clean.
  public var differenceDigest: String
  /// What `git diff` prints, cut after 1 MiB; empty if clean, a sentence if git cannot tell.
  public var difference: String

  /// Makes a state from known facts.
  public init(commit: String, isDirty: Bool, differenceDigest: String = "", difference: String = "") {
    self.commit = commit
    self.isDirty = isDirty
    self.differenceDigest = differenceDigest
    self.difference = difference
  }

  /// The state of a folder that is no repository.
  public static let unknown = CodeState(commit: "unknown", isDirty: false)

  private static let untold = "git cannot tell what differs from this commit"

  /// Asks git for the state of the repository around a folder; ``unknown`` if there is none or no git.
  ///
  /// What git cannot tell counts as a difference: a commit must not pass for clean because a command failed.
  ///
  /// - Parameter projectRoot: Any folder inside the work tree.
  /// - Returns: Commit and difference.
  public static func current(projectRoot: String) -> CodeState {
    guard let commit = git(["rev-parse", "HEAD"], in: projectRoot) else { return .unknown }
    let name = String(decoding: commit.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    let status = git(["status", "--porcelain", "-z"], in: projectRoot) ?? Array(untold.utf8)
    if status.isEmpty { return CodeState(commit: name, isDirty: false) }
    let difference =
      git(["diff", "--no-ext-diff", "--no-color", "--binary", "HEAD"], in: projectRoot) ?? Array(untold.utf8)
    var hasher = SHA256Hasher()
    hasher.update(status)
    hasher.update(difference)
    return CodeState(
      commit: name, isDirty: true, differenceDigest: hasher.finalize().hex,
      difference: String(decoding: difference.prefix(1 << 20), as: UTF8.self))
  }

  private static func git(_ arguments: [String], in folder: String) -> [UInt8]? {
    var environment = ["GIT_OPTIONAL_LOCKS=0", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C"]
    for name in ["PATH", "HOME"] {
      if let value = getenv(name) { environment.append("\(name)=\(String(cString: value))") }
    }
    return ChildProcess.output(of: ["git", "-C", folder] + arguments, environment: environment)
  }
}
