import Digest

/// The environment variables that count as inputs.
public enum WatchedVariables {
  /// Variables that only say where things are, or who is asking; a change of them changes no result.
  public static let ofPlace: Set<String> = [
    "PATH", "HOME", "USER", "LOGNAME", "SHELL", "TMPDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "CONDA_PREFIX",
    "SSL_CERT_FILE", "SSL_CERT_DIR", "CUDA_VISIBLE_DEVICES", "HIP_VISIBLE_DEVICES", "PWD", "OLDPWD", "HOSTNAME", "TERM",
    "DISPLAY", "XDG_RUNTIME_DIR", "SSH_AUTH_SOCK",
  ]

  /// Returns the entries of variables that jobs take over from the environment of the orchestrator.
  ///
  /// - Parameters:
  ///   - environment: What they take over.
  ///   - named: The names that the experiment asks for, a `*` at the end standing for anything.
  /// - Returns: An entry for each that counts; one that is asked for and not set has an entry too.
  public static func inputs(of environment: [String: String], named: [String]) -> [WatchedInput] {
    var names = Set(environment.keys).subtracting(ofPlace)
    for name in named where !name.hasSuffix("*") && !ofPlace.contains(name) { names.insert(name) }
    return names.sorted().map { WatchedInput(.variable, $0, value(environment[$0])) }
  }

  /// The value of an entry: the digest of the text, or `unset`.
  static func value(_ text: String?) -> String { text.map { SHA256Digest(of: $0).hex } ?? "unset" }
}
