import Foundation
import Testing

/// A paper whose truth is known, reproduced with the real programs.
@Suite struct `A toy paper` {
  /// The commands print a time of 2 + noise for method A and 3 + noise for B; the paper says 2.0 and 5.0, and that both are alike.
  private static let spec = #"""
    {
      "name": "toy",
      "axes": { "seed": { "from": 1, "to": 8 } },
      "stages": {
        "measure": {
          "command": ["sh", "-c", "n=$(( (${seed} * 7) % 5 )); printf '{\"metrics\":[{\"name\":\"a\",\"value\":2.0%s},{\"name\":\"b\",\"value\":3.0%s},{\"name\":\"wide\",\"value\":%s},{\"name\":\"same\",\"value\":1}]}' $n $(( (${seed} * 3) % 7 )) $n >$ORCHESTRATE_RESULT"]
        }
      },
      "report": {
        "tables": [{ "id": "table1", "title": "Table 1", "place": "Table 1", "rows": "seed", "rowLabel": "Trial", "summary": ["mean"], "columns": [
          { "label": "A", "stage": "measure", "metric": "a", "digits": 1, "paperSummary": { "mean": 2.0 }, "margin": 0.1 },
          { "label": "B", "stage": "measure", "metric": "b", "digits": 1, "paperSummary": { "mean": 5.0 }, "margin": 0.1 },
          { "label": "Wide", "stage": "measure", "metric": "wide", "digits": 1, "paperSummary": { "mean": 2.1 }, "margin": 0.3 },
          { "label": "FID", "digits": 1, "paperSummary": { "mean": 16.7 }, "missing": "Inception weights." }] }],
        "claims": [
          { "id": "right", "text": "A is faster than B", "tests": [{ "form": "difference", "quantity": { "stage": "measure", "metric": "a" }, "against": { "stage": "measure", "metric": "b" }, "rule": { "less": 0 } }] },
          { "id": "wrong", "text": "B costs at most a tenth more", "tests": [{ "form": "ratio", "quantity": { "stage": "measure", "metric": "b" }, "against": { "stage": "measure", "metric": "a" }, "rule": { "less": 1.1 } }] },
          { "id": "open", "text": "The wide one is above two", "tests": [{ "quantity": { "stage": "measure", "metric": "wide" }, "rule": { "greater": 1.9 } }] },
          { "id": "constant", "text": "It is always one", "tests": [{ "quantity": { "stage": "measure", "metric": "same" }, "rule": { "identical": 0 } }] },
          { "id": "beyond", "text": "People like it", "missing": "People." }]
      }
    }
    """#

  /// The verdicts planted above.
  private static let truth = [
    "toy:right": "reproduced", "toy:wrong": "refuted", "toy:open": "undecided", "toy:constant": "reproduced",
    "toy:beyond": "not testable", "toy:table1:mean:a": "reproduced", "toy:table1:mean:b": "refuted",
    "toy:table1:mean:wide": "undecided", "toy:table1:mean:fid": "not testable",
  ]

  @Test func `every verdict is the planted one, and the code tells the worst`() throws {
    let project = try Project()
    try project.write(Self.spec, to: "toy.json")
    let run = try project.run("orchestrate", "run", "toy.json")
    #expect(run.status == 0, "\(run.errors)")
    let check = try project.run("report", "check", "toy")
    #expect(check.status == 1, "\(check.errors)")
    var found: [String: String] = [:]
    for line in check.output.split(separator: "\n") {
      let verdict = line.prefix(12).reversed().drop { $0 == " " }.reversed().map(String.init).joined()
      let address = line.dropFirst(14).prefix { $0 != " " }
      found[String(address)] = verdict
    }
    #expect(found == Self.truth, "\(check.output)")
    #expect(try project.run("report", "build", "--format", "html", "--output", "pages").status == 0)
    let page = try project.text(of: "pages/toy.html")
    let words = [
      "reproduced": "<strong class=\"good\">Reproduced</strong>", "refuted": "<strong class=\"bad\">Refuted</strong>",
    ]
    for (address, verdict) in Self.truth where !address.contains("table1") && verdict != "not testable" {
      let line = "<li>\(words[verdict] ?? "Undecided") · \(address.dropFirst(4)) "
      #expect(page.contains(line), "\(line)")
    }
    #expect(try project.run("report", "check", "nothing").status == 2)
  }

  @Test func `a paper that is right gives 0, an open one 3, and an edited page 1`() throws {
    let project = try Project()
    let open = Self.spec.replacing("\"mean\": 5.0", with: "\"mean\": 3.0").replacing(
      "{ \"less\": 1.1 }", with: "{ \"less\": 2 }")
    try project.write(open, to: "open.json")
    #expect(try project.run("orchestrate", "run", "open.json").status == 0)
    #expect(try project.run("report", "check").status == 3)
    let right = open.replacing("\"mean\": 2.1 }, \"margin\": 0.3", with: "\"mean\": 2.1 }, \"margin\": 3").replacing(
      "\"greater\": 1.9", with: "\"greater\": 0")
    try project.write(right, to: "right.json")
    #expect(try project.run("orchestrate", "run", "right.json").status == 0)
    let check = try project.run("report", "check")
    #expect(check.status == 0, "\(check.output)")
    let build = try project.run("report", "build", "--format", "md,html,latex,csv", "--output", "published")
    #expect(
      build.output.contains("published/toy.html") && build.output.contains("published/toy.tex"), "\(build.errors)")
    #expect(try project.run("report", "check", "--published", "published").status == 0)
    let page = try project.text(of: "published/toy.md")
    #expect(page.contains("reproduced"))
    try project.write(page.replacing("16.7", with: "16.8"), to: "published/toy.md")
    let edited = try project.run("report", "check", "--published", "published")
    #expect(edited.status == 1 && edited.output.contains("16.8"), "\(edited.output)")
    try project.write(page + " ", to: "published/toy.md")
    let appended = try project.run("report", "check", "--published", "published")
    #expect(appended.status == 1 && appended.output.contains("regression    published/toy.md differs in line"))
  }

  @Test func `a number is traced from the page to its attempt`() throws {
    let project = try Project()
    try project.write(Self.spec, to: "toy.json")
    #expect(try project.run("orchestrate", "run", "toy.json").status == 0)
    let trace = try project.run("report", "trace", "toy:table1:2:a")
    #expect(trace.status == 0 && trace.output.contains("seed = 2"), "\(trace.errors)")
    #expect(trace.output.contains("samples of a: 2.04"), "\(trace.output)")
    #expect(trace.output.contains("orchestrate ") && trace.output.contains("machine "))
    let wrong = try project.run("report", "trace", "toy:table1:99:a")
    #expect(wrong.status == 2 && wrong.errors.contains("names no number"))
    let format = try project.run("report", "build", "--format", "pdf")
    #expect(format.status == 64 && format.errors.contains("there is no format 'pdf'"), "\(format.errors)")
  }
}
