import AttemptModel
import Printing

extension Plan {
  /// The graph as text: a line for each stage with its number of jobs and what it comes after.
  ///
  ///     25 trials, 57 jobs in 3 stages
  ///       coarse    5 jobs  priorbrush/generate
  ///       refine   25 jobs  priorbrush/refine    after coarse
  ///       timing   25 jobs  priorbrush/timing    after refine, timed
  ///
  /// - Parameter selection: The jobs that count; all of them if left out.
  /// - Returns: Lines with line ends.
  public func graphText(of selection: JobSelection? = nil) -> String {
    let graph = StageGraph(self, selection)
    let rows = graph.nodes.map { node -> [String] in
      let count = node.jobs.count
      var remarks =
        node.needs.isEmpty ? [] : ["after \(node.needs.map { graph.nodes[$0].name }.joined(separator: ", "))"]
      guard let first = node.jobs.first.map({ jobs[$0] }) else { return [] }
      if first.lane == .timed { remarks.append("timed") }
      return [
        node.name, "\(count) \(count == 1 ? "job" : "jobs")", actionText(of: first), remarks.joined(separator: ", "),
      ]
    }
    let widths = (0..<3).map { column in rows.map { $0[column].columns }.max() ?? 0 }
    let stageCount = graph.nodes.count
    var jobText = counted(jobs.count, "job")
    if let selection { jobText = "\(selection.count) of \(jobText)" }
    var text = "\(counted(trials.count, "trial")), \(jobText) in \(counted(stageCount, "stage"))\n"
    for row in rows {
      let cells = [
        row[0].padded(toColumns: widths[0]), row[1].padded(toColumns: widths[1], isTrailing: true),
        row[2].padded(toColumns: widths[2]), row[3],
      ]
      let line = "  " + cells.joined(separator: "  ")
      text += line.trimmedEnd + "\n"
    }
    return text
  }

  /// What a job runs, in short: `worker/task`, or the program of a command.
  ///
  /// - Parameter job: A job.
  /// - Returns: A few words.
  private func actionText(of job: Job) -> String {
    switch job.action {
    case .task(let worker, let name): "\(worker)/\(name)"
    case .command(let arguments, _):
      arguments.prefix(2).joined(separator: " ").abbreviated(to: 60).printableLine.cut(toColumns: 80)
    }
  }

  private func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }

  /// The graph in the DOT language: a box for each job, grouped by stage, with an arrow from each needed job.
  ///
  /// - Parameters:
  ///   - selection: The jobs that are drawn; all of them if left out.
  ///   - jobLimit: With more jobs than this the stages are drawn instead.
  /// - Returns: The text of a `digraph`.
  public func dot(of selection: JobSelection? = nil, jobLimit: Int = 2000) -> String {
    let graph = StageGraph(self, selection)
    var text =
      "digraph \(quoted(experimentName)) {\n  rankdir=LR;\n  node [shape=box, style=rounded, fontname=\"Helvetica\"];\n"
    if selection?.count ?? jobs.count > jobLimit {
      for (index, node) in graph.nodes.enumerated() {
        text += "  s\(index) [label=\(quoted("\(node.name)\n\(counted(node.jobs.count, "job"))"))];\n"
        for need in node.needs { text += "  s\(need) -> s\(index);\n" }
      }
      return text + "}\n"
    }
    for (index, node) in graph.nodes.enumerated() {
      text += "  subgraph cluster_\(index) {\n    label=\(quoted(node.name));\n"
      for job in node.jobs { text += "    j\(job) [label=\(quoted(label(ofJob: job)))];\n" }
      text += "  }\n"
    }
    for job in graph.nodes.flatMap(\.jobs) { for need in jobs[job].needs { text += "  j\(need) -> j\(job);\n" } }
    return text + "}\n"
  }

  private func quoted(_ text: String) -> String {
    let escaped = text.printable.map { character -> String in
      switch character {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\n": "\\n"
      default: String(character)
      }
    }
    return "\"\(escaped.joined())\""
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    var text = Substring(self)
    while text.last == " " { text.removeLast() }
    return String(text)
  }
}
