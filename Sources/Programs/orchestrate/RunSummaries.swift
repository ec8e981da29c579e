import AttemptModel
import Digest
import JobGraph
import RunSession
import Scheduling

extension RunBeginning {
  /// What is going to happen and why, with line ends.
  var summary: String {
    var text = ""
    if !leftOut.isEmpty { text += "\(leftOut.count) of \(plan.jobs.count) jobs have no result and are not selected\n" }
    let shown = plan.jobs.indices.filter { !leftOut.contains($0) }
    var reasons: [(text: String, count: Int)] = []
    for job in shown where !satisfied.contains(job) && statuses[job].runs {
      let text = statuses[job].summary
      if let index = reasons.firstIndex(where: { $0.text == text }) {
        reasons[index].count += 1
      } else {
        reasons.append((text, 1))
      }
    }
    let toRun = reasons.reduce(0) { $0 + $1.count }
    let why = reasons.map { "\($0.count) \($0.text)" }.joined(separator: ", ")
    let detail = toRun == 0 ? "nothing to run" : "\(toRun) to run (\(why))"
    return text + "run \(run) of \(plan.experimentName): \(shown.count - toRun) jobs reused, \(detail)\n"
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
