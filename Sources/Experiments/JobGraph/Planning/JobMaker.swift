import AttemptModel
import Digest
import ExperimentSpec
import InputTracing
import JSON

/// Makes the jobs of one stage; what does not differ from trial to trial is made once.
struct JobMaker {
  let stage: Stage
  let experiment: Experiment
  let scope: VariableScope
  let inputFiles: InputFiles
  /// The variables of the trial that the job depends on, apart from its producers.
  let columns: [Int]

  private let watch: StageWatch?
  private let report: (Diagnostic) -> Void
  private let usesRoot: Bool
  private let commandVariables: [String]
  private let worker: Worker?
  private let taskVersion: String?
  private let measurement: JSONValue
  private let resources: [String: Int]
  private let layout: FingerprintLayout
  /// The digests that differ from job to job, by the position that the layout gives them.
  private let slots: [String: Int]
  private let constantEnvironment: [String: String]?
  private let constantParameters: SHA256Digest?

  /// Version of what fingerprints are made of; increased when results of older versions must not be used again.
  private static let schemaVersion = "1"

  init(
    stage: Stage, experiment: Experiment, scope: VariableScope, versions: ToolVersions, inputFiles: InputFiles,
    watch: InputWatch?, report: @escaping (Diagnostic) -> Void
  ) {
    self.stage = stage
    self.report = report
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
    var parts: [(name: String, common: SHA256Digest?)] = [
      ("schema", SHA256Digest(of: Self.schemaVersion)),
      ("task", Self.taskDigest(stage, taskVersion, command)), ("parameters", nil),
    ]
    if !measurement.isNull { parts.append(("measurement", Self.digest(measurement))) }
    if environment.allSatisfy({ $0.constantValue != nil }) {
      constantEnvironment = Self.texts(stage.environment, scope, 0, .filledIn)
      parts.append(("environment", Self.environmentDigest(stage, worker, scope, 0)))
    } else {
      constantEnvironment = nil
      parts.append(("environment", nil))
    }
    if case .task = stage.action, let value = stage.parameters.constantValue {
      constantParameters = Self.digest(value)
    } else {
      constantParameters = nil
    }
    parts += stage.inputs.map { ("input.\($0.name)", nil) }
    layout = FingerprintLayout(parts)
    var slots: [String: Int] = [:]
    for case (let name, .own(let slot)) in zip(layout.names, layout.sources) { slots[name] = slot }
    self.slots = slots
    self.watch = watch.map { [worker] watch in
      StageWatch(
        watch, stage: stage, worker: worker, command: command, scope: scope, experiment: experiment, report: report)
    }
  }

  private static let nothing = SHA256Digest(of: "")

  /// Makes the job of a trial; `producers` has the jobs behind each artifact input, in the order of inputs, `identity` their fingerprints.
  func job(
    trial: Int, producers: [[Int]], watchLists: inout WatchLists, identity: (Int) -> SHA256Digest
  ) -> Job? {
    var own = [SHA256Digest](repeating: Self.nothing, count: slots.count)
    func set(_ name: String, _ digest: SHA256Digest) {
      if let slot = slots[name] { own[slot] = digest }
    }
    let environment = constantEnvironment ?? Self.texts(stage.environment, scope, trial, .filledIn)
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
    set("parameters", constantParameters ?? Self.digest(usesRoot ? symbolicParameters(trial) : parameters))
    if constantEnvironment == nil { set("environment", Self.environmentDigest(stage, worker, scope, trial)) }

    var inputs: [String: Job.Input] = [:]
    var declared: [WatchedInput] = []
    var next = 0
    for input in stage.inputs {
      switch input.source {
      case .file(let template):
        let path = scope.text(template, trial: trial)
        guard !path.hasControlCharacters else {
          report(badPath(of: input))
          return nil
        }
        guard let digest = inputFiles.digest(of: path, input: input, stage: stage) else { return nil }
        inputs[input.name] = .file(path)
        declared.append(WatchedInput(.input, path, digest))
        set("input.\(input.name)", digest)
      case .artifact(_, let name):
        let jobs = producers[next]
        next += 1
        inputs[input.name] =
          stage.collect.isEmpty ? .artifact(job: jobs[0], name: name) : .artifacts(jobs: jobs, name: name)
        set("input.\(input.name)", Self.originDigest(jobs, artifact: name, identity))
      }
    }
    let fingerprint = Fingerprint(layout: layout, own: own)
    var job = Job(
      index: 0, stage: stage.name, action: action, parameters: parameters, inputs: inputs, lane: stage.lane,
      resources: resources, priority: stage.priority, timeLimitSeconds: stage.timeLimitSeconds, retries: stage.retries,
      environment: environment, measurement: measurement, fingerprint: fingerprint,
      seed: Job.seed(experiment: experiment.name, fingerprint: fingerprint))
    job.limits = AttemptLimits(
      graceSeconds: stage.graceSeconds, memoryBytes: stage.memoryLimitBytes,
      backoff: stage.backoff)
    if stage.lane == .timed { job.limits.quiet = stage.measurement?.quiet ?? experiment.measurement.quiet }
    job.startsInOutputDirectory = stage.workingDirectory == .output
    job.isObserved = stage.observes ?? worker?.observes ?? experiment.observes
    if let watch, let list = watched(watch, action, declared) { job.watched = watchLists.position(of: list) }
    return job
  }

