import AttemptModel
import ExperimentSpec
import JSON
import Printing
public import ResultsStore

/// The attempts, code, machines and samples behind one number of a report.
///
///     print(try ReportTrace("exp1:table1:2:time.swiftbrush", in: results, runs: runs).text)
public struct ReportTrace: Sendable {
  /// The origin in lines, each ended by a line feed.
  public let text: String
  /// Samples that are listed for each attempt at most.
  static let shownSamples = 12

  /// Looks an address up.
  ///
  /// - Parameters:
  ///   - address: Experiment, element, row and column joined by ":"; a claim is experiment and id. The column may be any part
  ///     of its name that only one column of the row has.
  ///   - experiments: The results of the experiment, others may be among them.
  ///   - runs: All runs of the database.
  ///   - known: The names of all experiments in the database, for the message about an unknown one.
  /// - Throws: `ReportError` with code `.unknownAddress` with what there is instead, or `.badSection`.
  public init(
    _ address: String, in experiments: [ExperimentResults], runs: [RunSummary], known: [String] = []
  ) throws(ReportError) {
    let (name, rest) = ReportTrace.split(address)
    guard let results = experiments.first(where: { $0.name == name }) else {
      let known = Set(experiments.map(\.name) + known).sorted().joined(separator: ", ")
      throw ReportError(
        .unknownAddress,
        "no run of an experiment \(name) is stored (known: \(known.isEmpty ? "none" : known)); an address begins with one, "
          + "for example exp1:table1:2:ssim")
    }
    let entry = try ReportTrace.find(rest, in: try ReportPage(results), experiment: name)
    let byID = Dictionary((runs + [results.run]).map { ($0.id, $0) }) { first, _ in first }
    text = ReportTrace.lines(entry, results, byID).map { $0.printableLine + "\n" }.joined()
  }

  /// Returns the name of the experiment that an address begins with.
  ///
  /// - Parameter address: An address.
  /// - Returns: What stands before the first colon.
  public static func experiment(of address: String) -> String { split(address).0 }

  private static func split(_ address: String) -> (String, String) {
    guard let colon = address.firstIndex(of: ":") else { return (address, "") }
    return (String(address[..<colon]), String(address[address.index(after: colon)...]))
  }

  private static func find(
    _ address: String, in page: ReportPage, experiment: String
  ) throws(ReportError) -> TraceEntry {
    if let exact = page.traces.first(where: { $0.address == address }) { return exact }
    let parts = address.split(separator: ":", omittingEmptySubsequences: false)
    let row = parts.count >= 3 ? parts.dropLast().joined(separator: ":") + ":" : nil
    let candidates = row.map { row in page.traces.filter { $0.address.hasPrefix(row) } } ?? []
    let wanted = parts.last.map(String.init) ?? ""
    if let number = Int(wanted), candidates.indices.contains(number - 1) { return candidates[number - 1] }
    let matching = candidates.filter { $0.address.dropFirst(row?.count ?? 0).contains(wanted) }
    if matching.count == 1 { return matching[0] }
    let near = matching.isEmpty ? (candidates.isEmpty ? page.traces : candidates) : matching
    let list = near.prefix(12).map { "\(experiment):\($0.address)" }.joined(separator: ", ")
    throw ReportError(
      .unknownAddress,
      "\(experiment):\(address) names \(matching.count > 1 ? "several numbers" : "no number of the report"); there "
        + "\(near.count == 1 ? "is" : "are") \(list.isEmpty ? "none" : list)\(near.count > 12 ? ", …" : "")")
  }

  private static func lines(
    _ entry: TraceEntry, _ results: ExperimentResults, _ runs: [Int64: RunSummary]
  ) -> [String] {
    var lines = [
      "\(results.name):\(entry.address)", InlineMarkdown.plain(entry.title),
      "value: \(InlineMarkdown.plain(entry.text))",
    ]
    for source in entry.sources {
      let scale = source.scale == 1 ? "" : ", times \(NumberFormat.trimmed(source.scale, 9))"
      lines.append(
        "read: stage \(source.stage), metric \(source.metric), \(source.statistic.rawValue) of an attempt\(scale)")
    }
    let metrics = Set(entry.sources.map(\.metric))
    let trials = Dictionary(results.trials.map { ($0.index, $0) }, uniquingKeysWith: { first, _ in first })
    var jobs: [Int64: JobResults] = [:]
    for job in results.jobs { if let attempt = job.attempt { jobs[attempt.id] = job } }
    var usedRuns: Set<Int64> = []
    var seen: Set<Int64> = []
    for observation in entry.observations where seen.insert(observation.attempt).inserted {
      guard let job = jobs[observation.attempt], let attempt = job.attempt else { continue }
      let run = attempt.run == 0 ? results.run.id : attempt.run
      usedRuns.insert(run)
      let place =
        job.trials.first.flatMap { trials[$0] }?.assignment.map {
          "\($0.name) = \($0.value.displayText.abbreviated(to: 200))"
        }
        .joined(separator: ", ") ?? ""
      let others = job.trials.count > 1 ? " and \(job.trials.count - 1) more" : ""
      lines.append("")
      lines.append("attempt \(attempt.id): run \(run), stage \(job.stage), \(place)\(others)")
      lines.append(
        "  started \(attempt.startedAt), \(NumberFormat.fixed(attempt.durationSeconds, 3)) s, \(attempt.state.name)")
      lines.append("  fingerprint \(job.fingerprint)")
      lines.append("  contributes \(observation.value)")
      for metric in metrics.sorted() {
        let samples = attempt.samples.filter { $0.metric == metric }
        guard !samples.isEmpty else { continue }
        let shown = samples.prefix(shownSamples).map { "\($0.value)\($0.isWarmup ? " (warm-up)" : "")" }
        let more = samples.count > shownSamples ? ", … \(samples.count - shownSamples) more" : ""
        let unit = samples[0].unit.isEmpty ? "" : " (\(samples[0].unit))"
        lines.append("  samples of \(metric)\(unit): \(shown.joined(separator: ", "))\(more)")
      }
    }
    for gap in entry.gaps { lines += ["", "no value: \(gap.text)"] }
    for run in usedRuns.sorted().compactMap({ runs[$0] }) {
      lines.append("")
      lines.append("run \(run.id): \(run.state.name), started \(run.startedAt), orchestrate \(run.toolVersion)")
      lines.append("  commit \(run.commit)\(run.isDirty ? ", with uncommitted changes" : "")")
      lines.append("  plan \(run.planHash.isEmpty ? results.planHash : run.planHash)")
      lines.append("  machine \(InlineMarkdown.plain(Provenance.machine(run.machine)))")
    }
    return lines
  }
}
