import Foundation
import Testing

/// Values that are many, long, wide, or full of punctuation, through every door that lets them out.
@Suite struct `Values of any kind` {
  private static let value = #"echo '{\"metrics\": [{\"name\": \"x\", \"value\": 1}]}' > $ORCHESTRATE_RESULT"#

  private func python(_ script: String, in project: Project) throws -> Project.Outcome {
    try project.write(script, to: "check.py")
    return try RunningProgram(path: "/usr/bin/env", arguments: ["python3", "check.py"], folder: project.folder)
      .outcome()
  }

  private func succeed(_ project: Project, _ words: String...) throws {
    let outcome = try project.start(words[0], Array(words.dropFirst())).outcome()
    #expect(outcome.status == 0, "\(words): \(outcome.errors.prefix(500))")
  }

  @Test func `come back from CSV as they were`() throws {
    var generator = SystemRandomNumberGenerator()
    let parts = [
      "a", "\"", ",", "\r", "\n", "\r\n", "\t", "=", "+", "-", "@", "'", ";", "\u{301}", "👩‍👩‍👧", "日本", " ", "1", "|",
      "<b>",
    ]
    var texts: Set<String> = [
      "=1+1", "'=1", "''=1", "'", "\r", "\n", "\r\n", " a ", "\"", "\"\u{301}", "-1", "1e5", "NaN",
    ]
    while texts.count < 80 {
      texts.insert(
        (0..<Int.random(in: 1...8, using: &generator)).map { _ in parts.randomElement(using: &generator) ?? "" }
          .joined())
    }
    let project = try Project()
    let list = String(decoding: try JSONEncoder().encode(texts.sorted()), as: UTF8.self)
    try project.write(list, to: "texts.json")
    try project.write(
      """
      {"name": "all", "axes": {"v": \(list)},
       "stages": {"s": {"command": ["sh", "-c", "\(Self.value)", "${v}"]}},
       "report": {"tables": [{"id": "t", "title": "T", "rows": "v", "rowNames": "value", "columns": [{"label": "x", "stage": "s", "metric": "x"}]}],
        "charts": [{"id": "c", "title": "C", "kind": "bar", "x": {"axis": "v"},
         "panels": [{"label": "P", "series": [{"label": "x", "stage": "s", "metric": "x"}]}]}]}}
      """, to: "all.json")
    try succeed(project, "orchestrate", "run", "all.json")
    try succeed(project, "orchestrate", "export", "--format", "csv", "samples.csv")
    try succeed(project, "report", "build", "--format", "csv", "--output", "pages")
    let query = try project.run("orchestrate", "query", "--format", "csv", "SELECT DISTINCT v FROM latest_result")
    try Data(query.output.utf8).write(to: URL(fileURLWithPath: "\(project.folder)/query.csv"))
    let outcome = try python(
      """
      import csv, json, re
      texts = set(json.load(open("texts.json", encoding="utf-8")))
      def plain(field): return field[1:] if re.match(r"^'+[=+@\\t\\r\\n-]", field) else field
      def rows(path): return list(csv.reader(open(path, newline="", encoding="utf-8"), strict=True))
      queried = rows("query.csv")
      assert queried[0] == ["v"] and {plain(row[0]) for row in queried[1:]} == texts, texts ^ {plain(row[0]) for row in queried[1:]}
      exported = rows("samples.csv")
      column = exported[0].index("v")
      assert all(len(row) == len(exported[0]) for row in exported)
      assert {plain(row[column]) for row in exported[1:]} == texts, texts ^ {plain(row[column]) for row in exported[1:]}
      page = rows("pages/all.csv")
      assert all(len(row) == len(page[0]) for row in page)
      addresses = [row[1] for row in page[1:] if row[0] == "cell"]
      assert len(addresses) == len(set(addresses)), [a for a in addresses if addresses.count(a) > 1]
      assert len([a for a in addresses if a.startswith("all:c:")]) == len(texts)
      """, in: project)
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test func `stand in straight columns and are cut where nobody reads on`() throws {
    let project = try Project()
    try project.write(#"{"name": "one", "stages": {"s": {"command": ["true"]}}}"#, to: "one.json")
    try succeed(project, "orchestrate", "run", "one.json")
    let sql = "SELECT value AS name, 1 AS n FROM json_each('[\"日本語\", \"abc\", \"e\u{301}\", \"👩‍👩‍👧\"]')"
    let table = try project.run("orchestrate", "query", sql)
    #expect(
      table.output == """
        name    n
        ------  -
        日本語  1
        abc     1
        e\u{301}       1
        👩‍👩‍👧      1

        """)
    let long = "SELECT printf('%.*c', 100000, 'x') AS long, 'short' AS other"
    let cut = try project.run("orchestrate", "query", long)
    #expect(cut.output.utf8.count < 1500 && cut.output.contains("xxx…  short"), "\(cut.output.utf8.count)")
    #expect(cut.errors.contains("--format csv or json has them whole"))
    let whole = try project.run("orchestrate", "query", "--format", "csv", long)
    #expect(whole.output.utf8.count > 100_000 && whole.errors.isEmpty)
  }

  @Test func `as names of thousands of axes leave the database open to questions`() throws {
    let project = try Project()
    for group in 0..<4 {
      let axes = (0..<501).map { "\"a\(group)x\($0)\": [1]" }.joined(separator: ", ")
      try project.write(
        #"{"name": "e\#(group)", "zip": {"z": {\#(axes)}}, "stages": {"s": {"command": ["sh", "-c", "\#(Self.value)"]}}}"#,
        to: "e.json")
      try succeed(project, "orchestrate", "run", "e.json")
    }
    let sql = "SELECT count(*), sum(a3x500) FROM result"
    let outcome = try project.run("orchestrate", "query", "--format", "csv", sql)
    #expect(outcome.output.hasSuffix("4,1\r\n"), "\(outcome)")
  }

  @Test func `of a job that measures thousands of things fill no page and no terminal`() throws {
    let project = try Project()
    let script =
      "import json, os; json.dump({'metrics': [{'name': f'm{i:05}', 'value': i} for i in range(3000)]}, open(os.environ['ORCHESTRATE_RESULT'], 'w'))"
    try project.write(
      #"{"name": "many", "stages": {"s": {"command": ["python3", "-c", "\#(script)"]}}}"#, to: "many.json")
    try succeed(project, "orchestrate", "run", "many.json")
    try succeed(project, "report", "build", "--output", "pages")
    let page = try project.text(of: "pages/many.md")
    #expect(page.contains("m00999") && !page.contains("m01000") && page.contains("… and 2000 more"))
    let shown = try project.run("orchestrate", "show").output
    #expect(shown.contains("m00999 = ") && !shown.contains("m01000") && shown.contains("… and 2000 more metrics"))
  }

  @Test func `a few jobs of many leave only their own parts in the database`() throws {
    let project = try Project()
    try project.write(
      #"{"name": "part", "axes": {"i": {"from": 1, "to": 40}}, "stages": {"s": {"command": ["true", "${i}"]}}}"#,
      to: "part.json")
    func known() throws -> String {
      try project.run(
        "orchestrate", "query", "--format", "csv", "SELECT count(DISTINCT fingerprint) AS n FROM fingerprint_part"
      ).output
    }
    try succeed(project, "orchestrate", "run", "part.json", "--only", "i=1", "--only", "i=2")
    #expect(try known() == "n\r\n2\r\n")
    try succeed(project, "orchestrate", "run", "part.json")
    #expect(try known() == "n\r\n40\r\n")
    let why = try project.run("orchestrate", "plan", "part.json", "--set", "+stages.s.environment={\"A\": \"1\"}")
    #expect(why.output.contains("changed: environment"), "\(why)")
  }

  @Test func `a log of any size is printed as it is`() throws {
    let project = try Project()
    try project.write(#"{"name": "log", "stages": {"s": {"command": ["seq", "1", "400000"]}}}"#, to: "log.json")
    try succeed(project, "orchestrate", "run", "log.json")
    let stored = try project.text(of: "results/attempts/1/stdout.log")
    let printed = try project.run("orchestrate", "logs", "1").output
    #expect(printed == "== stdout.log\n\(stored)" && stored.utf8.count > 1 << 20)
  }
}
