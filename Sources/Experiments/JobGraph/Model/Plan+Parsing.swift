import AttemptModel
import Digest
import JSON

extension Plan {
  /// Makes a plan from its stored form.
  ///
  /// - Parameter text: What ``canonicalJSON`` gave.
  /// - Throws: `PlanError` if the text is not such a plan; a job that needs a later one is refused, so that circles are impossible.
  public init(parsing text: String) throws(PlanError) {
    let root: JSONValue
    do throws(JSONError) {
      root = try JSONValue(parsing: text)
    } catch {
      throw PlanError(code: .notJSON, message: "the stored plan is not JSON: \(error)")
    }
    let format = root["format"]?.integerValue ?? 0
    guard format <= PlanCoding.format else {
      throw PlanError(
        code: .newerFormat,
        message: "the stored plan has format \(format), newer than \(PlanCoding.format); use a newer version")
    }
    let reader = PlanReader(root: root)
    let name = try reader.string(root["experiment"], "experiment")
    let trials = try reader.trials()
    let resources = try reader.numbers(root["resources"], "resources")
    self.init(
      experimentName: name, canonicalSpec: try reader.string(root["spec"], "spec"), trials: trials,
      jobs: try reader.jobs(experiment: name, trialCount: trials.count), workers: try reader.workers(),
      resources: resources, poolIndices: try reader.poolIndices(of: resources),
      inheritedEnvironment: try reader.optionalStrings("inheritedEnvironment"), storedText: text)
  }
}

/// Typed access to a stored plan.
private struct PlanReader {
  let root: JSONValue

  func trials() throws(PlanError) -> [Trial] {
    let variables = try strings(root["variables"], "variables")
    var trials: [Trial] = []
    for (index, value) in try array(root["trials"], "trials").enumerated() {
      let values = try array(value, "trial \(index)")
      guard values.count == variables.count else { throw malformed("trial \(index) has \(values.count) values") }
      let assignment = zip(variables, values).map { (name: $0, value: $1) }
      trials.append(Trial(index: index, assignment: assignment))
    }
    return trials
  }

  func workers() throws(PlanError) -> [String: WorkerDefinition] {
    var workers: [String: WorkerDefinition] = [:]
    for (name, value) in try object(root["workers"], "workers") {
      workers[name] = WorkerDefinition(
        command: try strings(value["command"], "command of worker '\(name)'"),
        count: try integer(value["count"], "count of worker '\(name)'"),
        environment: try texts(value["environment"], "environment of worker '\(name)'"),
        maximumRequests: value["maximumRequests"]?.intValue)
    }
    return workers
  }

  /// Reads the names of tokens: as many for each pool as it holds, and none twice.
  func poolIndices(of resources: [String: Int]) throws(PlanError) -> [String: PoolIndices] {
    var pools: [String: PoolIndices] = [:]
    for (name, value) in root["poolIndices"]?.objectValue ?? [] {
      let names = try strings(value["names"], "indices of '\(name)'")
      guard names.count == resources[name], Set(names).count == names.count else {
        throw malformed("'\(name)' has \(resources[name] ?? 0) tokens and \(Set(names).count) names for them")
      }
      pools[name] = PoolIndices(names, variable: value["variable"]?.stringValue)
    }
    return pools
  }

  /// Reads a number of seconds that every clock can add.
  private func optionalSeconds(_ value: JSONValue?, _ what: String) throws(PlanError) -> Double? {
    guard let value else { return nil }
    return try seconds(value, what)
  }

  private func seconds(_ value: JSONValue, _ what: String) throws(PlanError) -> Double {
    guard let seconds = value.doubleValue, seconds >= 0, seconds < 0x1p60 else {
      throw malformed("\(what) is no number of seconds")
    }
    return seconds
  }

  func optionalStrings(_ name: String) throws(PlanError) -> [String] {
    root[name] == nil ? [] : try strings(root[name], name)
  }

  func jobs(experiment: String, trialCount: Int) throws(PlanError) -> [Job] {
    var digests: [SHA256Digest] = []
    for value in try array(root["digests"], "digests") {
      guard let digest = SHA256Digest(hex: value.stringValue ?? "") else { throw malformed("a digest is not one") }
      digests.append(digest)
    }
    var frames: [Job] = []
    for value in try array(root["frames"], "frames") { frames.append(try frame(value)) }
    let values = try array(root["jobs"], "jobs")
    var jobs: [Job] = []
    jobs.reserveCapacity(values.count)
    var layout = FingerprintLayout(open: [])
    for (index, value) in values.enumerated() {
      let frame = try integer(value["frame"], "frame of job \(index)")
      guard frames.indices.contains(frame) else { throw malformed("job \(index) has no frame") }
      let parts = try object(value["parts"], "parts of job \(index)")
      // Neighbours mostly have the same names, which are held once then.
      if !layout.names.elementsEqual(parts.lazy.map(\.key)) { layout = FingerprintLayout(open: parts.map(\.key)) }
      var own: [SHA256Digest] = []
      own.reserveCapacity(parts.count)
      for name in layout.names {
        let position = try integer(value["parts"]?[name], "a part of job \(index)")
        guard digests.indices.contains(position) else { throw malformed("a part of job \(index) has no digest") }
        own.append(digests[position])
      }
      var job = frames[frame]
      job.index = index
      job.parameters = value["parameters"] ?? .object([])
      job.needs = value["needs"] == nil ? [] : try integers(value["needs"], "needs of job \(index)", below: index)
      job.trials = try integers(value["trials"], "trials of job \(index)", below: trialCount)
      for (name, input) in value["inputs"]?.objectValue ?? [] { job.inputs[name] = try self.input(input, of: index) }
      job.fingerprint = Fingerprint(layout: layout, own: own)
      job.seed = Job.seed(experiment: experiment, fingerprint: job.fingerprint)
      jobs.append(job)
    }
    return jobs
  }

