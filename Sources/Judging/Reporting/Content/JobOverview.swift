import AttemptModel
import Printing
import ResultsStore

/// What became of the jobs of a run.
enum JobOverview {
  /// Failures that a page lists at most.
  static let maximumFailures = 50

  /// Returns the number of jobs by stage and state.
  static func counts(_ results: ExperimentResults) -> TableModel {
    var stages: [String] = []
    var jobs: [String: [JobState: Int]] = [:]
    for job in results.jobs {
      if jobs[job.stage] == nil { stages.append(job.stage) }
      jobs[job.stage, default: [:]][job.state, default: 0] += 1
    }
    let states = [JobState.done, .reused, .failed, .skipped]
    var table = TableModel(header: ["Stage", "Jobs", "Done", "Reused", "Failed", "Skipped", "Open"])
    for stage in stages {
      let counts = states.map { jobs[stage]?[$0] ?? 0 }
      let all = jobs[stage]?.values.reduce(0, +) ?? 0
      let open = all - counts.reduce(0, +)
      table.rows.append([Markdown.escaped(stage)] + ([all] + counts + [open]).map(String.init))
    }
    return table
  }

  /// Returns one list item per failed job, with the last lines of its log.
  static func failures(_ results: ExperimentResults) -> [(item: String, log: [String])] {
    let failed = results.jobs.filter { $0.state == .failed }
    let trials = Dictionary(results.trials.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
    var lines = failed.prefix(maximumFailures).map { job -> (item: String, log: [String]) in
      let trial = job.trials.first.flatMap { trials[$0] }
      let place =
        trial?.assignment.map { "\($0.name) = \($0.value.displayText.abbreviated(to: 200))" }
        .joined(separator: ", ") ?? ""
      let others = job.trials.count > 1 ? " and \(job.trials.count - 1) more" : ""
      let message = job.attempt.map { FailureText($0.message ?? $0.state.name) }
      let reason = job.attempt.flatMap { attempt in
        message.map { "\(Markdown.escaped(Markdown.shortened($0.reason, to: 200))) (attempt \(attempt.id))" }
      }
      let item =
        "- \(Markdown.code(job.stage)), \(Markdown.escaped(place))\(others): failed: \(reason ?? "no attempt was recorded")"
      return (item, message?.log ?? [])
    }
    if failed.count > maximumFailures {
      lines.append(("- … and \(failed.count - maximumFailures) more failed jobs.", []))
    }
    return lines
  }
}
