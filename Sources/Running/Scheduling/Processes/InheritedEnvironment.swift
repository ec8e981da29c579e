import Foundation

/// Which variables of this process's environment its commands and workers take over.
///
/// A short list and what the experiment names: results must not depend on whatever happens to be set in a terminal.
public struct InheritedEnvironment: Sendable {
  /// What is always taken over, as far as it is set; a `*` at the end stands for anything.
  public static let defaultNames = [
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "LANG", "LANGUAGE", "LC_*", "TZ", "LD_LIBRARY_PATH",
    "VIRTUAL_ENV", "CONDA_PREFIX", "SSL_CERT_FILE", "SSL_CERT_DIR", "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES",
  ]

  /// What the experiment names besides them.
  public let names: [String]

  /// The variables that are taken over, with their values.
  public let variables: [String: String]

  /// Selects variables.
  ///
  /// - Parameters:
  ///   - names: What is taken over besides the default names; a `*` at the end stands for anything.
  ///   - environment: The environment to select from; that of this process if absent.
  public init(_ names: [String] = [], of environment: [String: String]? = nil) {
    self.names = names
    let wanted = Self.defaultNames + names
    let exact = Set(wanted.filter { !$0.hasSuffix("*") })
    let prefixes = wanted.filter { $0.hasSuffix("*") }.map { $0.dropLast() }
    variables = (environment ?? ProcessInfo.processInfo.environment).filter { name, _ in
      exact.contains(name) || prefixes.contains { name.hasPrefix($0) }
    }
  }

  /// Returns the variables with some set otherwise.
  ///
  /// - Parameter changes: Variables to set.
  /// - Returns: All variables of a process.
  package func adding(_ changes: [String: String]) -> [String: String] { variables.merging(changes) { $1 } }
}
