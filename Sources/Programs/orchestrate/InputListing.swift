import AttemptModel
import Digest
import InputTracing
import JobGraph
import RunSession

/// What jobs depend on, for people.
struct InputListing {
  private let history: StoreHistory

  init(_ history: StoreHistory) { self.history = history }

  /// A line for each thing that is watched for a job, and one that says what is not.
  func text(of job: Job) -> String {
    let (known, observed, gap) = history.inputs(of: job)
    var text = ""
    for entry in known { text += "    \(word(for: entry.kind)) \(name(of: entry))\n" }
    for entry in observed { text += "    \(word(for: entry.kind)) \(name(of: entry)), as observed\n" }
    if job.lane == .timed {
      text += "    not observed while timed: declare what it reads as 'inputs' or 'sources'\n"
    } else if let gap = job.isObserved ? gap : ObservationGap.wish {
      text += "    not observed, because \(gap): declare what it reads as 'inputs' or 'sources'\n"
    }
    return text
  }

  private func name(of entry: WatchedInput) -> String {
    switch entry.kind {
    case .package: "\(entry.label) \(entry.value.prefix { $0 != " " })"
    case .link: "\(SystemPath.shown(entry.name)) -> \(SystemPath.shown(entry.value))"
    default: SystemPath.shown(entry.name)
    }
  }

  private func word(for kind: WatchedInput.Kind) -> String {
    switch kind {
    case .input: "input"
    case .file: "file"
    case .folder: "folder"
    case .program: "program"
    case .package: "package"
    case .variable: "variable"
    case .link: "link"
    case .written: "writes"
    case .excluded: "without"
    case .setting: "setting"
    }
  }
}
