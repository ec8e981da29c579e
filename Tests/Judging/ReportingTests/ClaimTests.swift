import AttemptModel
import JSON
import Reporting
import ResultsStore
import Testing

/// Verdicts on made-up results whose truth is known.
///
/// SwiftBrush takes 2.00 to 2.08 ms over the seeds, PriorBrush 0.5 ms more for each step, and SSIM falls by 0.012 a step.
@Suite struct ClaimTests {
  private static let prior = #"{"stage": "timing", "metric": "time.priorbrush", "scale": 1000}"#
  private static let swift = #"{"stage": "timing", "metric": "time.swiftbrush", "scale": 1000}"#
  private static let ssim = #"{"stage": "compare", "metric": "ssim"}"#

  private static func page(
    _ claims: [String], steps: [Int] = [3], seeds: [Int] = [43, 44, 45, 46, 47]
  ) throws -> ReportPage {
    try ReportPage(
      try SampleResults.experiment(
        seeds: seeds, steps: steps, report: "{\"claims\": [\(claims.joined(separator: ", "))]}"))
  }

  private static func claim(_ tests: String..., id: String = "C", family: String = "f") -> String {
    "{\"id\": \"\(id)\", \"text\": \"t\", \"family\": \"\(family)\", \"tests\": [\(tests.joined(separator: ", "))]}"
  }

  private static func test(_ quantity: String, _ rule: String, _ more: String = "") -> String {
    "{\"quantity\": \(quantity), \"rule\": {\(rule)}\(more.isEmpty ? "" : ", \(more)")}"
  }

  private static func verdict(_ test: String..., steps: [Int] = [3], seeds: [Int] = [43, 44, 45, 46, 47]) throws
    -> String
  {
    let tests = "{\"id\": \"C\", \"text\": \"t\", \"tests\": [\(test.joined(separator: ", "))]}"
    return try page([tests], steps: steps, seeds: seeds).claims[0].verdict.word
  }

  @Test func `bounds are decided in either direction`() throws {
    #expect(try Self.verdict(Self.test(Self.prior, "\"greater\": 3.4")) == "reproduced")
    #expect(try Self.verdict(Self.test(Self.prior, "\"greater\": 3.7")) == "refuted")
    #expect(try Self.verdict(Self.test(Self.prior, "\"less\": 3.7")) == "reproduced")
    #expect(try Self.verdict(Self.test(Self.prior, "\"less\": 3.54")) == "undecided")
  }

  @Test func `equality needs the interval inside the margin, and a wide one decides nothing`() throws {
    // SSIM at three steps: mean 0.918, sd 0.0032, n = 5: the 90 % interval is 0.918 ± 0.0030.
    #expect(try Self.verdict(Self.test(Self.ssim, "\"equal\": 0.918, \"margin\": 0.004")) == "reproduced")
    #expect(try Self.verdict(Self.test(Self.ssim, "\"equal\": 0.918, \"margin\": 0.002")) == "undecided")
    #expect(try Self.verdict(Self.test(Self.ssim, "\"equal\": 0.8599, \"margin\": 0.01")) == "refuted")
    #expect(try Self.verdict(Self.test(Self.ssim, "\"between\": [0.9, 0.93]")) == "reproduced")
    #expect(try Self.verdict(Self.test(Self.ssim, "\"between\": [0.8, 0.9]")) == "refuted")
  }

  @Test func `pairs are compared within a seed`() throws {
    // The differences are 1.5 ms for every seed although the times differ; ratios run from 1.75 down to 1.72.
    let difference = "\"form\": \"difference\", \"against\": \(Self.swift)"
    #expect(try Self.verdict(Self.test(Self.prior, "\"equal\": 1.5, \"margin\": 0.001", difference)) == "reproduced")
    let ratio = "\"form\": \"ratio\", \"against\": \(Self.swift)"
    #expect(try Self.verdict(Self.test(Self.prior, "\"between\": [1.71, 2.0]", ratio)) == "reproduced")
    #expect(try Self.verdict(Self.test(Self.prior, "\"less\": 1.5", ratio)) == "refuted")
  }

