import ExperimentSpec
import Foundation
import JSON
import Testing

@Suite final class `Extended specs` {
  private let folder = FileManager.default.temporaryDirectory.appendingPathComponent("extends-\(UUID().uuidString)")
    .path

  init() throws {
    try FileManager.default.createDirectory(atPath: "\(folder)/more", withIntermediateDirectories: true)
    try write(
      "base.json",
      """
      {
        "name": "base", "title": "Base", "parameters": { "a": 1, "b": "${a}", "old": 3 },
        "axes": { "seed": { "from": 1, "to": 4 }, "steps": [1, 2] },
        "exclude": [{ "steps": 1 }],
        "workers": { "w": { "command": ["w"] } },
        "stages": {
          "make": { "task": "w/make", "with": { "seed": "${seed}", "deep": { "x": 1, "y": 2 } }, "retries": 1 },
          "use": { "task": "w/use", "inputs": { "i": { "stage": "make", "artifact": "o" } }, "with": { "b": "${b}" } }
        }
      }
      """)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func write(_ name: String, _ text: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
  }

  private func read(_ text: String, _ overrides: [String] = []) throws -> SpecReading {
    try write("own.json", text)
    return SpecReading(file: "\(folder)/own.json", overrides: overrides)
  }

  /// `file:line:column: message → suggestion` of each diagnostic, without the folder.
  private func complaints(_ text: String, _ overrides: [String] = []) throws -> [String] {
    try read(text, overrides).diagnostics.map { diagnostic in
      let place = "\(diagnostic.place.file):\(diagnostic.place.location.line):\(diagnostic.place.location.column)"
      let whole = "\(place): \(diagnostic.message)" + (diagnostic.suggestion.map { " → \($0)" } ?? "")
      return whole.replacingOccurrences(of: "\(folder)/", with: "")
    }
  }

  @Test func `objects merge, anything else replaces, and null removes`() throws {
    let reading = try read(
      """
      { "extends": "base.json", "name": "own", "title": null, "parameters": { "a": 2, "old": null, "new": [1] },
        "axes": { "seed": { "to": 2 }, "steps": [3] }, "exclude": null,
        "stages": { "make": { "with": { "deep": { "y": null, "z": 3 } }, "retries": null },
                    "after": { "task": "w/after", "needs": ["use"] } } }
      """)
    #expect(DiagnosticRenderer().text(of: reading.diagnostics) == "")
    let experiment = try #require(reading.experiment)
    #expect(experiment.name == "own" && experiment.title == nil)
    #expect(experiment.parameters.map(\.name) == ["a", "b", "new"])
    #expect(experiment.axes.map { $0.members[0].values } == [[1, 2], [3]])
    #expect(experiment.exclude == [])
    #expect(experiment.stages.map(\.name) == ["make", "use", "after"])
    #expect(experiment.stages[0].retries == 0)
    #expect(experiment.resolved["extends"] == nil)
    #expect(experiment.resolved["parameters"] == ["a": 2, "b": "${a}", "new": [1]])
    #expect(
      experiment.resolved["stages"]?["make"] == [
        "task": "w/make", "with": ["seed": "${seed}", "deep": ["x": 1, "z": 3]],
      ])
  }

  @Test func `specs extend each other in chains, each relative to its own folder`() throws {
    try write(
      "more/middle.json", "{ \"extends\": \"../base.json\", \"name\": \"middle\", \"parameters\": { \"a\": 5 } }")
    let reading = try read(
      "{ \"extends\": \"more/middle.json\", \"name\": \"own\", \"parameters\": { \"old\": 7 } }", ["seed=9"])
    let experiment = try #require(reading.experiment)
    #expect(experiment.resolved["parameters"] == ["a": 5, "b": "${a}", "old": 7])
    #expect(experiment.axes[0].members[0].values == [9])
  }

