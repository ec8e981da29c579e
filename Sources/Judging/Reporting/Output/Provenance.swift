import AttemptModel
import JSON
import ResultsStore
import Statistics

/// The foot of a page: what the numbers rest on.
enum Provenance {
  /// Returns the list of facts; nothing in it depends on when or where the report is made.
  static func text(of results: ExperimentResults) -> String {
    let run = results.run
    let decided = results.jobs.filter { $0.state.hasResult }
    let attempts = Set(decided.compactMap { $0.attempt?.id })
    let reused = Set(decided.filter { $0.state == .reused }.compactMap { $0.attempt?.id })
    var lines = [
      "Run \(run.id) of \(Markdown.code(results.name)): \(run.state.name), started \(run.startedAt).",
      "Code: commit \(Markdown.code(run.commit))"
        + (run.isDirty ? ", **with uncommitted changes** (their difference is stored with the run)." : "."),
      "Plan: \(Markdown.code(results.planHash)).",
      "Machine: \(machine(run.machine)).",
      "Attempts: \(attempts.count) behind the results"
        + (reused.isEmpty ? "." : ", \(reused.count) of them reused from earlier runs."),
      "Statistics: repetitions inside an attempt are condensed to one value before anything is averaged; warm-ups are left "
        + "out; standard deviations divide by n − 1; intervals are Student's t for means and geometric means, order statistics "
        + "for medians (the range of five values reaches 93.8 %).",
    ]
    if !run.toolVersion.isEmpty { lines.insert("Tool: orchestrate \(Markdown.escaped(run.toolVersion)).", at: 2) }
    return (["**Provenance**", ""] + lines.map { "- " + $0 }).joined(separator: "\n")
  }

  /// Returns the machine in words.
  static func machine(_ facts: JSONValue) -> String {
    var parts: [String] = []
    if let model = facts["cpuModel"]?.stringValue { parts.append(Markdown.escaped(model)) }
    if let cores = facts["cores"]?.intValue { parts.append("\(cores) core\(cores == 1 ? "" : "s")") }
    if let bytes = facts["memoryBytes"]?.doubleValue {
      parts.append("\(NumberFormat.trimmed(bytes / 1_073_741_824, 1)) GiB")
    }
    if let kernel = facts["kernel"]?.stringValue { parts.append("kernel \(Markdown.escaped(kernel))") }
    if let isVirtual = facts["virtualized"]?.boolValue {
      parts.append(isVirtual ? "virtual machine" : "not virtualised")
    }
    if let fingerprint = facts["fingerprint"]?.stringValue {
      parts.append("fingerprint \(Markdown.code(String(fingerprint.prefix(12))))")
    }
    return parts.isEmpty ? "unknown" : parts.joined(separator: ", ")
  }
}