  @Test func `courses over an axis`() throws {
    let steps = [0, 2, 3, 5]
    let over = "\"over\": \"steps\""
    #expect(try Self.verdict(Self.test(Self.ssim, "\"trend\": \"decreasing\"", over), steps: steps) == "reproduced")
    #expect(try Self.verdict(Self.test(Self.ssim, "\"trend\": \"increasing\"", over), steps: steps) == "refuted")
    #expect(try Self.verdict(Self.test(Self.ssim, "\"constant\": 0.005", over), steps: steps) == "refuted")
    #expect(try Self.verdict(Self.test(Self.ssim, "\"constant\": 0.07", over), steps: steps) == "reproduced")
    let saturates = "\"saturatesAt\": 3, \"from\": 0, \"share\": 0.1, \"better\": \"less\""
    // The value falls as much from 3 to 5 as it did before: no saturation.
    #expect(try Self.verdict(Self.test(Self.ssim, saturates, over), steps: steps) == "refuted")
    let gentle = "\"saturatesAt\": 3, \"from\": 0, \"share\": 0.7, \"better\": \"less\""
    #expect(try Self.verdict(Self.test(Self.ssim, gentle, over), steps: steps) == "reproduced")
    let wrong = "\"saturatesAt\": 3, \"from\": 0, \"share\": 0.7, \"better\": \"greater\""
    #expect(try Self.verdict(Self.test(Self.ssim, wrong, over), steps: steps) == "refuted")
  }

  @Test func `one other value refutes that all are identical`() throws {
    #expect(try Self.verdict(Self.test(Self.ssim, "\"identical\": 0.00005")) == "refuted")
    #expect(try Self.verdict(Self.test(Self.ssim, "\"identical\": 0.01")) == "reproduced")
    #expect(try Self.verdict(Self.test(Self.ssim, "\"identical\": 0.01"), seeds: [43]) == "undecided")
  }

  @Test func `a claim holds if all its tests do and falls with one`() throws {
    let good = Self.test(Self.prior, "\"greater\": 3.4")
    let bad = Self.test(Self.prior, "\"greater\": 3.7")
    let open = Self.test(Self.prior, "\"less\": 3.54")
    #expect(try Self.verdict(good, good) == "reproduced")
    #expect(try Self.verdict(good, bad) == "refuted")
    #expect(try Self.verdict(good, open) == "undecided")
  }

