import AttemptModel
import ResultsStore

/// What a reader must know of the results before any number: that they are stale, or were timed on a busy machine.
enum ResultNotices {
  /// Returns how many timed attempts ran on a busy machine; nil if none did, or none tells.
  static func busy(_ results: ExperimentResults) -> String? {
    let timed = attempts(of: results).filter { $0.conditions?.isQuiet != nil }
    let busy = timed.filter { $0.conditions?.isQuiet == false }
    guard !busy.isEmpty else { return nil }
    let loads = busy.compactMap { attempt in attempt.conditions?.load.map { (attempt: attempt, load: $0) } }
    let worst = loads.max { ($0.load, $1.attempt.id) < ($1.load, $0.attempt.id) }.map { worst in
      "; the worst, attempt \(worst.attempt.id) of stage \(Markdown.code(worst.attempt.stage)), had "
        + "\(NumberFormat.trimmed(worst.load, 1)) processors busy with other work, "
        + "\(NumberFormat.trimmed(worst.attempt.conditions?.rule.load ?? 0, 2)) are allowed"
    }
    return "> **Busy machine:** \(busy.count) of \(timed.count) timed attempts on a busy machine\(worst ?? "")."
      + " Paired ratios bear that better than times."
  }

  /// Returns which results were invalidated after the run, why, and which numbers rest on them; nil if none was.
  static func stale(_ results: ExperimentResults, traces: [TraceEntry]) -> String? {
    let invalid = attempts(of: results).filter { $0.invalidReason != nil }
    guard !invalid.isEmpty else { return nil }
    var reasons: [String] = []
    var seen: Set<String> = []
    for reason in invalid.compactMap(\.invalidReason) where seen.insert(reason).inserted { reasons.append(reason) }
    if reasons.count > 20 { reasons = Array(reasons.prefix(19)) + ["and \(reasons.count - 19) other reasons"] }
    let addresses = staleAddresses(results, traces: traces)
    let shown = addresses.prefix(20).map(Markdown.code).joined(separator: ", ")
    let more = addresses.count > 20 ? " and \(addresses.count - 20) more" : ""
    return "> **Stale:** \(invalid.count) result\(invalid.count == 1 ? "" : "s") shown here were marked as wrong since "
      + "(\(reasons.map(Markdown.escaped).joined(separator: "; ")))."
      + (addresses.isEmpty ? "" : " Numbers that rest on them: \(shown)\(more).")
      + " `orchestrate run` makes them anew."
  }

  /// The addresses of numbers that rest on invalidated attempts, in the order of the page.
  static func staleAddresses(_ results: ExperimentResults, traces: [TraceEntry]) -> [String] {
    let invalid = Set(attempts(of: results).filter { $0.invalidReason != nil }.map(\.id))
    guard !invalid.isEmpty else { return [] }
    return traces.filter { $0.observations.contains { invalid.contains($0.attempt) } }.map(\.address)
  }

  /// The deciding attempts, each once.
  static func attempts(of results: ExperimentResults) -> [AttemptResults] {
    var seen: Set<Int64> = []
    return results.jobs.filter { $0.state.hasResult }.compactMap(\.attempt).filter {
      seen.insert($0.id).inserted
    }
  }
}
