import Foundation
import SeriesReview
import Reporting
import ResultsStore
import Testing

/// The one-page summary of a night.
@Suite struct NightPageTests {
  private func page(_ fixture: NightFixture) throws -> (markdown: String, report: NightlyReport) {
    let report = NightlyReport(try fixture.review())
    let folder = fixture.folder + "/page"
    try report.write(to: folder, formats: [.markdown, .html])
    return (try String(contentsOfFile: "\(folder)/\(report.name).md", encoding: .utf8), report)
  }

  @Test func `a first night says in one sentence what waits for history`() throws {
    let fixture = try NightFixture()
    try fixture.add(PlantedNight())
    let first = try page(fixture)
    #expect(first.markdown.contains("# Night of ") && first.markdown.contains("2 undecided"))
    #expect(
      first.markdown.contains(
        "## What to look at\n\n- 2 quantities wait for history: there are 0 of 8 nights before this one.\n"))
    #expect(!first.markdown.contains("- timing:time"), "\(first.markdown)")
    #expect(first.report.lines.contains { $0.contains("timing:time") && $0.contains("undecided: 0 of 8 nights") })
    #expect(try fixture.review().exitCode == 3)
  }

  @Test func `nights on another machine are named, not compared, and raise no alarm`() throws {
    let fixture = try NightFixture(seed: 5)
    for _ in 0..<12 { try fixture.add(PlantedNight()) }
    let quiet = try fixture.review()
    #expect(quiet.exitCode == 0 && quiet.otherMachines.isEmpty)
    // Half as fast: an alarm, were it the same machine.
    try fixture.add(PlantedNight(time: 0.02, machine: "another"))
    let moved = try fixture.review()
    #expect(moved.exitCode == 3 && !moved.cells.contains(where: \.isRegression))
    #expect(moved.cells.allSatisfy { $0.verdict == .waiting(nights: 0, needed: 8) && $0.expected == nil })
    #expect(moved.otherMachines == [quiet.machine: 12] && moved.machine != quiet.machine)
    let text = "Other machine, not compared: 12 nights on"
    let (markdown, report) = try page(fixture)
    #expect(markdown.contains("- \(text) `\(quiet.machine.prefix(12))`."), "\(markdown)")
    #expect(report.lines.contains { $0 == "\(text) \(quiet.machine.prefix(12))" }, "\(report.lines)")
    // Back on the first one, its own history counts again.
    try fixture.add(PlantedNight())
    let back = try fixture.review()
    #expect(back.exitCode == 0 && back.machine == quiet.machine && back.nights.count == 13)
    #expect(back.otherMachines == [moved.machine: 1])
  }

  @Test func `a busy night says how many attempts and the worst`() throws {
    let fixture = try NightFixture(seed: 6)
    try fixture.add(PlantedNight(isQuiet: false))
    let (markdown, report) = try page(fixture)
    let text = "5 of 5 timed attempts on a busy machine; at worst, other work kept 2 processors busy"
    #expect(markdown.contains("- \(text).") && report.lines.contains(text), "\(report.lines)")
  }

  @Test func `charts of a long history have a form for phones that stays inside`() throws {
    let fixture = try NightFixture(seed: 7)
    for night in 0..<32 {
      try fixture.add(PlantedNight(time: night < 20 ? 0.01 : 0.0108, canary: night == 9 ? 0 : 0.05))
    }
    let (_, report) = try page(fixture)
    let html = try String(contentsOfFile: fixture.folder + "/page/\(report.name).html", encoding: .utf8)
    #expect(html.components(separatedBy: "<div class=\"narrow\">").count == 3)
    let narrow = html.components(separatedBy: "<div class=\"narrow\">")[1].components(separatedBy: "</div>")[0]
    #expect(narrow.contains("width=\"360\"") && narrow.contains("blind or stale"))
    for match in narrow.matches(of: /(?:cx|x1|x2|x)="([0-9.-]+)"/) {
      let place = try #require(Double(match.1))
      #expect(place >= 0 && place <= 360)
    }
  }
}
