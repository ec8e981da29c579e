import Digest

extension Job {
  /// Returns the command line with its late placeholders filled in.
  ///
  /// `${inputs.NAME}` becomes the path of an input, `${outputDirectory}` the output directory, `$${` a literal `${`. An argument that is exactly
  /// `${inputs.NAME}` becomes one argument for each path of a collected input; inside a longer argument the paths are separated by spaces.
  ///
  /// - Parameters:
  ///   - inputPaths: The paths of each input by name; one path unless it is a collected one.
  ///   - outputDirectory: Where the job writes.
  /// - Returns: Program and arguments; empty for a task of a worker. A placeholder of an unknown input is left as it is.
  public func arguments(inputPaths: [String: [String]], outputDirectory: String) -> [String] {
    guard case .command(let templates, _) = action else { return [] }
    func value(of name: Substring) -> [String]? {
      if name == "outputDirectory" { return [outputDirectory] }
      return name.hasPrefix("inputs.") ? inputPaths[String(name.dropFirst(7))] : nil
    }
    return templates.flatMap { template -> [String] in
      if template.hasPrefix("${"), template.firstIndex(of: "}") == template.indices.last,
        let paths = value(of: template.dropFirst(2).dropLast())
      {
        return paths
      }
      var text = ""
      var rest = Substring(template)
      while let dollar = rest.firstIndex(of: "$") {
        text += rest[..<dollar]
        let tail = rest[dollar...]
        if tail.hasPrefix("$${") {
          text += "${"
          rest = tail.dropFirst(3)
        } else if tail.hasPrefix("${"), let end = tail.firstIndex(of: "}"),
          let paths = value(of: tail[..<end].dropFirst(2))
        {
          text += paths.joined(separator: " ")
          rest = tail[tail.index(after: end)...]
        } else {
          text += "$"
          rest = tail.dropFirst()
        }
      }
      return [text + rest]
    }
  }

  /// Returns the seed of the random stream of a job: the same whenever and wherever it runs.
  ///
  /// - Parameters:
  ///   - experiment: The experiment's name.
  ///   - fingerprint: The job's identity.
  /// - Returns: A number below 2^53, so that every JSON reader gets it exactly.
  public static func seed(experiment: String, fingerprint: Fingerprint) -> UInt64 {
    var bytes = Array("seed\n\(experiment)\n".utf8)
    fingerprint.digest.appendHex(to: &bytes)
    return SHA256Digest(of: bytes).firstWord >> 11
  }
}
