import ExperimentSpec
import JSON
import Testing

/// Which numbers would average over axes that are no repetitions.
@Suite struct `Pooling by accident` {
  private static let stages = #"""
    "stages": {
      "data": {"command": ["d", "${seed}"], "outputs": {"d": "d"}},
      "train": {"command": ["t", "${inputs.d}", "${rate}"], "outputs": {"w": "w"}, "environment": {"MODEL": "${model}"},
        "inputs": {"d": {"stage": "data", "artifact": "d"}}},
      "test": {"command": ["e", "${inputs.w}"], "inputs": {"w": {"stage": "train", "artifact": "w"}}},
      "all": {"command": ["a", "${inputs.w}"], "inputs": {"w": {"stage": "train", "artifact": "w"}}, "collect": ["C", "seed"]},
      "some": {"command": ["s", "${C}", "${model}"], "when": {"C": 1}}}
    """#

  /// The messages about a report over the axes `seed`, `C` and `model`, in order.
  private static func mistakes(
    _ report: String, axes: String = #""axes": {"seed": [1, 2, 3], "C": [0.1, 1], "model": ["svm", "tree"]}"#,
    more: String = ""
  ) -> [Diagnostic] {
    let text =
      "{\"name\": \"x\", \(axes), \"parameters\": {\"rate\": \"${C}\"},\(more) \(stages), \"report\": {\(report)}}"
    return SpecReading(SourceText(name: "x.json", text: text)).diagnostics
  }

  private static func table(_ members: String, stage: String = "test", column: String = "") -> String {
    "\"tables\": [{\"id\": \"t\", \(members) \"columns\": {\"stage\": \"\(stage)\", \"metric\": \"m\"\(column)}}]"
  }

  /// The axis that a table would average over, or another mistake; empty if there is none.
  private static func pooled(_ report: String, more: String = "") -> String {
    mistakes(report, more: more).map { $0.code == .pooledAxis ? String($0.message.suffix(8)) : $0.message }.joined()
  }

  @Test func `a cell has one value of every axis but the seed`() {
    #expect(Self.pooled(Self.table(#""rows": "model","#)).hasSuffix("over 'C'"))
    #expect(Self.pooled(Self.table("")).hasSuffix("over 'C'"))
    #expect(Self.pooled(Self.table(#""rows": ["model", "C"],"#)) == "")
    #expect(Self.pooled(Self.table(#""rows": "model","#, column: #", "by": "C""#)) == "")
    #expect(Self.pooled(Self.table(#""rows": "model", "where": {"C": 1},"#)) == "")
    #expect(Self.pooled(Self.table(#""rows": "model","#, column: #", "where": {"C": [1]}"#)) == "")
    #expect(Self.pooled(Self.table(#""rows": "model", "where": {"C": [0.1, 1]},"#)).hasSuffix("over 'C'"))
  }

  @Test func `the author may say that it is meant`() {
    #expect(Self.pooled(Self.table(#""rows": "model", "over": ["C"],"#)) == "")
    #expect(Self.pooled(Self.table(#""rows": "model", "over": "C","#)) == "")
    #expect(Self.pooled(Self.table(#""rows": "model","#), more: #""replicates": ["seed", "C"],"#) == "")
    #expect(Self.pooled(Self.table(#""rows": ["model", "C"],"#), more: #""replicates": [],"#).contains("seed"))
  }

  @Test func `only axes count that the stage depends on`() {
    #expect(Self.pooled(Self.table("", stage: "data")) == "")
    // The rate comes from a parameter, the model from the environment.
    #expect(Self.pooled(Self.table(#""rows": "C","#, stage: "train")).contains("model"))
    #expect(Self.pooled(Self.table(#""rows": "model","#, stage: "all")) == "")
    #expect(Self.pooled(Self.table("", stage: "all")).contains("model"))
    #expect(Self.pooled(Self.table(#""rows": "model","#, stage: "some")) == "")
  }

  @Test func `the message has its place and the cure`() throws {
    let found = Self.mistakes("\n  " + Self.table(#""rows": "model","#))
    let text = DiagnosticRenderer().text(of: found)
    let message = "x.json:8:26: error: the cells of column 'm' of table 't' would average over 'C'"
    #expect(text.hasPrefix(message), "\(text)")
    #expect(text.contains("name it in 'rows', 'by' or 'where', or say \"over\": [\"C\"]"), "\(text)")
  }

  private static let zip = #""axes": {"seed": [1, 2]}, "zip": {"g": {"C": [1, 2, 2], "model": ["a", "b", "c"]}}"#

  @Test func `members of a zip group are looked at together`() {
    func pooled(_ report: String) -> [String] { Self.mistakes(report, axes: Self.zip).map(\.message) }
    #expect(pooled(Self.table(#""rows": "model","#)) == [])
    #expect(pooled(Self.table(#""rows": "C","#)).first?.hasSuffix("over 'model'") == true)
    #expect(pooled(Self.table(#""rows": "C", "where": {"model": ["a", "b"]},"#)) == [])
    #expect(pooled(Self.table(#""rows": "C", "over": ["model"],"#)) == [])
    #expect(pooled(Self.table(#""over": ["C"],"#)) == [])
  }

  @Test func `trials that are left out or added count`() {
    let rest = #""exclude": [{"C": 0.1, "model": "svm"}, {"C": 1, "model": "tree"}],"#
    #expect(Self.pooled(Self.table(#""rows": "model","#), more: rest) == "")
    #expect(Self.pooled(Self.table(""), more: rest).contains("over"))
    let added = #""include": [{"seed": 1, "C": 5, "model": "svm"}],"#
    #expect(Self.pooled(Self.table(#""rows": "model", "where": {"C": 1},"#), more: added) == "")
    #expect(Self.pooled(Self.table(#""rows": "model", "where": {"C": [1, 5]},"#), more: added).hasSuffix("over 'C'"))
  }

  private static func claim(_ test: String, more: String = "") -> String {
    "\"claims\": [{\"id\": \"A\", \"text\": \"t\"\(more), \"tests\": [{\(test), \"rule\": {\"greater\": 0}}]}]"
  }

  @Test func `a claim takes no axis for repetitions that nobody calls so`() {
    let svm = #""quantity": {"stage": "test", "metric": "m", "where": {"model": "svm"}}"#
    let tree = #""against": {"stage": "test", "metric": "m", "where": {"model": "tree"}}, "form": "difference""#
    let what = Self.pooled(Self.claim("\(svm), \(tree)"))
    #expect(what.contains("titions"), "\(what)")
    #expect(Self.pooled(Self.claim("\(svm), \(tree), \"where\": {\"C\": 1}")) == "")
    #expect(Self.pooled(Self.claim("\(svm), \(tree), \"units\": [\"seed\", \"C\"]")) == "")
    #expect(Self.pooled(Self.claim("\(svm), \(tree), \"units\": [\"seed\"]")).contains("titions"))
    #expect(Self.pooled(Self.claim("\(svm), \(tree), \"over\": [\"C\"]")) == "")
    #expect(Self.pooled(Self.claim("\(svm), \(tree)", more: #", "over": ["C"]"#)) == "")
    #expect(Self.pooled(Self.claim("\(svm), \(tree)", more: #", "where": {"C": 1}"#)) == "")
  }

  @Test func `points are cells, and charts that show each attempt average over nothing`() {
    func chart(_ members: String, panel: String = "", series: String = "") -> String {
      "\"charts\": [{\"id\": \"c\", \"x\": {\"axis\": \"C\"}, \(members)"
        + " \"panels\": [{\(panel)\"series\": [{\(series)\"stage\": \"test\", \"metric\": \"m\"}]}]}]"
    }
    #expect(Self.pooled(chart("")).contains("model"))
    #expect(Self.pooled(chart(#""where": {"model": "svm"},"#)) == "")
    #expect(Self.pooled(chart(#""over": ["model"],"#)) == "")
    for kind in ["strip", "box", "histogram", "ecdf"] { #expect(Self.pooled(chart("\"kind\": \"\(kind)\",")) == "") }
    for kind in ["points", "bar", "stacked", "trend"] {
      #expect(Self.pooled(chart("\"kind\": \"\(kind)\",")).contains("model"), "\(kind)")
    }
    #expect(Self.pooled(chart(#""by": "model","#)) == "")
    #expect(Self.pooled(chart("", panel: #""where": {"model": "svm"}, "#)) == "")
    #expect(Self.pooled(chart("", series: #""where": {"model": "svm"}, "#)) == "")
    #expect(Self.pooled(chart("", series: #""by": "model", "#)) == "")
    #expect(Self.pooled(chart("", series: #""where": {"model": ["svm", "tree"]}, "#)).contains("model"))
    #expect(Self.pooled(chart(#""kind": "heat", "y": {"axis": "model"},"#)) == "")
  }
}
