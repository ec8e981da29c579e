import AttemptModel
import Foundation
import Reporting
import ResultsStore
import Testing
import TestSupport

/// What a reader of HTML pages sees and does, tried in headless Chromium.
///
/// Users need no browser for anything else, so that the suite is skipped without one. `.ci/run` installs Chromium and sets
/// REQUIRE_BROWSER, which turns its absence into a failure.
@Suite struct BrowserTests {
  private static let chromium = ["chromium", "chromium-browser", "google-chrome"].flatMap { name in
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").map { "\($0)/\(name)" }
  }.first { FileManager.default.isExecutableFile(atPath: $0) }
  private static let isRequired = ProcessInfo.processInfo.environment["REQUIRE_BROWSER"] != nil

  @Test(.enabled(if: BrowserTests.isRequired || BrowserTests.chromium != nil, "no Chromium is installed"))
  func `pages are quiet, fit a phone, are legible in light and dark, and sort`() throws {
    let chromium = try #require(Self.chromium, "REQUIRE_BROWSER is set and no Chromium is in PATH")
    let folder = try TemporaryFolder()
    let pages = folder.path + "/pages"
    try ReportBuilder(output: pages, formats: [.html]).build(try Self.experiments(folder))
    let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().path + "/Browser/check_pages.py"
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3", script, chromium, pages]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.hasSuffix("\(Self.pageCount) pages, 0 complaints\n"), "\(text)")
  }

  /// The pages of the experiments, the register, the audit and the index.
  private static let pageCount = 3 + ChartKindTests.kinds.count + 1

  /// Every kind of block, every kind of chart, and a page of failures.
  private static func experiments(_ folder: TemporaryFolder) throws -> [ExperimentResults] {
    var all = [try FormatTests.results(folder)]
    for kind in ChartKindTests.kinds {
      all.append(
        try SampleResults.experiment(
          name: "chart-\(kind)", steps: ChartPageTests.steps, report: ChartKindTests.report(kind),
          title: "A chart of the kind \(kind)"))
    }
    for position in all[0].jobs.indices where position % 7 == 3 {
      all[0].jobs[position].state = .failed
      all[0].jobs[position].attempt?.message = "a message of one very_long_word_that_no_line_of_a_telephone_can_hold"
    }
    return all
  }
}
