import Foundation
import Testing

/// What a run and a report say of metrics, of axes and of hypotheses.
@Suite struct `Reports of a lab` {
  private static func spec(_ metric: String, rows: String = #"["model", "C"]"#) -> String {
    """
    {
      "name": "lab", "axes": { "model": ["a", "b"], "C": [1, 2], "seed": [1, 2, 3] },
      "metrics": { "accuracy": { "label": "Accuracy", "digits": 2, "better": "greater" } },
      "stages": {
        "train": { "command": ["sh", "-c", "echo '{\\"metrics\\":[{\\"name\\":\\"accuracy\\",\\"value\\":${C}.${seed}}]}' >$ORCHESTRATE_RESULT", "${model}"] }
      },
      "report": {
        "tables": [{ "id": "main", "title": "Main", "rows": \(rows), "columns": { "stage": "train", "metric": "\(metric)" } }],
        "claims": [{ "id": "H", "text": "C helps", "where": { "model": "a" }, "tests": [{ "form": "difference", "label": "gain",
          "quantity": { "stage": "train", "metric": "accuracy", "where": { "C": 2 } },
          "against": { "stage": "train", "metric": "accuracy", "where": { "C": 1 } }, "rule": { "greater": 0 } }] }]
      }
    }
    """
  }

  @Test func `a misspelt metric is told when the first job has reported, and by every build`() throws {
    let project = try Project()
    try project.write(Self.spec("acuracy"), to: "s.json")
    let run = try project.run("orchestrate", "run", "s.json")
    let sentence = "stage train reports accuracy; the table 'main' wants 'acuracy'; did you mean 'accuracy'?"
    #expect(run.status == 0, "\(run)")
    #expect(run.errors.components(separatedBy: "warning: \(sentence)\n").count == 2, "\(run.errors)")
    let build = try project.run("report", "build")
    #expect(build.status == 1 && build.output.contains("reports/lab.md"))
    #expect(build.errors == "report: experiment lab: \(sentence)\n")
  }

  @Test func `a table by two axes and a hypothesis`() throws {
    let project = try Project()
    try project.write(Self.spec("accuracy"), to: "s.json")
    let run = try project.run("orchestrate", "run", "s.json")
    #expect(run.status == 0 && !run.errors.contains("warning"), "\(run.errors)")
    let build = try project.run("report", "build", "--format", "md,html,latex,csv")
    #expect(build.status == 0 && build.errors == "", "\(build)")
    let page = try String(contentsOfFile: "\(project.folder)/reports/lab.md", encoding: .utf8)
    #expect(page.contains("- **Holds** · H C helps: gain 1.00 [1.00, 1.00] (90 %) (expected above 0)."), "\(page)")
    #expect(page.contains("| model | C  ") && page.contains(" 1.20 ± 0.10 [0.95, 1.45]"), "\(page)")
    #expect(page.contains("**2.20** ± 0.10 [1.95, 2.45]"), "\(page)")
    #expect(try project.run("report", "check").output.hasPrefix("holds         lab:H  C helps"))
    #expect(try project.run("report", "trace", "lab:main:a-2:accuracy").output.contains("Main: model a, C 2, Accuracy"))
  }

  @Test func `a table that would pool is refused with place and cure, and nothing is run`() throws {
    let project = try Project()
    try project.write(Self.spec("accuracy", rows: #""model""#), to: "s.json")
    for command in ["validate", "plan", "run"] {
      let refused = try project.run("orchestrate", command, "s.json")
      #expect(refused.status == 2, "\(refused)")
      #expect(
        refused.errors.hasPrefix(
          "s.json:8:49: error: the cells of column 'Accuracy' of table 'main' would average over 'C' [spec.pooled-axis]"
        ),
        "\(refused.errors)")
      #expect(refused.errors.contains("say \"over\": [\"C\"]"))
    }
    #expect(!FileManager.default.fileExists(atPath: "\(project.folder)/results"))
  }
}
