import ExperimentSpec
public import ResultsStore
import Statistics

/// The verdicts of experiments as lines and an exit code, for scripts and nightly runs.
///
///     let check = try ReportCheck(results)
///     for line in check.lines { print(line) }
///     exit(check.exitCode)
public struct ReportCheck: Sendable {
  /// One line for each claim and each published cell with a declared margin.
  public let lines: [String]
  /// 0 if all hold, 1 if any is refuted, otherwise 3 if any is undecided or rests on results that were invalidated; what is not testable does not count.
  public let exitCode: Int32

  /// Judges the claims and cells of experiments.
  ///
  /// - Parameters:
  ///   - experiments: The results of all experiments in the database.
  ///   - selection: Names of the experiments that are judged; empty means all.
  /// - Throws: `ReportError` with code `.badSection` or `.unknownExperiment`.
  public init(_ experiments: [ExperimentResults], selection: [String] = []) throws(ReportError) {
    let site = try ReportSite(experiments, selection: selection)
    var entries: [(verdict: Verdict, word: String, address: String, text: String)] = []
    for page in site.pages {
      for claim in page.claims {
        entries.append((claim.verdict, claim.word, "\(page.name):\(claim.id)", ReportCheck.text(claim)))
      }
      for cell in page.cells {
        entries.append((cell.verdict, cell.verdict.word, "\(page.name):\(cell.address)", ReportCheck.text(cell)))
      }
    }
    let stale = site.pages.compactMap(ReportCheck.staleLine)
    let width = entries.map(\.address.count).max() ?? 0
    let wordWidth = max(12, entries.map(\.word.count).max() ?? 0)
    let judged = entries.map { entry in
      func padded(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.count))
      }
      return "\(padded(entry.word, wordWidth))  \(padded(entry.address, width))  \(entry.text)"
    }
    lines = judged + stale
    let words = Set(entries.map(\.verdict.word))
    exitCode = words.contains("refuted") ? 1 : words.contains("undecided") || !stale.isEmpty ? 3 : 0
  }

  private static func text(_ claim: ClaimOutcome) -> String {
    let text = InlineMarkdown.plain(claim.text)
    if case .notTestable(let missing) = claim.verdict { return "\(text) [needs: \(InlineMarkdown.plain(missing))]" }
    let measured = claim.tests.map { test in
      let numbers = ClaimTable.numbers(test)
      let interval = numbers[1] == NumberFormat.missing ? "" : " \(numbers[1])"
      return "\(test.test.label) \(numbers[0])\(interval), n = \(numbers[2]), rule \(test.test.rule.text)"
    }
    return "\(text) [\(measured.joined(separator: "; "))\(open(claim.verdict, claim.tests.first?.values.name ?? ""))]"
  }

  private static func text(_ cell: CellVerdict) -> String {
    let paper = NumberFormat.fixed(cell.reference, cell.digits)
    let title = InlineMarkdown.plain(cell.title)
    if case .notTestable(let missing) = cell.verdict {
      return "\(title): paper \(paper), not evaluated [needs: \(InlineMarkdown.plain(missing))]"
    }
    var measured = "no value"
    if let estimate = cell.estimate {
      measured = NumberFormat.significant(estimate.value, 4)
      if let interval = estimate.interval {
        let bounds = [interval.lower, interval.upper].map { NumberFormat.significant($0, 4) }
        measured += " [\(bounds[0]), \(bounds[1])] (90 %)"
      }
    }
    let count = cell.count == cell.expectedCount ? "\(cell.count)" : "\(cell.count) of \(cell.expectedCount)"
    return "\(title): paper \(paper), measured \(measured), n = \(count), margin "
      + NumberFormat.trimmed(cell.margin, 6) + open(cell.verdict, "")
  }

  private static func open(_ verdict: Verdict, _ unit: String) -> String {
    guard case .undecided(let reason) = verdict else { return "" }
    return "; " + Verdict.text(reason, unit: unit)
  }
}
