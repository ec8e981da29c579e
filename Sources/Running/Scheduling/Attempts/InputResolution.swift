package import JobGraph
package import WorkerProtocol

/// Turns a job's inputs into paths.
package enum InputResolution {
  /// Returns the absolute paths of a job's inputs.
  ///
  /// - Parameters:
  ///   - job: The job.
  ///   - projectRoot: Absolute path that file inputs are relative to.
  ///   - published: Artifact paths by name for each job that is done.
  ///   - stageOf: The stage's name of a job, for messages.
  /// - Returns: Paths by input name.
  /// - Throws: `SchedulingError` if a job published no artifact of the wanted name.
  package static func paths(
    for job: Job, projectRoot: String, published: [Int: [String: String]], stageOf: (Int) -> String
  ) throws(SchedulingError) -> [String: TaskRequest.InputPaths] {
    var inputs: [String: TaskRequest.InputPaths] = [:]
    for (name, input) in job.inputs.sorted(by: { $0.key < $1.key }) {
      switch input {
      case .file(let path): inputs[name] = .one(ProgramLocation.absolute(path, relativeTo: projectRoot))
      case .artifact(let job, let artifact):
        inputs[name] = .one(try path(of: artifact, from: job, input: name, published, stageOf))
      case .artifacts(let jobs, let artifact):
        var paths: [String] = []
        for job in jobs { paths.append(try path(of: artifact, from: job, input: name, published, stageOf)) }
        inputs[name] = .many(paths)
      }
    }
    return inputs
  }

  private static func path(
    of artifact: String, from job: Int, input: String, _ published: [Int: [String: String]], _ stageOf: (Int) -> String
  ) throws(SchedulingError) -> String {
    let artifacts = published[job] ?? [:]
    if let path = artifacts[artifact] { return path }
    let known = artifacts.keys.sorted().map { "'\($0)'" }.joined(separator: ", ")
    throw SchedulingError(
      .malformedPlan,
      "input '\(input)' wants artifact '\(artifact)' of stage '\(stageOf(job))', which made "
        + (known.isEmpty ? "none" : "only \(known)") + "; correct the artifact's name in the spec")
  }
}
