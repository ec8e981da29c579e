import Digest
import ExperimentSpec

/// Digests of input files, each file read once, and complaints about missing ones, each once.
final class InputFiles {
  private let files: any FileDigesting
  private let sources: SourceMap
  private let report: (Diagnostic) -> Void
  private var digests: [String: SHA256Digest?] = [:]
  private var reported: Set<String> = []

  init(files: any FileDigesting, sources: SourceMap, report: @escaping (Diagnostic) -> Void) {
    self.files = files
    self.sources = sources
    self.report = report
  }

  /// Returns the digest of a file or folder; `nil` if it is missing, which is reported.
  func digest(of path: String, input: Stage.Input, stage: Stage) -> SHA256Digest? {
    if let known = digests[path], let digest = known { return digest }
    var reason = "does not exist"
    if digests[path] == nil {
      do {
        digests[path] = .some(try files.fileDigest(ofPath: path) ?? files.folderDigest(ofPath: path))
      } catch {
        digests[path] = .some(nil)
        reason = "cannot be read: \(error)"
      }
    }
    if let known = digests[path], let digest = known { return digest }
    if reported.insert("\(stage.name)\n\(input.name)\n\(path)").inserted {
      report(
        Diagnostic(
          .missingInput(input.name, stage: stage.name, path: path, reason: reason),
          at: sources.excerpt(of: input.place)))
    }
    return nil
  }
}
