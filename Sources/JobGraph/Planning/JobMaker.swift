import Digest
import ExperimentSpec
import JSON

/// Makes the jobs of one stage; what does not differ from trial to trial is made once.
struct JobMaker {
  let stage: Stage
  let experiment: Experiment
  let scope: VariableScope
  let inputFiles: InputFiles
  /// The variables of the trial that the job depends on, apart from its producers.
  let columns: [Int]

  private let usesRoot: Bool
  private let commandVariables: [String]
  private let worker: Worker?
  private let taskVersion: String?
  private let measurement: JSONValue
  private let resources: [String: Int]
  private let constantParts: [(name: String, digest: SHA256Digest)]

  /// Version of what fingerprints are made of; increased when results of older versions must not be used again.
  private static let schemaVersion = "1"

  init(
    stage: Stage, experiment: Experiment, scope: VariableScope, versions: ToolVersions, inputFiles: InputFiles,
    report: (Diagnostic) -> Void
  ) {
    self.stage = stage
    self.experiment = experiment
    self.scope = scope
    self.inputFiles = inputFiles
    var command: [ValueTemplate] = []
    switch stage.action {
    case .task(let name, let task):
      worker = experiment.workers.first { $0.name == name }
      taskVersion = versions[name, task]
      if taskVersion == nil { report(Self.unknown(task, of: name, stage, experiment, versions)) }
    case .command(let arguments):
      command = arguments
      worker = nil
      taskVersion = nil
    }
    var seen: Set<String> = []
    commandVariables = command.flatMap(\.variables).filter { !SpecVariable.isLate($0) && seen.insert($0).inserted }
    let environment = stage.environment.map(\.value) + (worker?.environment.map(\.value) ?? [])
    var templates = [stage.parameters] + environment
    for case .file(let path) in stage.inputs.map(\.source) { templates.append(path) }
    (columns, usesRoot) = scope.dependencies(of: templates.flatMap(\.variables) + commandVariables)

    let isTimed = stage.lane == .timed
    measurement = stage.measurement?.json ?? (isTimed ? experiment.measurement.json : .null)
    resources = stage.resources.merging(["cpu": 1]) { own, _ in own }
    var parts: [(name: String, digest: SHA256Digest)] = [
      ("schema", SHA256Digest(of: Self.schemaVersion)),
      ("task", Self.taskDigest(stage, taskVersion, command, inputFiles)),
    ]
    if !measurement.isNull { parts.append(("measurement", Self.digest(measurement))) }
    constantParts = parts
  }

  /// Makes the job of a trial; `producers` has the jobs behind each artifact input, in the order of inputs.
  func job(trial: Int, producers: [[Int]], fingerprints: [[Fingerprint]]) -> Job? {
    var parts = constantParts
    let environment = self.environment(trial, .filledIn)
    let parameters: JSONValue
    let action: Job.Action
    switch stage.action {
    case .task(let worker, let name):
      parameters = scope.resolved(stage.parameters, trial: trial)
      action = .task(worker: worker, name: name)
    case .command(let arguments):
      parameters = commandParameters(trial, .filledIn)
      action = .command(arguments: arguments.map { scope.argument($0, trial: trial) }, outputs: stage.outputs)
    }
    parts.append(("parameters", Self.digest(usesRoot ? symbolicParameters(trial) : parameters)))
    let hashed = usesRoot ? self.environment(trial, .symbolic) : environment
    let merged = (worker?.environment ?? []).map { ($0.name, scope.text($0.value, trial: trial, root: .symbolic)) }
    let all = Dictionary(merged, uniquingKeysWith: { $1 }).merging(hashed) { $1 }
    parts.append(("environment", Self.digest(.object(all.map { ($0.key, .string($0.value)) }))))

    var inputs: [String: Job.Input] = [:]
    var next = 0
    for input in stage.inputs {
      switch input.source {
      case .file(let template):
        let path = scope.text(template, trial: trial)
        guard let digest = inputFiles.digest(of: path, input: input, stage: stage) else { return nil }
        inputs[input.name] = .file(path)
        parts.append(("input.\(input.name)", digest))
      case .artifact(_, let name):
        let jobs = producers[next]
        let origins = fingerprints[next].map { "\($0.digest.hex)/\(name)" }
        next += 1
        inputs[input.name] =
          stage.collect.isEmpty ? .artifact(job: jobs[0], name: name) : .artifacts(jobs: jobs, name: name)
        parts.append(("input.\(input.name)", SHA256Digest(of: origins.joined(separator: "\n"))))
      }
    }
    let fingerprint = Fingerprint(parts: parts)
    return Job(
      index: 0, stage: stage.name, action: action, parameters: parameters, inputs: inputs, lane: stage.lane.jobLane,
      resources: resources, priority: stage.priority, timeLimitSeconds: stage.timeLimitSeconds, retries: stage.retries,
      environment: environment, measurement: measurement, fingerprint: fingerprint,
      seed: Job.seed(experiment: experiment.name, fingerprint: fingerprint))
  }

