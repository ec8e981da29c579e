import Digest
public import InputTracing
import JSON

extension Plan {
  /// Returns what is no longer as it was when the plan was frozen, so that its jobs would not be what their fingerprints say.
  ///
  /// Looked at are the versions of tasks and everything that was watched when the plan was made: input files, the files that commands
  /// name, programs and variables. Commands keep the arguments they were frozen with.
  ///
  /// - Parameters:
  ///   - versions: What the workers offer now.
  ///   - files: The content of input files now.
  ///   - current: What watched things are now; they are not looked at without it.
  /// - Returns: A sentence without full stop for each task and file, each once, in plan order; empty if the plan can be run as it is.
  public func staleness(versions: ToolVersions, files: any FileDigesting, current: CurrentInputs? = nil) -> [String] {
    var findings: [String] = []
    var seen: Set<String> = []
    func report(_ finding: String) {
      if seen.insert(finding).inserted { findings.append(finding) }
    }
    var digests: [String: SHA256Digest?] = [:]
    for job in jobs {
      if case .task(let worker, let name) = job.action {
        let version = versions[worker, name]
        if version == nil {
          report("worker '\(worker)' no longer has a task '\(name)'")
        } else if job.fingerprint["task"] != Fingerprint.taskPart(worker: worker, task: name, version: version) {
          report("task '\(name)' of worker '\(worker)' has another version now, \(version ?? "")")
        }
      }
      for case (let name, .file(let path)) in job.inputs {
        if digests[path] == nil {
          digests[path] = .some((try? files.fileDigest(ofPath: path)) ?? (try? files.folderDigest(ofPath: path)))
        }
        guard let digest = digests[path] ?? nil else {
          report("'\(path)' does not exist any more")
          continue
        }
        if job.fingerprint["input.\(name)"] != digest { report("'\(path)' has another content now") }
      }
    }
    for entry in watchLists.lists.joined() where entry.kind != .input && current?.isUnchanged(entry) == false {
      report("\(entry.kind == .variable ? entry.label : "'\(entry.label)'") is not what it was")
    }
    return findings
  }

  /// Returns what earlier attempts of the plan's jobs were seen to read and what has changed since all of them.
  ///
  /// What a job rewrites itself does not count: it runs again in any case.
  ///
  /// - Parameter history: What earlier runs have left behind.
  /// - Returns: A sentence without full stop for each file, program and package, each once; empty if the plan can be run as it is.
  public func outdatedReads(history: some PlanHistory) -> [String] {
    var findings: [String] = []
    for job in jobs {
      let changes = history.attempts(for: job).compactMap { attempt in
        attempt.inputSet.map { (history.changes(since: $0, watched: job.watched), attempt.id) }
      }
      guard let (names, attempt) = changes.first, changes.allSatisfy({ !$0.0.isEmpty }) else { continue }
      for name in names where !name.contains(" (which ") {
        let finding = "'\(name)', which attempt \(attempt) read, is not what it was"
        if !findings.contains(finding) { findings.append(finding) }
      }
    }
    return findings
  }
}

extension Fingerprint {
  /// The part that says which task of which version a job runs.
  static func taskPart(worker: String, task: String, version: String?) -> SHA256Digest {
    let value: JSONValue = ["task": .string("\(worker)/\(task)"), "version": .string(version ?? "")]
    return SHA256Digest(of: CanonicalJSON.bytes(of: value))
  }
}
