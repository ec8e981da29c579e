import AttemptModel
import ExperimentSpec
import JSON
import Printing
import ResultsStore

/// The tables at the end of an HTML page that numbers lead to.
struct OriginTables {
  private let content: PageContent
  private let runs: [Int64: RunSummary]
  private let used: [AttemptResults]

  /// Gathers the attempts behind a page.
  init(_ content: PageContent, runs: [Int64: RunSummary]) {
    self.content = content
    self.runs = runs
    let ids = Set(content.traces.flatMap { $0.observations.map(\.attempt) })
    var seen: Set<Int64> = []
    used = content.results.jobs.compactMap(\.attempt)
      .filter { ids.contains($0.id) && seen.insert($0.id).inserted }.sorted { $0.id < $1.id }
  }

  /// Attempts behind the page.
  var attemptCount: Int { used.count }

  /// Returns one line per number; each has the anchor of its address.
  func numbers(anchor: (String) -> String) -> String {
    var html =
      "<div class=\"scroll\"><table><thead><tr><th>Address</th><th>What</th><th>Value</th><th>From</th><th>Attempts</th></tr>"
      + "</thead><tbody>\n"
    for trace in content.traces {
      let sources = trace.sources.map { "\($0.stage) / \($0.metric) (\($0.statistic.rawValue))" }
      html += "<tr id=\"\(XMLText.escaped(anchor(trace.address)))\">"
      html += "<td><code>\(XMLText.escaped("\(content.results.name):\(trace.address)"))</code></td>"
      html += "<td>\(HTMLText.inline(trace.title))</td><td>\(HTMLText.inline(trace.text))</td>"
      html += "<td>\(XMLText.escaped(sources.joined(separator: "; ")))</td><td>"
      html += OriginTables.links(trace.observations.map(\.attempt)) + "</td></tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  /// One line per attempt.
  var attempts: String {
    var html =
      "<div class=\"scroll\"><table class=\"sortable\"><thead><tr><th>Attempt</th><th>Stage</th><th>Run</th>"
      + "<th>Number</th><th>Started</th><th class=\"n\">Seconds</th><th class=\"n\">Samples</th><th>Fingerprint</th></tr>"
      + "</thead><tbody>\n"
    for attempt in used {
      let warmups = attempt.samples.count(where: \.isWarmup)
      let samples = warmups > 0 ? "\(attempt.samples.count - warmups) + \(warmups) warm-up" : "\(attempt.samples.count)"
      let run = runID(of: attempt)
      html += "<tr id=\"attempt-\(attempt.id)\"><td>\(attempt.id)</td><td>\(XMLText.escaped(attempt.stage))</td>"
      html += "<td><a href=\"#run-\(run)\">\(run)</a></td><td>\(attempt.number)</td>"
      html += "<td>\(XMLText.escaped(attempt.startedAt))</td>"
      html += "<td class=\"n\">\(NumberFormat.fixed(attempt.durationSeconds, 3))</td><td class=\"n\">\(samples)</td>"
      html += "<td><code>\(XMLText.escaped(String(attempt.fingerprint.prefix(12))))</code></td></tr>\n"
    }
    return html + "</tbody></table></div>\n"
  }

  /// One line per run that made any of the attempts.
  var runTable: String {
    var html =
      "<div class=\"scroll\"><table><thead><tr><th>Run</th><th>State</th><th>Started</th><th>Commit</th><th>Machine</th></tr>"
      + "</thead><tbody>\n"
    for id in Set(used.map(runID)).union([content.results.run.id]).sorted() {
      html += "<tr id=\"run-\(id)\"><td>\(id)</td>"
      if let run = runs[id] {
        html +=
          "<td>\(XMLText.escaped(run.state.name))</td><td>\(XMLText.escaped(run.startedAt))</td>"
        html +=
          "<td><code>\(XMLText.escaped(run.commit))</code>\(run.isDirty ? " with uncommitted changes" : "")</td>"
        html += "<td>\(HTMLText.inline(Provenance.machine(run.machine)))</td></tr>\n"
      } else {
        html += "<td>\(NumberFormat.missing)</td><td></td><td></td><td></td></tr>\n"
      }
    }
    return html + "</tbody></table></div>\n"
  }

  private func runID(of attempt: AttemptResults) -> Int64 {
    attempt.run == 0 ? content.results.run.id : attempt.run
  }

  /// Links to attempts; beyond forty, ranges.
  private static func links(_ attempts: [Int64]) -> String {
    let ids = AttemptTrail.distinct(attempts)
    guard ids.count <= 40 else { return AttemptTrail.compact(ids) }
    return ids.map { "<a href=\"#attempt-\($0)\">\($0)</a>" }.joined(separator: ", ")
  }
}
