import Foundation
import Reporting
import ResultsStore
import Testing
import TestSupport

@Suite struct CheckTests {
  private static let prior = #"{"stage": "timing", "metric": "time.priorbrush", "scale": 1000}"#

  private static func experiment(_ bounds: [(id: String, rule: String)]) throws -> ExperimentResults {
    let claims = bounds.map { bound in
      bound.rule.isEmpty
        ? "{\"id\": \"\(bound.id)\", \"text\": \"says \(bound.id)\", \"missing\": \"a thing\"}"
        : "{\"id\": \"\(bound.id)\", \"text\": \"says \(bound.id)\", \"family\": \"\(bound.id)\", "
          + "\"tests\": [{\"label\": \"time\", \"quantity\": \(prior), \"rule\": \(bound.rule), \"digits\": 2}]}"
    }
    return try SampleResults.experiment(
      report: SampleResults.table1.dropLast(1) + ", \"claims\": [\(claims.joined(separator: ", "))]}")
  }

  @Test func `each claim has its line and the worst verdict gives the code`() throws {
    let good = (id: "A", rule: "{\"less\": 4}")
    let bad = (id: "B", rule: "{\"less\": 3}")
    let open = (id: "D", rule: "{\"less\": 3.545}")
    let none = (id: "E", rule: "")
    let check = try ReportCheck([try Self.experiment([good, bad, open, none])])
    #expect(check.exitCode == 1)
    #expect(
      check.lines[0]
        == "reproduced    exp1:A  says A [time 3.54 [3.51, 3.57] (90 %), n = 5, rule < 4]", "\(check.lines[0])")
    #expect(check.lines[1].hasPrefix("refuted       exp1:B  says B"))
    #expect(check.lines[2].hasPrefix("undecided     exp1:D") && check.lines[2].contains("more seeds would decide"))
    #expect(check.lines[3] == "not testable  exp1:E  says E [needs: a thing]")
    #expect(try ReportCheck([try Self.experiment([good, open])]).exitCode == 3)
    #expect(try ReportCheck([try Self.experiment([good, none])]).exitCode == 0)
    #expect(try ReportCheck([try Self.experiment([])]).lines.isEmpty)
  }

  @Test func `an edited digit in a published page is found`() throws {
    let folder = try TemporaryFolder()
    let results = try Self.experiment([(id: "A", rule: "{\"less\": 4}")])
    let builder = ReportBuilder(output: folder.path, formats: [.markdown, .html, .csv])
    try builder.build([results])
    #expect(try builder.differences([results]) == [])
    let page = folder.path + "/exp1.md"
    let text = try folder.text("exp1.md")
    try text.replacing("| 1        |              0.0020", with: "| 1        |              0.0010").write(
      toFile: page, atomically: true, encoding: .utf8)
    let differences = try builder.differences([results])
    #expect(differences.count == 1)
    #expect(differences[0].hasPrefix("\(page) differs in line "))
    #expect(differences[0].contains("0.0010") && differences[0].contains("the results say"))
    try FileManager.default.removeItem(atPath: folder.path + "/index.html")
    #expect(try builder.differences([results]).count == 1)
    try FileManager.default.removeItem(atPath: page)
    try text.write(toFile: page, atomically: true, encoding: .utf8)
    #expect(try builder.differences([results]) == [])
    let empty = try TemporaryFolder()
    let error = #expect(throws: ReportError.self) { try ReportBuilder(output: empty.path).differences([results]) }
    #expect(error?.code == .notPublished)
  }

  @Test func `a number leads to its attempts, samples, code and machine`() throws {
    let results = try Self.experiment([(id: "A", rule: "{\"less\": 4}")])
    let cell = try ReportTrace("exp1:table1:2:time.priorbrush", in: [results], runs: []).text
    for part in [
      "value: 0.0035", "read: stage timing, metric time.priorbrush, median of an attempt",
      "attempt 3: run 3, stage timing, seed = 44, steps = 3", "samples of time.priorbrush (s): 9.0 (warm-up), ",
      "commit 0123456789abcdef0123456789abcdef01234567", "machine Example CPU, 2 cores",
    ] {
      #expect(cell.contains(part), "\(part) in \(cell)")
    }
    #expect(!cell.contains("attempt 5"))
    #expect(try ReportTrace("exp1:table1:2:ssim", in: [results], runs: []).text.contains("attempt 4:"))
    #expect(try ReportTrace("exp1:table1:2:3", in: [results], runs: []).text.contains("attempt 4:"))
    #expect(try ReportTrace("exp1:table1:mean:ssim", in: [results], runs: []).text.contains("attempt 10:"))
    #expect(try ReportTrace("exp1:A", in: [results], runs: []).text.contains("attempt 9:"))
  }

  @Test(arguments: [
    (
      "exp1:table1:2:time",
      "names several numbers; there are exp1:table1:2:time.swiftbrush, exp1:table1:2:time.priorbrush"
    ),
    ("exp1:table1:2:lpips", "names no number of the report; there are exp1:table1:2:time.swiftbrush"),
    ("exp1:nothing", "names no number of the report; there are exp1:table1:1:time.swiftbrush"),
    ("exp9:table1:1:ssim", "no run of an experiment exp9 is stored (known: exp1)"),
  ])
  func `an address that leads nowhere is answered with what there is`(address: String, expected: String) throws {
    let results = try Self.experiment([])
    let error = #expect(throws: ReportError.self) { try ReportTrace(address, in: [results], runs: []) }
    #expect(error?.code == .unknownAddress)
    let message = error?.message ?? ""
    #expect(message.contains(expected), "\(message)")
  }
}