  private func frame(_ value: JSONValue) throws(PlanError) -> Job {
    let stage = try string(value["stage"], "stage of a frame")
    let what = "of stage '\(stage)'"
    let action: Job.Action
    if let task = value["task"] {
      action = .task(
        worker: try string(task["worker"], "worker \(what)"), name: try string(task["name"], "task \(what)"))
    } else {
      action = .command(
        arguments: try strings(value["command"]?["arguments"], "arguments \(what)"),
        outputs: try texts(value["command"]?["outputs"], "outputs \(what)"))
    }
    guard let lane = Lane(rawValue: try string(value["lane"], "lane \(what)")) else {
      throw malformed("the lane \(what) is unknown")
    }
    var job = Job(
      index: 0, stage: stage, action: action, lane: lane,
      resources: try numbers(value["resources"], "resources \(what)"),
      priority: try integer(value["priority"], "priority \(what)"),
      timeLimitSeconds: try optionalSeconds(value["timeLimitSeconds"], "time limit \(what)"),
      retries: try integer(value["retries"], "retries \(what)"),
      environment: try texts(value["environment"], "environment \(what)"),
      measurement: value["measurement"] ?? .null, fingerprint: Fingerprint(parts: []), seed: 0)
    job.limits = AttemptLimits(
      graceSeconds: try optionalSeconds(value["graceSeconds"], "grace \(what)"),
      memoryBytes: value["memoryBytes"]?.intValue)
    if let numbers = value["backoff"]?.arrayValue {
      guard numbers.count == 3, let factor = numbers[1].doubleValue, factor >= 0 else {
        throw malformed("the backoff \(what) is not three numbers")
      }
      job.limits.backoff = .init(
        firstSeconds: try seconds(numbers[0], "first pause \(what)"), factor: factor,
        longestSeconds: try seconds(numbers[2], "longest pause \(what)"))
    }
    if let numbers = value["quiet"]?.arrayValue {
      guard numbers.count == 2, let load = numbers[0].doubleValue else {
        throw malformed("the rule of a quiet machine \(what) is not two numbers")
      }
      job.limits.quiet = QuietRule(load: load, waitSeconds: try seconds(numbers[1], "wait for a quiet machine \(what)"))
    }
    job.startsInOutputDirectory = value["startsInOutputDirectory"]?.boolValue ?? false
    job.isObserved = value["isObserved"]?.boolValue ?? true
    return job
  }

  private func input(_ value: JSONValue, of index: Int) throws(PlanError) -> Job.Input {
    if let path = value.stringValue { return .file(path) }
    let what = "an input of job \(index)"
    let name = try string(value["artifact"], what)
    if value["jobs"] != nil { return .artifacts(jobs: try integers(value["jobs"], what, below: index), name: name) }
    let job = try integer(value["job"], what)
    guard job >= 0, job < index else { throw malformed("\(what) comes from a later job") }
    return .artifact(job: job, name: name)
  }

  private func malformed(_ message: String) -> PlanError {
    PlanError(
      code: .malformed, message: "the stored plan is damaged: \(message); make a new plan with `orchestrate run SPEC`")
  }

  func string(_ value: JSONValue?, _ what: String) throws(PlanError) -> String {
    guard let text = value?.stringValue else { throw malformed("\(what) is missing") }
    return text
  }

  private func integer(_ value: JSONValue?, _ what: String) throws(PlanError) -> Int {
    guard let number = value?.intValue else { throw malformed("\(what) is missing") }
    return number
  }

  private func array(_ value: JSONValue?, _ what: String) throws(PlanError) -> [JSONValue] {
    guard let elements = value?.arrayValue else { throw malformed("\(what) is missing") }
    return elements
  }

  private func object(_ value: JSONValue?, _ what: String) throws(PlanError) -> [(key: String, value: JSONValue)] {
    guard let members = value?.objectValue else { throw malformed("\(what) is missing") }
    return members
  }

  private func strings(_ value: JSONValue?, _ what: String) throws(PlanError) -> [String] {
    var texts: [String] = []
    for element in try array(value, what) { texts.append(try string(element, what)) }
    return texts
  }

  private func integers(_ value: JSONValue?, _ what: String, below limit: Int) throws(PlanError) -> [Int] {
    var numbers: [Int] = []
    for element in try array(value, what) {
      let number = try integer(element, what)
      guard number >= 0, number < limit else { throw malformed("\(what): \(number) is out of range") }
      numbers.append(number)
    }
    return numbers
  }

  func numbers(_ value: JSONValue?, _ what: String) throws(PlanError) -> [String: Int] {
    var numbers: [String: Int] = [:]
    for (name, number) in try object(value, what) { numbers[name] = try integer(number, what) }
    return numbers
  }

  private func texts(_ value: JSONValue?, _ what: String) throws(PlanError) -> [String: String] {
    var texts: [String: String] = [:]
    for (name, text) in try object(value, what) { texts[name] = try string(text, what) }
    return texts
  }
}