  @Test func `one value decides nothing and its absence is said`() throws {
    #expect(try Self.verdict(Self.test(Self.prior, "\"greater\": 0"), seeds: [43]) == "undecided")
    let page = try Self.page([Self.claim(Self.test(Self.prior, "\"greater\": 0"))], seeds: [43])
    #expect(page.markdown.contains("undecided: one value; two or more are needed"))
    let absent = try Self.page([Self.claim(Self.test(#"{"stage": "timing", "metric": "none"}"#, "\"greater\": 0"))])
    #expect(absent.claims[0].verdict == .undecided(.noValues))
  }

  @Test func `an open claim says how many more seeds would decide it`() throws {
    // The values 0.954, 0.958 ... minus 0.9175: mean 0.0005, sd 0.00316; 80 % power at 5 % needs 249 values.
    let page = try Self.page([Self.claim(Self.test(Self.ssim, "\"greater\": 0.9175"))])
    guard case .undecided(.needsMore(let count)) = page.claims[0].verdict else {
      Issue.record("\(page.claims[0].verdict)")
      return
    }
    #expect(count == 244)
    #expect(page.markdown.contains("undecided: too near the bound for this spread; some 240 more seeds would decide"))
  }

  @Test(arguments: [
    (Verdict.Reason.needsMore(1), "seed", "about 1 more seed would decide"),
    (.needsMore(48), "", "about 48 more values would decide"),
    (.needsMore(2), "prompts", "about 2 more prompts would decide"),
    (.needsMore(9), "prompt, seed", "about 9 more values (prompt × seed) would decide"),
    (.needsMore(855), "seed", "too near the bound for this spread; some 860 more seeds would decide"),
    (.needsMore(9_951), "set", "too near the bound for this spread; some 10000 more sets would decide"),
    (.hopeless, "seed", "too near the bound for this spread; 10000 more seeds would not decide"),
  ])
  func `an open verdict is said in words and no more digits than a plan has`(
    reason: Verdict.Reason, unit: String, expected: String
  ) {
    #expect(Verdict.text(reason, unit: unit) == expected)
  }

  @Test func `the page begins with what held, what did not, and by how much`() throws {
    let ratio = "\"form\": \"ratio\", \"against\": \(Self.swift), \"label\": \"time ratio\", \"digits\": 2"
    let page = try Self.page([
      Self.claim(Self.test(Self.prior, "\"less\": 1.5", ratio), id: "A"),
      Self.claim(Self.test(Self.prior, "\"greater\": 1.5", ratio), id: "B", family: "g"),
    ])
    let lines = page.markdown.split(separator: "\n").filter { $0.hasPrefix("- **") }
    #expect(
      lines.prefix(2) == [
        "- **Holds** · B t: time ratio 1.74 [1.72, 1.75] (90 %) (expected above 1.5).",
        "- **Does not hold** · A t: time ratio 1.74 [1.72, 1.75] (90 %) (expected below 1.5).",
      ])
  }

  @Test func `a family shares the risk, other families do not pay for it`() throws {
    // One-sided p is about 0.022 for the bound 0.914.
    let close = Self.test(Self.ssim, "\"greater\": 0.914")
    let far = Self.test(Self.ssim, "\"greater\": 0.9178")
    #expect(try Self.page([Self.claim(close, id: "A")]).claims[0].verdict == .reproduced)
    let crowd = (0..<3).map { Self.claim(far, id: "B\($0)") }
    #expect(try Self.page([Self.claim(close, id: "A")] + crowd).claims[0].verdict.word == "undecided")
    let others = (0..<3).map { Self.claim(far, id: "B\($0)", family: "g") }
    #expect(try Self.page([Self.claim(close, id: "A")] + others).claims[0].verdict == .reproduced)
  }

  @Test func `attempts shared by several units count once`() throws {
    var results = try SampleResults.experiment(
      report: "{\"claims\": [\(Self.claim(Self.test(Self.ssim, "\"greater\": 0")))]}")
    for position in results.jobs.indices where results.jobs[position].stage == "compare" {
      results.jobs[position].trials = results.jobs[position].index == 1 ? [0, 1, 2, 3, 4] : []
    }
    #expect(try ReportPage(results).claims[0].verdict == .undecided(.oneValue))
  }

  /// The verdict on a claim that five seeds bear out, after something has become of some of them.
  private static func claim(
    incomplete: String? = nil, rule: String = "\"greater\": 3.4", _ spoil: (inout ExperimentResults) -> Void
  ) throws -> ReportPage {
    let policy = incomplete.map { "\"incomplete\": \"\($0)\"" }
    let test = test(prior, rule, [policy].compactMap(\.self).joined())
    var results = try SampleResults.experiment(report: "{\"claims\": [\(claim(test))]}")
    spoil(&results)
    return try ReportPage(results)
  }

  @Test func `units without a value cannot be spoken for by the rest, whatever the reason`() throws {
    func reason(_ spoil: (inout ExperimentResults) -> Void) throws -> Verdict {
      try Self.claim(spoil).claims[0].verdict
    }
    #expect(try reason { _ in } == .reproduced)
    #expect(try reason { $0.spoil("timing", trial: 2, message: "killed") } == .undecided(.incomplete("1 of 5 failed")))
    #expect(try reason { $0.spoil("timing", trial: 2, state: .planned) } == .undecided(.incomplete("1 of 5 missing")))
    #expect(try reason { $0.spoil("timing", trial: 2, state: .skipped) } == .undecided(.incomplete("1 of 5 skipped")))
    #expect(try reason { $0.set("time.priorbrush", trial: 2, to: .nan) } == .undecided(.incomplete("1 of 5 NaN")))
    let mixed = try Self.claim { results in
      results.set("time.priorbrush", trial: 0, to: .infinity)
      results.set("time.priorbrush", trial: 1, to: -.infinity)
      results.set("time.priorbrush", trial: 2, to: .nan)
      results.spoil("timing", trial: 3)
    }
    #expect(mixed.claims[0].verdict == .undecided(.incomplete("2 of 5 infinite, 1 NaN, 1 failed")))
    #expect(mixed.markdown.contains("2 of 5 infinite, 1 NaN, 1 failed; the spec does not say how they count"))
    let all = try reason { results in for trial in 0..<5 { results.set("time.priorbrush", trial: trial, to: .infinity) }
    }
    #expect(all == .undecided(.incomplete("5 of 5 infinite")))
  }

  @Test func `a spec may say beforehand how units without a value count`() throws {
    let spoil: (inout ExperimentResults) -> Void = { $0.spoil("timing", trial: 2, message: "killed") }
    let left = try Self.claim(incomplete: "leave-out", spoil)
    #expect(left.claims[0].verdict == .reproduced)
    #expect(cells(left.markdown, row: "C")[5] == "4 of 5")
    #expect(try Self.claim(incomplete: "worst", spoil).claims[0].verdict == .refuted)
    #expect(try Self.claim(incomplete: "worst", { _ in }).claims[0].verdict == .reproduced)
    #expect(try Self.claim(incomplete: "undecided", spoil).claims[0].verdict.word == "undecided")
    #expect(throws: ReportError.self) { try Self.claim(incomplete: "best", spoil) }
  }

  @Test func `what others do not let hold cannot be refuted by survivors, nor identical`() throws {
    let spoil: (inout ExperimentResults) -> Void = { $0.spoil("timing", trial: 2) }
    #expect(try Self.claim(rule: "\"less\": 1", spoil).claims[0].verdict.word == "undecided")
    #expect(try Self.claim(rule: "\"identical\": 100", spoil).claims[0].verdict.word == "undecided")
  }

  @Test func `a test that is whole refutes a claim whose other test is not`() throws {
    let tests = [Self.test(Self.prior, "\"greater\": 3.4"), Self.test(Self.ssim, "\"less\": 0")].joined(separator: ", ")
    var results = try SampleResults.experiment(
      report: "{\"claims\": [{\"id\": \"C\", \"text\": \"t\", \"tests\": [\(tests)]}]}")
    results.spoil("timing", trial: 2)
    #expect(try ReportPage(results).claims[0].verdict == .refuted)
  }

  @Test func `units that the plan never meant to measure are no loss`() throws {
    let page = try Self.claim { results in results.jobs.removeAll { $0.stage == "timing" && $0.trials == [2] } }
    #expect(page.claims[0].verdict == .reproduced)
    #expect(cells(page.markdown, row: "C")[5] == "4 of 5")
  }

  @Test func `a published cell is not reproduced by survivors`() throws {
    func cell(_ incomplete: String) throws -> CellVerdict {
      let report = """
        {"tables": [{"id": "t", "title": "T", "rows": "seed", "summary": ["mean"], "columns": [
          {"label": "Prior", "stage": "timing", "metric": "time.priorbrush", "scale": 1000, "digits": 1,
           "paperSummary": {"mean": 3.5}, "margin": 0.2\(incomplete)}]}]}
        """
      var results = try SampleResults.experiment(report: report)
      results.set("time.priorbrush", trial: 1, to: .infinity)
      let check = try ReportCheck([results])
      #expect(check.lines[0].contains("n = 4 of 5"), "\(check.lines)")
      return try #require(try ReportPage(results).cells.first)
    }
    #expect(try cell("").verdict == .undecided(.incomplete("1 of 5 infinite")))
    #expect(try cell(", \"incomplete\": \"leave-out\"").verdict == .reproduced)
    #expect(try cell(", \"incomplete\": \"worst\"").verdict == .refuted)
  }

  @Test func `what cannot be tested says what is missing`() throws {
    let page = try Self.page([#"{"id": "C33", "text": "COCO", "place": "5.2", "missing": "The data."}"#])
    #expect(page.claims[0].verdict == .notTestable("The data."))
    #expect(cells(page.markdown, row: "C33") == ["C33", "COCO (5.2)", "The data."])
    #expect(page.markdown.contains("- Not testable here · C33; *Hypotheses* says what is missing."))
  }

  @Test(arguments: [
    (#"{"id": "C", "text": "t"}"#, "claim 'C' has neither 'tests' nor 'missing'"),
    (#"{"id": "C", "text": "t", "tests": [{"rule": {"less": 1}}]}"#, "a test of claim 'C' has no member 'quantity'"),
    (
      #"{"id": "C", "text": "t", "tests": [{"quantity": {"stage": "a", "metric": "m"}, "rule": {}}]}"#,
      "must say one thing, not 0, expected one of equal, between"
    ),
    (
      #"{"id": "C", "text": "t", "tests": [{"quantity": {"stage": "a", "metric": "m"}, "form": "ratio", "rule": {"less": 1}}]}"#,
      "has no member 'against'"
    ),
  ])
  func `a mistake in a claim says what it is of`(claim: String, expected: String) throws {
    let error = #expect(throws: ReportError.self) { try Self.page([claim]) }
    let message = error?.message ?? ""
    #expect(message.contains(expected), "\(message)")
  }

  @Test func `published cells with a margin get verdicts, one family a table`() throws {
    let report = """
      {"tables": [{"id": "t", "title": "T", "rows": "seed", "rowLabel": "Trial", "summary": ["mean"], "columns": [
        {"label": "Prior", "stage": "timing", "metric": "time.priorbrush", "scale": 1000, "unit": "ms", "digits": 1,
         "paper": [3.5, 3.5, 3.5, 3.5, 3.7], "margin": 0.1},
        {"label": "SSIM", "stage": "compare", "metric": "ssim", "paper": [0.8599, 0.8599, 0.8599, 0.8599, 0.8599],
         "margin": 0.01},
        {"label": "Swift", "stage": "timing", "metric": "time.swiftbrush", "scale": 1000, "digits": 2,
         "paperSummary": {"mean": 2.05}, "margin": 0.02},
        {"label": "FID", "paperSummary": {"mean": 16.7}, "missing": "Inception weights."}]}]}
      """
    let page = try ReportPage(try SampleResults.experiment(report: report))
    #expect(
      page.cells.map(\.address) == ["t:mean:time.priorbrush", "t:mean:ssim", "t:mean:time.swiftbrush", "t:mean:fid"])
    #expect(page.cells.map(\.verdict.word) == ["reproduced", "refuted", "undecided", "not testable"])
    #expect(cells(page.markdown, row: "SSIM").last == "**refuted**")
    #expect(cells(page.markdown, row: "43").count == 4 && cells(page.markdown, row: "FID")[2] == "not evaluated")
    #expect(page.markdown.contains("*FID* is not evaluated here: Inception weights."))
  }
}
