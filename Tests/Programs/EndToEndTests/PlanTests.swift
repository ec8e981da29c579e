import Foundation
import Testing
import TestSupport

@Suite struct `Plans on the command line` {
  private static let base = """
    {
      "name": "base", "parameters": { "word": "one" }, "axes": { "n": [1, 2, 3] },
      "stages": {
        "make": {
          "command": ["sh", "-c", "echo ${word} ${n} >${outputDirectory}/o; echo ${n} >>made; test -e go"],
          "outputs": { "o": "o" }
        },
        "use": {
          "command": ["sh", "-c", "cat ${inputs.o} >>used"],
          "inputs": { "o": { "stage": "make", "artifact": "o" } }
        }
      }
    }
    """

  private func project() throws -> Project {
    let project = try Project()
    try project.write(Self.base, to: "base.json")
    try project.write("{ \"extends\": \"base.json\", \"name\": \"own\", \"axes\": { \"n\": [1, 2] } }", to: "own.json")
    return project
  }

  /// The hash that `plan` prints last.
  private func hash(_ output: String) -> String {
    output.split(separator: "\n").last?.split(separator: " ").last.map(String.init) ?? ""
  }

  @Test func `a spec that extends another runs, and its mistakes name the file`() throws {
    let project = try project()
    try project.write("", to: "go")
    let run = try project.run("orchestrate", "run", "own.json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("4 to run (4 new)"), "\(run.errors)")
    try project.write(Self.base.replacingOccurrences(of: "${n} >$", with: "${m} >$"), to: "base.json")
    let wrong = try project.run("orchestrate", "validate", "own.json")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("base.json:5:45: error: unknown variable 'm' in stage 'make'"), "\(wrong.errors)")
  }

  @Test func `mistakes of several specs are one JSON object`() throws {
    let project = try project()
    try project.write("{ \"extends\": \"bse.json\", \"name\": \"x\" }", to: "x.json")
    let outcome = try project.run("orchestrate", "validate", "own.json", "x.json", "--format", "json")
    #expect(outcome.status == 2)
    let found = try JSONSerialization.jsonObject(with: Data(outcome.output.utf8)) as? [String: [[String: Any]]]
    let first = try #require(found?["diagnostics"]?.first)
    #expect(first["code"] as? String == "spec.unreadable-file" && first["suggestion"] as? String == "base.json")
    #expect(first["file"] as? String == "x.json" && first["line"] as? Int == 1 && first["column"] as? Int == 14)
  }

  @Test func `a selection runs some jobs with what they need, and the rest later`() throws {
    let project = try project()
    try project.write("", to: "go")
    let plan = try project.run("orchestrate", "plan", "base.json", "--only", "stage=use", "--only", "n=2")
    #expect(plan.output.contains("3 trials, 2 of 6 jobs in 2 stages"), "\(plan.output)\(plan.errors)")
    #expect(plan.output.contains("#1 make n=2: new\n#4 use n=2: new\n\n2 of 2 jobs would run"), "\(plan.output)")
    let some = try project.run("orchestrate", "run", "base.json", "--only", "stage=use", "--only", "n=2")
    #expect(some.status == 0, "\(some.errors)")
    #expect(some.errors.contains("0 jobs reused, 2 to run (2 new)"), "\(some.errors)")
    #expect(some.errors.contains("2 done, 4 not selected"), "\(some.errors)")
    #expect(try project.text(of: "made") == "2\n")
    let rest = try project.run("orchestrate", "run", "base.json")
    #expect(rest.errors.contains("2 jobs reused, 4 to run (4 new)"), "\(rest.errors)")
    let wrong = try project.run("orchestrate", "run", "base.json", "--only", "stage=usee")
    #expect(wrong.status == 2)
    #expect(wrong.errors.contains("--only:1:7: error: unknown stage 'usee' in a selection"), "\(wrong.errors)")
    #expect(wrong.errors.contains("did you mean 'use'?"))
  }

