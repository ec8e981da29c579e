import AttemptModel
import Digest
import JobGraph
import Printing
import RunSession
import Scheduling

extension RunBeginning {
  /// Reasons to run that are told apart; the file that has changed may be another one for each job.
  private static let shownReasons = 20

  /// What is going to happen and why, with line ends.
  var summary: String {
    var text = ""
    if !leftOut.isEmpty { text += "\(leftOut.count) of \(plan.jobs.count) jobs have no result and are not selected\n" }
    let shown = plan.jobs.indices.filter { !leftOut.contains($0) }
    var reasons: [String] = []
    var counts: [String: Int] = [:]
    for job in shown where !satisfied.contains(job) && statuses[job].runs {
      let text = statuses[job].summary
      if counts[text] == nil { reasons.append(text) }
      counts[text, default: 0] += 1
    }
    let toRun = counts.values.reduce(0, +)
    var why = reasons.prefix(Self.shownReasons).map { "\(counts[$0] ?? 0) \($0)" }.joined(separator: ", ")
    if reasons.count > Self.shownReasons { why += ", and \(reasons.count - Self.shownReasons) other reasons" }
    let detail = toRun == 0 ? "nothing to run" : "\(toRun) to run (\(why))"
    return text + "run \(run) of \(plan.experimentName): \((shown.count - toRun).counted("job")) reused, \(detail)\n"
  }
}

extension RunEnding {
  /// The exit status that tells scripts of it.
  var status: Int32 {
    if result.interruption != nil { return 130 }
    return end == .finished ? 0 : 1
  }

  /// What became of the jobs, and how to go on, with line ends.
  var summary: String {
    let counts: [(Int, String)] = [
      (result.count(of: .succeeded), "done"), (result.count(of: .reused) - leftOutCount, "reused"),
      (result.count(of: .failed), "failed"), (result.count(of: .skipped), "skipped"),
      (result.count(of: .cancelled), "cancelled"),
      (result.count(of: .waiting) + result.count(of: .ready), "not started"), (leftOutCount, "not selected"),
    ]
    let text = counts.filter { $0.0 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    var line = "run \(run) of \(experiment) \(end.rawValue) after \(DurationText.text(elapsed)): \(text)\n"
    if end == .interrupted {
      line +=
        "run the same command again to go on, or 'orchestrate run --plan \(plan.hex.prefix(12))' if the spec has changed\n"
    }
    return line
  }
}
