import Foundation
import Testing
import TestSupport

/// Pages over real runs: pictures that jobs stored, jobs that failed, and the gallery.
@Suite struct `Pictures and logs on pages` {
  private static func spec(_ picture: String) -> String {
    """
    {"name": "plots", "axes": {"seed": [1, 2]}, "stages": {
      "draw": {"command": ["sh", "-c", "printf '%s' '\(picture)' >\\"$ORCHESTRATE_OUTPUT_DIRECTORY/p.svg\\"; : ${seed}"],
        "outputs": {"plot": "p.svg"}},
      "crash": {"command": ["sh", "-c", "echo first of ${seed} >&2; echo last words of ${seed} >&2; exit 3"]}},
     "report": {"figures": [{"id": "f", "panels": [{"stage": "draw", "artifact": "plot"}]}]}}
    """
  }

  @Test func `a file that is no picture ends the build with code 1 and the job's name, and nothing is written`() throws
  {
    let project = try Project()
    try project.write(Self.spec("no picture"), to: "plots.json")
    _ = try project.run("orchestrate", "run", "plots.json")
    let build = try project.run("report", "build")
    #expect(build.status == 1, "\(build)")
    #expect(build.errors.contains("the artifact 'plot' of draw (seed = 1; attempt "), "\(build.errors)")
    #expect(build.errors.contains("it is neither a PNG, nor a JPEG, nor an SVG file"))
    #expect(!project.exists("reports"))
  }

  @Test func `drawings are shown, and a failed job shows how its log ended without a path of the machine`() throws {
    let project = try Project()
    let drawing =
      "<svg xmlns=\\\"http://www.w3.org/2000/svg\\\" onload=\\\"x\\\"><rect width=\\\"9\\\" height=\\\"9\\\"/></svg>"
    try project.write(Self.spec(drawing), to: "plots.json")
    _ = try project.run("orchestrate", "run", "plots.json")
    let build = try project.run("report", "build", "--format", "md,html")
    #expect(build.status == 0, "\(build)")
    let sheet = try project.text(of: "reports/plots/f.svg")
    // One drawing for each seed.
    #expect(sheet.components(separatedBy: "data:image/svg+xml;base64,").count == 1 + 2)
    for file in ["reports/plots.md", "reports/plots.html"] {
      let page = try project.text(of: file)
      for seed in 1...2 {
        #expect(
          page.contains("first of \(seed)\nlast words of \(seed)\n") || page.contains("last words of \(seed)<"),
          "\(page)")
      }
      #expect(!page.contains(project.folder), "\(file)")
    }
  }

  @Test func `the gallery has every kind of chart, and its page the pictures`() throws {
    let text = try String(contentsOfFile: "\(packageFolder)/Examples/gallery/gallery.json", encoding: .utf8)
    let spec = try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    let charts = try #require((spec["report"] as? [String: Any])?["charts"] as? [[String: Any]])
    let reference = try String(contentsOfFile: "\(packageFolder)/Docs/SpecReference.md", encoding: .utf8)
    let table = reference.components(separatedBy: "<!-- kinds of charts -->").dropFirst().first ?? ""
    let kinds = table.components(separatedBy: "\n\n").first?.matches(of: /\n\| `(\w+)` \|/).map { String($0.1) } ?? []
    #expect(kinds.count > 10 && Set(charts.map { $0["kind"] as? String ?? "line" }) == Set(kinds))
    let page = try String(contentsOfFile: "\(packageFolder)/Docs/Gallery.md", encoding: .utf8)
    for chart in charts {
      let id = try #require(chart["id"] as? String)
      #expect(page.contains("(Gallery/\(id).svg)"), "\(id)")
      #expect(FileManager.default.fileExists(atPath: "\(packageFolder)/Docs/Gallery/\(id).svg"), "\(id)")
    }
    let project = try Project()
    try project.write(
      text.replacing("\"$schema\": \"../../experiments/experiment.schema.json\",", with: ""), to: "gallery.json")
    let plan = try project.run("orchestrate", "validate", "gallery.json")
    #expect(plan.status == 0, "\(plan)")
  }
}