  @Test func `a frozen plan is taken up although the spec has changed`() throws {
    let project = try project()
    let failed = try project.run("orchestrate", "run", "base.json")
    #expect(failed.status == 1)
    let hash = hash(try project.run("orchestrate", "plan", "base.json").output)
    try project.write("this is no spec any more", to: "base.json")
    try project.write("", to: "go")
    let resumed = try project.run("orchestrate", "run", "--plan", String(hash.prefix(8)))
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("run 2 of base: 0 jobs reused, 6 to run"), "\(resumed.errors)")
    #expect(try project.text(of: "used").split(separator: "\n").sorted() == ["one 1", "one 2", "one 3"])
    let unknown = try project.run("orchestrate", "run", "--plan", "abcdef")
    #expect(unknown.status == 2 && unknown.errors.contains("there is no plan 'abcdef'"), "\(unknown.errors)")
    let both = try project.run("orchestrate", "run", "base.json", "--plan", hash)
    #expect(both.status != 0 && both.errors.contains("name either a spec or a plan"), "\(both.errors)")
  }

  @Test func `plans are compared: spec with spec, with a hash, and with the latest run`() throws {
    let project = try project()
    try project.write("", to: "go")
    #expect(try project.run("orchestrate", "run", "base.json").status == 0)
    let hash = hash(try project.run("orchestrate", "plan", "base.json").output)
    let same = try project.run("orchestrate", "plan", "diff", "base.json")
    #expect(same.output.contains("0 changed, 0 added, 0 removed, 6 the same"), "\(same.output)\(same.errors)")
    try project.write(
      Self.base.replacingOccurrences(of: "\"one\"", with: "\"two\"").replacingOccurrences(of: "2, 3]", with: "2]"),
      to: "base.json")
    let changed = try project.run("orchestrate", "plan", "diff", hash, "base.json")
    #expect(changed.output.hasPrefix("from plan \(hash) of base to plan "), "\(changed.output)\(changed.errors)")
    #expect(changed.output.contains("4 changed, 0 added, 2 removed, 0 the same"), "\(changed.output)")
    #expect(changed.output.contains("~ #0 make n=1: parameters (word \"one\" → \"two\")"), "\(changed.output)")
    #expect(changed.output.contains("~ #2 use n=1: input.o"), "\(changed.output)")
    let specs = try project.run("orchestrate", "plan", "diff", "base.json", "own.json")
    #expect(specs.output.contains("0 changed, 0 added, 0 removed, 4 the same"), "\(specs.output)\(specs.errors)")
    let none = try project.run("orchestrate", "plan", "diff", "own.json")
    #expect(none.status == 2 && none.errors.contains("no run of 'own'"), "\(none.errors)")
  }

  @Test func `the plan is drawn and printed in every form, and its time is estimated`() throws {
    let project = try project()
    try project.write("", to: "go")
    #expect(try project.run("orchestrate", "run", "own.json").status == 0)
    let text = try project.run("orchestrate", "plan", "own.json", "--set", "n=[1,2,3,4]")
    #expect(text.output.contains("4 of 8 jobs would run, about "), "\(text.output)")
    #expect(text.output.contains(" of work by earlier runs, "), "\(text.output)")
    let svg = try project.run("orchestrate", "plan", "show", "own.json", "--graph", "svg", "--only", "n=1")
    #expect(svg.output.hasPrefix("<svg") && !svg.output.contains("n=2"))
    let dot = try project.run("orchestrate", "plan", "--graph", "dot", "own.json")
    #expect(dot.output.hasPrefix("digraph \"own\""), "\(dot.errors)")
    let json = try project.run("orchestrate", "plan", "own.json", "--graph", "json")
    #expect(json.output.hasPrefix("{\"digests\":["))
  }

  @Test func `the reference names the options of planning, and no other`() throws {
    let project = try project()
    let reference = try String(contentsOfFile: "\(packageFolder)/Docs/SpecReference.md", encoding: .utf8)
    let table = reference.components(separatedBy: "| option | what it does |\n").last ?? ""
    let rows = table.split(separator: "\n").dropFirst().prefix { $0.hasPrefix("|") }
    let named = Set(rows.compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) })
    var known: Set<String> = []
    for command in [["plan", "show"], ["plan", "diff"], ["why"], ["validate"]] {
      let help = try project.start("orchestrate", command + ["--help"]).outcome().output
      for word in help.split(whereSeparator: { $0.isWhitespace || ",[]".contains($0) }) where word.hasPrefix("--") {
        known.insert(String(word.prefix { $0 != "=" }))
      }
    }
    #expect(named == known.subtracting(["--help", "--version"]))
  }
}
