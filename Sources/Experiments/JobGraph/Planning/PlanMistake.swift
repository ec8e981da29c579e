import ExperimentSpec
import JSON

/// What keeps a spec without mistakes from being planned, or a choice of jobs from being understood; and how it is said.
enum PlanMistake {
  // MARK: Size

  case tooManyTrials(Int, limit: Int)
  /// `trials` is `nil` if there are more than can be counted.
  case largeProduct(trials: Int?, limit: Int)
  case tooManyJobs(limit: Int)
  case largeTrials(count: Int, values: Int)
  case largePlan(PlanSize.Excess, stage: String)
  case tooManyExclusions(Int, trials: Int)
  case noTrials
  case repeatedTrial

  // MARK: Stages

  case beyondPool(stage: String, amount: Int, pool: String, size: Int)
  case sameWork(stage: String, as: String)
  case missingProducer(input: String, stage: String, from: String, trial: String, others: Int)
  case silentWorker(String)
  case unknownTask(String, worker: String, known: [String])

  // MARK: Files

  case missingInput(String, stage: String, path: String, reason: String)
  case controlCharacterInPath(input: String, stage: String)
  case unreadableSource(String)
  case noSuchSource(pattern: String)

  // MARK: Selections

  case incompleteSelection
  case noJobFits
  /// `whole` follows the name in the message.
  case unknownInSelection(kind: String, String, known: [String], whole: String)
}

extension Diagnostic {
  /// Says a mistake.
  init(_ mistake: PlanMistake, at place: SourceExcerpt) {
    func said(
      _ code: DiagnosticCode, _ message: String, _ hint: String? = nil, suggestion: String? = nil,
      severity: Severity = .error
    ) -> Diagnostic {
      Diagnostic(
        severity: severity, code: code, message: message, place: place, hint: hint, suggestion: suggestion)
    }
    switch mistake {
    // MARK: Size
    case .tooManyTrials(let count, let limit):
      self = said(
        .tooManyJobs, "there are \(count) trials, more than 'maxJobs' (\(limit)) allows",
        "shorten the axes or raise 'maxJobs'")
    case .largeProduct(let trials, let limit):
      let count = trials.map(String.init) ?? "far too many"
      self = said(
        .tooManyJobs, "the axes multiply to \(count) trials, more than 'maxJobs' (\(limit)) allows",
        "shorten the axes or raise 'maxJobs'")
    case .tooManyJobs(let limit):
      self = said(
        .tooManyJobs, "there are more than \(limit) jobs, which is what 'maxJobs' allows",
        "shorten the axes or raise 'maxJobs'")
    case .largeTrials(let count, let values):
      self = said(
        .tooLarge, "\(count) trials of \(values) values each are too many",
        "expected at most \(SpecLimit.trialValues) values in all trials")
    case .largePlan(let excess, let stage):
      let what =
        switch excess {
        case .bytes: "what is handed to all jobs together grows beyond \(SpecLimit.planBytes >> 20) MiB"
        case .needs: "jobs need each other in more than \(SpecLimit.needs) ways"
        }
      self = said(
        .tooLarge, "\(what) with stage '\(stage)'", "keep long texts in files, and name these in 'inputs'")
    case .tooManyExclusions(let count, let trials):
      self = said(
        .tooLarge, "\(count) elements of 'exclude' are too many for \(trials) trials",
        "let the elements name the same axes, or take the values out of the axes")
    case .noTrials: self = said(.noTrials, "no trial is left after 'exclude'", "exclude fewer trials")
    case .repeatedTrial: self = said(.duplicateValue, "the included trial is there already", "remove it")

    // MARK: Stages
    case .beyondPool(let stage, let amount, let pool, let size):
      self = said(
        .outOfRange, "stage '\(stage)' asks for \(amount) of '\(pool)', but there are only \(size)",
        "ask for less, or declare a larger pool in 'resources'")
    case .sameWork(let stage, let other):
      self = said(
        .sameWork, "stage '\(stage)' does the same work as stage '\(other)'", "one of them can be removed",
        severity: .warning)
    case .missingProducer(let input, let stage, let producer, let trial, let others):
      let more = others > 0 ? " and \(others) more" : ""
      self = said(
        .missingProducer,
        "input '\(input)' of stage '\(stage)' comes from stage '\(producer)', which has no job for \(trial)\(more)",
        "give '\(stage)' a 'when' that leaves these trials out")
    case .silentWorker(let worker):
      self = said(
        .silentWorker, "the tasks of worker '\(worker)' are not known", "check that its program starts and says hello")
    case .unknownTask(let task, let worker, let known):
      let nearest = SpellingSuggestion.nearest(to: task, in: known)
      self = said(
        .unknownTask, "worker '\(worker)' has no task '\(task)'",
        nearest == nil ? "it offers: \(known.joined(separator: ", "))" : nil, suggestion: nearest)

    // MARK: Files
    case .missingInput(let input, let stage, let path, let reason):
      self = said(
        .missingInput, "input '\(input)' of stage '\(stage)': '\(path)' \(reason)",
        "expected a file or folder, relative to the project root")
    case .controlCharacterInPath(let input, let stage):
      self = said(
        .badCharacter, "input '\(input)' of stage '\(stage)' has a control character in its path",
        "expected a path on one line")
    case .unreadableSource(let reason): self = said(.missingInput, reason, "make it readable")
    case .noSuchSource(let pattern):
      self = said(
        .missingInput, "no file of the project matches '\(pattern)'", "expected a path relative to the project")

    // MARK: Selections
    case .incompleteSelection:
      self = said(
        .unknownSelection, "a selection needs a name and a value", "expected stage=NAME or axis=value")
    case .noJobFits: self = said(.unknownSelection, "no job fits all of these conditions")
    case .unknownInSelection(let kind, let name, let known, let whole):
      let nearest = SpellingSuggestion.nearest(to: name, in: known)
      let list = known.prefix(15).joined(separator: ", ") + (known.count > 15 ? ", …" : "")
      self = said(
        .unknownSelection, "unknown \(kind) '\(name)'\(whole) in a selection",
        nearest == nil ? "known: \(list)" : nil, suggestion: nearest)
    }
  }
}
