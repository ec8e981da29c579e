import ExperimentSpec
import JSON
import Testing

@Suite struct Diagnostics {
  @Test(arguments: DiagnosticCases.all)
  func `every mistake is reported at its place, and nothing else`(example: DiagnosticCase) {
    let marked = MarkedText(example.marked)
    let reading = SpecReading(SourceText(name: "x.json", text: marked.text))
    let found = reading.diagnostics.map {
      "\($0.place.location) \($0.code.rawValue) \($0.message) → \($0.suggestion ?? "")"
    }
    let wanted = example.expected.map { expected in
      let place = marked.places[expected.marker].map { "\($0)" } ?? "no marker"
      return "\(place) \(expected.code.rawValue) \(expected.message) → \(expected.suggestion ?? "")"
    }
    #expect(found == wanted)
    let hasErrors = reading.diagnostics.contains { $0.severity == .error }
    #expect((reading.experiment == nil) == hasErrors)
  }

  @Test func `every code of the reader has a case`() {
    let covered = Set(DiagnosticCases.all.flatMap { $0.expected.map(\.code) })
    let elsewhere: Set<DiagnosticCode> = [
      .unreadableFile, .unknownOverride, .nothingToRemove, .tooLarge, .tooManyMistakes, .badCharacter,
    ]
    let missing = DiagnosticCode.allCases.filter { code in
      code.rawValue.hasPrefix("spec.") && !covered.contains(code) && !elsewhere.contains(code)
    }
    #expect(missing == [])
  }

  @Test func `the text has place, excerpt, caret, suggestion and notes`() {
    let text =
      "{\"name\": \"x\",\n\t\"zip\": {\"g\": {\"u\": [1, 2],\n    \"v\": [1]}}, \"stages\": {}, \"titel\": \"größe\"}"
    let reading = SpecReading(SourceText(name: "experiments/x.json", text: text))
    #expect(
      DiagnosticRenderer().text(of: reading.diagnostics) == """
        experiments/x.json:3:10: error: 'v' has 1 values, but 'u' of the same zip group has 2 [spec.unequal-lengths]
            3 |     "v": [1]}}, "stages": {}, "titel": "größe"}
              |          ^~~ expected 2 values
        experiments/x.json:2:16: note: 'u' is here
        experiments/x.json:3:27: error: 'stages' must not be empty [spec.empty]
            3 |     "v": [1]}}, "stages": {}, "titel": "größe"}
              |                           ^~ expected at least one stage
        experiments/x.json:3:31: error: unknown member 'titel' of the experiment [spec.unknown-member]
            3 |     "v": [1]}}, "stages": {}, "titel": "größe"}
              |                               ^~~~~~~ did you mean 'title'?
        3 errors

        """)
  }

  @Test func `long lines are cut around the caret`() throws {
    let padding = String(repeating: "x", count: 300)
    let text = "{\"title\": \"\(padding)\", \"nmae\": 1, \"description\": \"\(padding)\"}"
    let reading = SpecReading(SourceText(name: "x.json", text: text))
    let unknown = try #require(reading.diagnostics.first { $0.code == .unknownMember })
    let lines = DiagnosticRenderer().text(of: unknown).split(separator: "\n").map(Array.init)
    #expect(lines[1].count < 120)
    let caret = try #require(lines[2].firstIndex(of: "^"))
    #expect(String(lines[1][caret..<caret + 6]) == "\"nmae\"")
  }

  @Test func `the form for tools has everything`() throws {
    let reading = SpecReading(SourceText(name: "x.json", text: "{\"name\": \"x\", \"stages\": {}, \"titel\": 1}"))
    let first = try #require(DiagnosticRenderer().json(of: reading.diagnostics)["diagnostics"]?[1])
    #expect(
      CanonicalJSON.text(of: first)
        == #"{"code":"spec.unknown-member","column":29,"file":"x.json","length":7,"line":1,"message":"unknown member 'titel' of the experiment","severity":"error","suggestion":"title"}"#
    )
  }

  @Test func `a file that is not there is a diagnostic`() {
    let reading = SpecReading(file: "/nowhere/x.json")
    #expect(reading.experiment == nil)
    #expect(
      DiagnosticRenderer().text(of: reading.diagnostics) == """
        /nowhere/x.json:1:1: error: the spec cannot be read: No such file or directory [spec.unreadable-file]
                check the path and its permissions
        1 error

        """)
  }

  @Test(arguments: [
    ("stpes", ["seed", "steps"], "steps"), ("SEED", ["seed"], "seed"), ("timelimit", ["timeLimit"], "timeLimit"),
    ("xyz", ["abc"], nil), ("a", ["b"], nil), ("repetitons", ["repetitions"], "repetitions"),
    ("ab", ["abcd", "abc"], "abc"),
  ])
  func `the nearest name is suggested if it is near`(name: String, known: [String], nearest: String?) {
    #expect(SpellingSuggestion.nearest(to: name, in: known) == nearest)
  }
}
