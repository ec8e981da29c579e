import Foundation
import PNGImage
import Reporting
import ResultsStore
import Testing
import TestSupport

@Suite struct ReportBuilderTests {
  private func experiments() throws -> [ExperimentResults] {
    [
      try SampleResults.experiment(
        name: "exp3", steps: ChartPageTests.steps, report: SampleResults.figure2, title: "Sensitivity"),
      try SampleResults.experiment(report: SampleResults.table1),
    ]
  }

  @Test func `pages, pictures and the index are written and nothing else`() throws {
    let folder = try TemporaryFolder()
    let written = try ReportBuilder(output: folder.path + "/deep/reports").build(try experiments())
    #expect(
      folder.files.filter { $0.contains(".") } == [
        "deep/reports/exp1.md", "deep/reports/exp3.md", "deep/reports/exp3/figure2.svg", "deep/reports/index.md",
      ])
    #expect(written.map { ($0 as NSString).lastPathComponent } == ["exp1.md", "figure2.svg", "exp3.md", "index.md"])
    try GoldenFile.expect(try folder.text("deep/reports/index.md"), equals: "index.md")
    #expect(try folder.text("deep/reports/exp3.md").contains("](exp3/figure2.svg)"))
  }

  @Test func `the same results give the same bytes, whatever the order and the folder`() throws {
    let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
    try ReportBuilder(output: first.path).build(try experiments())
    try ReportBuilder(output: second.path).build(try experiments().reversed())
    try ReportBuilder(output: second.path).build(try experiments())
    #expect(first.files == second.files)
    for file in first.files where file.contains(".") {
      let (a, b) = (try first.text(file), try second.text(file))
      #expect(a == b, "\(file)")
      #expect(!a.contains(first.path))
    }
  }

  @Test func `a selection writes only its page, and the index links only pages that exist`() throws {
    let folder = try TemporaryFolder()
    try Data("old".utf8).write(to: URL(fileURLWithPath: folder.path + "/gone.md"))
    try ReportBuilder(output: folder.path).build(try experiments(), selection: ["exp1"])
    #expect(folder.files == ["exp1.md", "gone.md", "index.md"])
    #expect(try folder.text("gone.md") == "old")
    let index = try folder.text("index.md")
    #expect(index.contains("[exp1](exp1.md)") && index.contains("exp3 (page not built)"))
  }

  @Test(arguments: [
    "../../evil", "a/b", "/tmp/evil", ".hidden", "a\n\\input{x}", "", "index", "Claims", "con", "a\u{1B}[2J",
  ])
  func `an experiment whose name is no file's is named, and nothing is written outside or inside`(name: String) throws {
    let folder = try TemporaryFolder()
    var stranger = try experiments()[1]
    stranger.name = name
    let all = try experiments() + [stranger]
    let builder = ReportBuilder(output: folder.path + "/a/b/reports", formats: ReportFormat.allCases)
    let error = #expect(throws: ReportError.self) { try builder.build(all) }
    #expect(error?.code == .badName && error?.message.allSatisfy { $0 != "\n" && $0 != "\u{1B}" } == true)
    #expect(throws: ReportError.self) { try builder.build(all, selection: [name]) }
    #expect(folder.files.isEmpty)
    try builder.build(all, selection: ["exp1"])
    #expect(folder.files.filter { !$0.hasPrefix("a/b/reports") && $0.contains(".") }.isEmpty)
    #expect(folder.files.contains("a/b/reports/exp1.md"))
  }

  @Test func `an unknown experiment and an unwritable folder are named`() throws {
    let folder = try TemporaryFolder()
    let results = try experiments()
    let unknown = #expect(throws: ReportError.self) {
      try ReportBuilder(output: folder.path).build(results, selection: ["exp9"])
    }
    #expect(unknown?.message == "no run of an experiment exp9 is stored; the database holds exp1, exp3")
    try Data().write(to: URL(fileURLWithPath: folder.path + "/file"))
    let blocked = #expect(throws: ReportError.self) {
      try ReportBuilder(output: folder.path + "/file/reports").build(results)
    }
    #expect(blocked?.code == .notWritable)
    #expect(blocked?.message.contains("choose another folder with --output") == true)
  }

  @Test func `a figure shows stored pixels magnified, labels and metrics`() throws {
    let folder = try TemporaryFolder()
    let results = try figureExperiment(folder, seeds: [43])
    try ReportBuilder(output: folder.path + "/reports").build([results])
    let picture = try Image(contentsOf: folder.path + "/reports/exp2/figure1.png")
    // Three panels of 16 pixels magnified 8 times with gaps of 12.
    #expect(picture.width == 12 + 3 * (128 + 12))
    #expect((0..<3).map { picture[12, 12, $0] } == [43, 0, 10])
    #expect((0..<3).map { picture[12 + 15 * 8, 12 + 8, $0] } == [43, 15 * 16, 10])
    let text = try folder.text("reports/exp2.md")
    #expect(text.contains("![Figure 1: Ablation](exp2/figure1.png)"))
    #expect(text.contains("SSIM = 0.916"))
    try GoldenFile.expect(text, equals: "exp2.md")
  }

  @Test func `all images of a row are shown as large as the tallest, by whole factors`() throws {
    func row(_ sides: [(Int, Int)]) -> FigureSheet.Row {
      FigureSheet.Row(
        label: "",
        cells: sides.map { .image(Image(width: $0.0, height: $0.1, colour: [1, 2, 3])) } + [.gap("none")])
    }
    #expect(FigureSheet.factors(for: row([(32, 32), (32, 32), (310, 268)]), magnify: [4, 4, 1, 1]) == [8, 8, 1, 1])
    #expect(FigureSheet.factors(for: row([(32, 32), (16, 16)]), magnify: [8, 8, 8]) == [8, 16, 1])
    #expect(FigureSheet.factors(for: row([(2_000, 4), (32, 32)]), magnify: [3, 3, 3]) == [1, 3, 1])
    let folder = try TemporaryFolder()
    var results = try figureExperiment(folder, seeds: [43])
    let path = folder.path + "/large.png"
    try Image(width: 170, height: 140, colour: [9, 9, 9]).write(to: path)
    results.jobs[1].attempt?.artifacts[0].path = path
    let html = try ReportPage(results).html
    #expect(html.contains("width=\"1020\" height=\"840\""))
    #expect(html.components(separatedBy: "width=\"832\" height=\"832\"").count == 3)
  }

  @Test func `a picture has a line for labels only if there is one`() {
    let row = FigureSheet.Row(label: "", cells: [.image(Image(width: 8, height: 8, colour: [1, 2, 3]))])
    let bare = FigureSheet.image(rows: [row], labels: [""], magnify: [1])
    let labelled = FigureSheet.image(rows: [row], labels: ["a"], magnify: [1])
    #expect((bare.width, bare.height) == (32, 32))
    #expect(labelled.width == 32 && labelled.height > 40)
  }

  @Test func `images of failed jobs and images that were not stored leave a labelled gap`() throws {
    let folder = try TemporaryFolder()
    var results = try figureExperiment(folder, seeds: [43, 44])
    results.jobs[0].attempt?.artifacts.remove(at: 1)
    results.spoil("compare", trial: 1, message: "worker crashed")
    let page = try ReportPage(results)
    #expect(page.attachments.count == 1)
    #expect(page.markdown.contains("stored no artifact `refined` in attempt 1"))
    #expect(page.markdown.contains("failed: worker crashed"))
    #expect(!page.markdown.contains(folder.path))
  }

  /// Images whose red is the seed and whose green grows with the column.
  private func figureExperiment(_ folder: TemporaryFolder, seeds: [Int]) throws -> ExperimentResults {
    var results = try SampleResults.experiment(
      name: "exp2", seeds: seeds,
      report: """
        {"figures": [{"id": "figure1", "title": "Figure 1: Ablation", "caption": "Left to right.", "magnify": 8, "panels": [
          {"stage": "timing", "artifact": "coarse", "label": "SwiftBrush"},
          {"stage": "timing", "artifact": "refined", "label": "PriorBrush"},
          {"stage": "compare", "artifact": "errorMap", "label": "Error map"}],
          "metrics": [{"label": "SSIM", "stage": "compare", "metric": "ssim", "digits": 3}]}]}
        """)
    for position in results.jobs.indices {
      let seed = seeds[results.jobs[position].trials[0]]
      let names = results.jobs[position].stage == "timing" ? ["coarse", "refined"] : ["errorMap"]
      for name in names {
        let path = "\(folder.path)/\(seed)-\(name).png"
        var pixels: [UInt8] = []
        for _ in 0..<16 { for x in 0..<16 { pixels += [UInt8(seed), UInt8(x * 16), name == "coarse" ? 10 : 200] } }
        try Image(width: 16, height: 16, channels: 3, pixels: pixels).write(to: path)
        results.jobs[position].attempt?.artifacts.append(
          ArtifactResult(name: name, digest: "abcdef0123456789", byteCount: 1, mediaType: "image/png", path: path))
      }
    }
    return results
  }
}
