import Digest
import ExperimentSpec
import JSON

/// Makes the jobs of all stages, one stage after the other in order of need.
struct PlanBuilder {
  let experiment: Experiment
  let table: TrialTable
  let scope: VariableScope
  let versions: ToolVersions
  let inputFiles: InputFiles
  let watch: InputWatch?
  let report: (Diagnostic) -> Void

  private(set) var jobs: [Job] = []
  private(set) var watchLists = WatchLists()
  /// For each stage by name, the job of each trial, or -1.
  private var jobOfTrial: [String: [Int32]] = [:]
  private var jobOfWork: [SHA256Digest: Int32] = [:]
  private var reportedWork: Set<String> = []
  /// Stages with a mistake of their own; what depends on them is not looked at.
  private var brokenStages: Set<String> = []
  /// How much the plan has grown, as far as that is limited.
  private var size = PlanSize()

  init(
    experiment: Experiment, table: TrialTable, scope: VariableScope, versions: ToolVersions, inputFiles: InputFiles,
    watch: InputWatch?, report: @escaping (Diagnostic) -> Void
  ) {
    self.experiment = experiment
    self.table = table
    self.scope = scope
    self.versions = versions
    self.inputFiles = inputFiles
    self.watch = watch
    self.report = report
  }

  mutating func build() {
    for position in experiment.stageOrder {
      let stage = experiment.stages[position]
      build(stage)
      guard let excess = excess(of: stage) else { continue }
      return report(excess)
    }
  }

  /// What there is too much of; nothing more is built then.
  private func excess(of stage: Stage) -> Diagnostic? {
    if jobs.count > experiment.maxJobs {
      return Diagnostic(
        .tooManyJobs(limit: experiment.maxJobs), at: experiment.sources.excerpt(of: experiment.axesPlace))
    }
    return size.excess.map {
      Diagnostic(.largePlan($0, stage: stage.name), at: experiment.sources.excerpt(of: stage.place))
    }
  }

  private mutating func build(_ stage: Stage) {
    guard brokenStages.isDisjoint(with: stage.predecessors) else {
      brokenStages.insert(stage.name)
      return
    }
    let maker = JobMaker(
      stage: stage, experiment: experiment, scope: scope, versions: versions, inputFiles: inputFiles, watch: watch,
      report: report)
    var jobOfTrial = [Int32](repeating: -1, count: table.count)
    var jobOfKey: [[Int32]: Int32] = [:]
    let firstJob = jobs.count
    var needs: [[Int]] = []
    var missing: [String: [Int]] = [:]
    let sources = sources(of: stage)
    let order = stage.needs.compactMap { self.jobOfTrial[$0] }
    var failures = 0
    for group in groups(of: stage) {
      guard jobs.count <= experiment.maxJobs, size.excess == nil else { return }
      guard let producers = producers(sources, group, &missing) else { continue }
      var key: [Int32] = []
      key.reserveCapacity(maker.columns.count + producers.reduce(0) { $0 + $1.count + 1 })
      for column in maker.columns { key.append(table.cell(group[0], column)) }
      for jobs in producers {
        for job in jobs { key.append(Int32(job)) }
        key.append(-1)
      }
      let index: Int
      if let known = jobOfKey[key] {
        index = Int(known)
        jobs[index].trials += group
      } else {
        let made = maker.job(
          trial: group[0], producers: producers, watchLists: &watchLists,
          identity: { [jobs] in jobs[$0].fingerprint.digest })
        guard let job = made else {
          brokenStages.insert(stage.name)
          failures += 1
          if failures == SpecLimit.shownMistakes { return }
          continue
        }
        size.add(job)
        index = add(job, group, of: stage, &needs)
        jobOfKey[key] = Int32(index)
      }
      for jobs in producers { needs[index - firstJob] += jobs }
      for others in order {
        for trial in group where others[trial] >= 0 { needs[index - firstJob].append(Int(others[trial])) }
      }
      size.needs += producers.reduce(order.count * group.count) { $0 + $1.count }
      for trial in group { jobOfTrial[trial] = Int32(index) }
    }
    for (offset, list) in needs.enumerated() {
      let index = firstJob + offset
      jobs[index].needs = Self.ascending(list)
      if jobs[index].trials.count > 1 { jobs[index].trials = Self.ascending(jobs[index].trials) }
    }
    self.jobOfTrial[stage.name] = jobOfTrial
    if !missing.isEmpty { brokenStages.insert(stage.name) }
    reportMissing(missing, of: stage)
  }