  private func environment(_ trial: Int, _ root: VariableScope.Root) -> [String: String] {
    Dictionary(
      stage.environment.map { ($0.name, scope.text($0.value, trial: trial, root: root)) }, uniquingKeysWith: { $1 })
  }

  private func symbolicParameters(_ trial: Int) -> JSONValue {
    if case .command = stage.action { return commandParameters(trial, .symbolic) }
    return scope.resolved(stage.parameters, trial: trial, root: .symbolic)
  }

  private func commandParameters(_ trial: Int, _ root: VariableScope.Root) -> JSONValue {
    .object(commandVariables.map { ($0, scope.value(of: $0, trial: trial, root: root)) })
  }

  /// The task and its version, or the command's notation and the digests of its program and script if they belong to the project.
  private static func taskDigest(
    _ stage: Stage, _ version: String?, _ command: [ValueTemplate], _ files: InputFiles
  ) -> SHA256Digest {
    if case .task(let worker, let name) = stage.action {
      return Fingerprint.taskPart(worker: worker, task: name, version: version)
    }
    var programs: JSONValue = .object([])
    // A first argument that is a file is the script of an interpreter: `python3 Scripts/measure.py`.
    for argument in command.prefix(2) {
      guard let path = argument.constantValue?.stringValue, !path.hasPrefix("-") else { continue }
      programs[path] = files.programDigest(of: path).map { .string($0.hex) }
    }
    return digest([
      "command": .array(command.map { .string($0.sourceText) }), "programs": programs,
      "outputs": .object(stage.outputs.map { ($0.key, .string($0.value)) }),
    ])
  }

  private static func digest(_ value: JSONValue) -> SHA256Digest {
    SHA256Digest(of: CanonicalJSON.bytes(of: value))
  }

  private static func unknown(
    _ task: String, of worker: String, _ stage: Stage, _ experiment: Experiment, _ versions: ToolVersions
  ) -> Diagnostic {
    let place = experiment.sources.excerpt(of: stage.actionPlace)
    guard let tasks = versions.tasks[worker] else {
      return Diagnostic(
        code: .silentWorker, message: "the tasks of worker '\(worker)' are not known", place: place,
        hint: "check that its program starts and says hello")
    }
    let known = tasks.keys.sorted()
    let suggestion = SpellingSuggestion.nearest(to: task, in: known)
    return Diagnostic(
      code: .unknownTask, message: "worker '\(worker)' has no task '\(task)'", place: place,
      hint: suggestion == nil ? "it offers: \(known.joined(separator: ", "))" : nil, suggestion: suggestion)
  }
}

extension Stage.Lane {
  fileprivate var jobLane: Job.Lane {
    switch self {
    case .throughput: .throughput
    case .timed: .timed
    }
  }
}