  /// What the job depends on besides its fingerprint; `nil` if something cannot be read, which then shows at its start.
  private func watched(_ watch: StageWatch, _ action: Job.Action, _ declared: [WatchedInput]) -> [WatchedInput]? {
    var words: [String] = []
    if case .command(let arguments, _) = action { words = arguments }
    return try? watch.inputs(words: words, declared: declared)
  }

  private static func texts(
    _ templates: [(name: String, value: ValueTemplate)], _ scope: VariableScope, _ trial: Int,
    _ root: VariableScope.Root
  ) -> [String: String] {
    Dictionary(templates.map { ($0.name, scope.text($0.value, trial: trial, root: root)) }, uniquingKeysWith: { $1 })
  }

  /// The worker's variables and the stage's own, which win; the project's place does not count.
  private static func environmentDigest(
    _ stage: Stage, _ worker: Worker?, _ scope: VariableScope, _ trial: Int
  ) -> SHA256Digest {
    let all = texts(worker?.environment ?? [], scope, trial, .symbolic)
      .merging(texts(stage.environment, scope, trial, .symbolic)) { $1 }
    return digest(.object(all.map { ($0.key, .string($0.value)) }))
  }

  /// Where an artifact comes from: a line for each job with its fingerprint and the artifact's name.
  private static func originDigest(
    _ jobs: [Int], artifact name: String, _ identity: (Int) -> SHA256Digest
  ) -> SHA256Digest {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(jobs.count * (66 + name.utf8.count))
    for (position, job) in jobs.enumerated() {
      if position > 0 { bytes.append(0x0A) }
      identity(job).appendHex(to: &bytes)
      bytes.append(UInt8(ascii: "/"))
      bytes += name.utf8
    }
    return SHA256Digest(of: bytes)
  }

  private func symbolicParameters(_ trial: Int) -> JSONValue {
    if case .command = stage.action { return commandParameters(trial, .symbolic) }
    return scope.resolved(stage.parameters, trial: trial, root: .symbolic)
  }

  private func commandParameters(_ trial: Int, _ root: VariableScope.Root) -> JSONValue {
    .object(commandVariables.map { ($0, scope.value(of: $0, trial: trial, root: root)) })
  }

  /// The task and its version, or the command's notation; what files it names is watched, see ``WatchLists``.
  private static func taskDigest(_ stage: Stage, _ version: String?, _ command: [ValueTemplate]) -> SHA256Digest {
    if case .task(let worker, let name) = stage.action {
      return Fingerprint.taskPart(worker: worker, task: name, version: version)
    }
    var value: JSONValue = [
      "command": .array(command.map { .string($0.sourceText) }), "programs": .object([]),
      "outputs": .object(stage.outputs.map { ($0.key, .string($0.value)) }),
    ]
    if stage.workingDirectory != .project { value["workingDirectory"] = .string(stage.workingDirectory.rawValue) }
    return digest(value)
  }

  private static func digest(_ value: JSONValue) -> SHA256Digest {
    SHA256Digest(of: CanonicalJSON.bytes(of: value))
  }

  /// Paths are listed one on a line.
  private func badPath(of input: Stage.Input) -> Diagnostic {
    Diagnostic(
      .controlCharacterInPath(input: input.name, stage: stage.name), at: experiment.sources.excerpt(of: input.place))
  }

  private static func unknown(
    _ task: String, of worker: String, _ stage: Stage, _ experiment: Experiment, _ versions: ToolVersions
  ) -> Diagnostic {
    let place = experiment.sources.excerpt(of: stage.actionPlace)
    guard let tasks = versions.tasks[worker] else { return Diagnostic(.silentWorker(worker), at: place) }
    return Diagnostic(.unknownTask(task, worker: worker, known: tasks.keys.sorted()), at: place)
  }
}