  /// Adds a job unless one of the same stage with the same fingerprint is there; returns its index.
  private mutating func add(_ job: Job, _ group: [Int], of stage: Stage, _ needs: inout [[Int]]) -> Int {
    var job = job
    job.index = jobs.count
    job.trials = group
    if let first = jobOfWork[job.fingerprint.digest].map({ Int($0) }) {
      if jobs[first].stage == stage.name {
        jobs[first].trials += group
        return first
      }
      // The same work under two names must not run twice at a time: both would write to one scratch folder.
      needs.append([first])
      if reportedWork.insert(stage.name).inserted {
        report(
          Diagnostic(
            .sameWork(stage: stage.name, as: jobs[first].stage), at: experiment.sources.excerpt(of: stage.place)))
      }
    } else {
      needs.append([])
      jobOfWork[job.fingerprint.digest] = Int32(job.index)
    }
    jobs.append(job)
    return job.index
  }

  /// The trials of each run of a stage: single ones, or those that differ only in collected variables.
  private func groups(of stage: Stage) -> [[Int]] {
    let condition = stage.when.map { CompiledPattern($0, table: table) }
    let trials = (0..<table.count).filter { condition?.matches(table.row($0)) ?? true }
    guard !stage.collect.isEmpty else { return trials.map { [$0] } }
    let kept = table.variables.indices.filter { !stage.collect.contains(table.variables[$0]) }
    var groups: [[Int]] = []
    var groupOfKey: [[Int32]: Int] = [:]
    for trial in trials {
      let key = kept.map { table.cell(trial, $0) }
      if let group = groupOfKey[key] {
        groups[group].append(trial)
      } else {
        groupOfKey[key] = groups.count
        groups.append([trial])
      }
    }
    return groups
  }

  /// Where the jobs behind an artifact input are found.
  private struct Source {
    var input: String
    var jobOfTrial: [Int32]
    /// Whether one job of it stands for several trials that the stage gathers.
    var isCollecting: Bool
  }

  private func sources(of stage: Stage) -> [Source] {
    stage.inputs.compactMap { input in
      guard case .artifact(let name, _) = input.source, let jobs = jobOfTrial[name] else { return nil }
      let isCollecting = experiment.stages.first { $0.name == name }?.collect.isEmpty == false
      return Source(input: input.name, jobOfTrial: jobs, isCollecting: isCollecting)
    }
  }

  /// The jobs behind each artifact input, in the order of inputs; `nil` if one has none.
  private func producers(
    _ sources: [Source], _ group: [Int], _ missing: inout [String: [Int]]
  ) -> [[Int]]? {
    var result: [[Int]] = []
    result.reserveCapacity(sources.count)
    var isComplete = true
    for source in sources {
      var jobs: [Int] = []
      var seen: Set<Int32> = []
      for trial in group where source.jobOfTrial[trial] >= 0 {
        let job = source.jobOfTrial[trial]
        if !source.isCollecting || group.count == 1 || seen.insert(job).inserted { jobs.append(Int(job)) }
      }
      if jobs.isEmpty {
        missing[source.input, default: []].append(group[0])
        isComplete = false
      }
      result.append(jobs)
    }
    return isComplete ? result : nil
  }

  private func label(of trial: Int) -> String {
    let assignment = table.variables.indices.map { (name: table.variables[$0], value: table.value(trial, $0)) }
    return Trial(index: trial, assignment: assignment).label
  }

  private func reportMissing(_ missing: [String: [Int]], of stage: Stage) {
    for input in stage.inputs {
      guard let trials = missing[input.name], let first = trials.first, case .artifact(let name, _) = input.source
      else { continue }
      let label = label(of: first)
      report(
        Diagnostic(
          .missingProducer(
            input: input.name, stage: stage.name, from: name, trial: label, others: trials.count - 1),
          at: experiment.sources.excerpt(of: input.place)))
    }
  }

  private static func ascending(_ numbers: [Int]) -> [Int] {
    if zip(numbers, numbers.dropFirst()).allSatisfy({ $0 < $1 }) { return numbers }
    var result: [Int] = []
    for number in numbers.sorted() where result.last != number { result.append(number) }
    return result
  }
}