  @Test func `a mistake is reported in the file where it stands`() throws {
    try write(
      "wrong.json",
      """
      { "name": "wrong", "axes": { "seed": [] }, "stages": {
        "a": { "command": ["x", "${sed}"], "retires": 2 },
        "b": { "command": ["y"], "outputs": { "o": "o" }, "needs": ["c"] } } }
      """)
    #expect(
      try complaints(
        """
        { "extends": "wrong.json", "name": "own", "stages": {
          "a": { "inputs": { "i": { "stage": "b", "artifact": "p" } }, "environment": { "E": "${sede}" } },
          "c": { "command": ["z"], "needs": ["b"] } } }
        """) == [
          "own.json:2:55: unknown artifact 'p' of stage 'b'",
          "own.json:2:87: unknown variable 'sede' in stage 'a' → seed",
          "own.json:3:38: stages need each other: b → c → b",
          "wrong.json:1:38: axis 'seed' must not be empty",
          "wrong.json:2:28: unknown variable 'sed' in stage 'a' → seed",
          "wrong.json:2:38: unknown member 'retires' of stage 'a' → retries",
        ])
  }

  @Test func `circles, missing files, broken files and missing names are diagnostics`() throws {
    try write("loop.json", "{ \"extends\": \"own.json\", \"name\": \"loop\" }")
    #expect(
      try complaints("{ \"extends\": \"loop.json\", \"name\": \"own\" }") == [
        "loop.json:1:14: specs extend each other: own.json → loop.json → own.json"
      ])
    #expect(
      try complaints("{ \"extends\": \"own.json\", \"name\": \"own\" }") == [
        "own.json:1:14: specs extend each other: own.json → own.json"
      ])
    #expect(
      try complaints("{ \"extends\": \"bsae.json\", \"name\": \"own\" }") == [
        "own.json:1:14: the spec 'bsae.json' cannot be read: No such file or directory → base.json"
      ])
    try write("broken.json", "{ \"name\": \"broken\",\n  \"axes\" {} }")
    #expect(
      try complaints("{ \"extends\": \"broken.json\", \"name\": \"own\" }") == [
        "broken.json:2:10: found '{' where ':' after the key 'axes' was expected"
      ])
    try write("list.json", "[]")
    #expect(
      try complaints("{ \"extends\": \"list.json\", \"name\": \"own\" }") == [
        "list.json:1:1: the spec 'list.json' must be an object, not an array"
      ])
    #expect(
      try complaints("{ \"extends\": \"base.json\" }") == [
        "own.json:1:1: a spec that extends another needs a 'name' of its own"
      ])
    #expect(
      try complaints("{ \"extends\": [\"base.json\"], \"name\": \"own\" }") == [
        "own.json:1:14: 'extends' must be a string, not an array"
      ])
  }

  @Test func `removing what is not there, and a member twice, are diagnostics`() throws {
    #expect(
      try complaints(
        """
        { "extends": "base.json", "name": "own", "exlude": null, "parameters": { "odl": null, "a": 1, "a": 2 },
          "extends": "base.json" }
        """) == [
          "own.json:1:42: 'exlude' is null, but 'base.json' has no such member to remove → exclude",
          "own.json:1:74: 'odl' is null, but 'base.json' has no such member to remove → old",
          "own.json:1:95: the member 'a' occurs twice in one object",
          "own.json:2:3: the member 'extends' occurs twice in one object",
        ])
  }

  @Test func `overrides change the merged spec but not what it extends`() throws {
    let text = "{ \"extends\": \"base.json\", \"name\": \"own\" }"
    #expect(try read(text, ["a=7"]).experiment?.resolved["parameters"]?["a"] == 7)
    #expect(try complaints(text, ["extends=x.json"]) == ["--set:1:1: 'extends' cannot be overridden"])
    #expect(
      try complaints(text, ["steps=many"]) == [
        "--set:1:7: a value of 'steps' must be a number, as in the spec, not a string"
      ])
  }

  @Test func `a bracket left open is shown by its indentation`() throws {
    let reading = SpecReading(
      SourceText(
        name: "x.json",
        text: """
          {
            "name": "x",
            "axes": {
              "seed": { "from": 1, "to": 2,
              "steps": [1, 2]
            },
            "stages": { "a": { "command": ["x"] } }
          }

          """))
    let diagnostic = try #require(reading.diagnostics.first)
    #expect(reading.diagnostics.count == 1 && diagnostic.code == .syntax)
    #expect(diagnostic.notes.map(\.message) == ["this '{' seems to lack its '}'"])
    #expect(diagnostic.notes.first?.place.location == JSON.SourceLocation(line: 4, column: 13))
  }
}
