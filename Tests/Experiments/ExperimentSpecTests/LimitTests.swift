import ExperimentSpec
import Foundation
import JSON
import Testing

@Suite struct `Limits of specs` {
  private func read(_ members: String, _ stages: String = #""s": {"command": ["x"]}"#) -> SpecReading {
    SpecReading(SourceText(name: "x.json", text: "{\"name\": \"x\", \(members)\"stages\": {\(stages)}}"))
  }

  private func messages(_ members: String, _ stages: String = #""s": {"command": ["x"]}"#) -> [String] {
    read(members, stages).diagnostics.map(\.message)
  }

  /// Members `p0` to `p(count - 1)`, each made by a function of the one before.
  private func chain(_ count: Int, from first: String, _ next: (String) -> String) -> String {
    let members = (1..<count).map { "\"p\($0)\": \(next("${p\($0 - 1)}"))" }
    return "\"parameters\": {" + (["\"p0\": \(first)"] + members).joined(separator: ", ") + "},"
  }

  // MARK: Values

  @Test func `parameters that double are found before they are filled in`() {
    let found = messages(chain(60, from: "\"x\"") { "\"\($0)\($0)\"" }, #""s": {"command": ["x", "${p59}"]}"#)
    #expect(found == ["parameter 'p25' becomes 32 MiB large with its variables"])
    let lists = messages(chain(60, from: "\"x\"") { "[\"\($0)\", \"\($0)\"]" })
    #expect(lists.count == 1 && lists[0].hasPrefix("parameter 'p2"))
    let nested = messages(chain(200, from: "1") { "[\"\($0)\"]" })
    #expect(nested == ["parameter 'p101' has 101 lists and objects in each other with its variables"])
  }

  @Test func `what a stage hands to a job is limited as a whole`() {
    let long = String(repeating: "x", count: 1 << 20)
    let many = Array(repeating: "\"${long}\"", count: 20).joined(separator: ", ")
    #expect(
      messages("\"axes\": {\"long\": [\"a\", \"\(long)\"]},", "\"s\": {\"command\": [\"x\", \(many)]}")
        == ["what stage 's' hands to a job becomes 20 MiB large with its variables"])
    let deep = String(repeating: "[", count: 120) + String(repeating: "]", count: 120)
    #expect(
      messages(#""workers": {"w": {"command": ["w"]}},"#, "\"s\": {\"task\": \"w/t\", \"with\": {\"a\": \(deep)}}")
        == ["what stage 's' hands to a job has 121 lists and objects in each other with its variables"])
  }

  @Test func `long chains of parameters are followed without recursion`() throws {
    let reading = read(
      "\"axes\": {\"seed\": [1]}, \"workers\": {\"w\": {\"command\": [\"w\", \"${p0}\"]}},"
        + chain(10_000, from: "\"a\"") { "\"\($0)\"" }, #""s": {"task": "w/t", "with": {"p": "${p9999}"}}"#)
    #expect(reading.diagnostics.map(\.message) == [])
    let varying = read(
      "\"axes\": {\"seed\": [1]}, \"workers\": {\"w\": {\"command\": [\"w\", \"${p1999}\"]}},"
        + chain(2_000, from: "\"${seed}\"") { "\"\($0)\"" }, #""s": {"task": "w/t"}"#)
    #expect(
      varying.diagnostics.map(\.message) == [
        "the variable 'p1999' differs from trial to trial and cannot be used in worker 'w'"
      ])
    let circle = chain(5_000, from: "\"${p4999}\"") { "\"\($0)\"" }
    #expect(messages(circle).first?.hasPrefix("parameters are made of each other: p0 → p4999 → p4998") == true)
  }

  @Test func `a variable is found at any depth`() throws {
    let deep = String(repeating: "[", count: 200) + "\"${nothing}\"" + String(repeating: "]", count: 200)
    let text = "{\"name\": \"x\", \"parameters\": {\"a\": \(deep)}, \"stages\": {\"s\": {\"command\": [\"x\"]}}}"
    let found = SpecReading(SourceText(name: "x", text: text)).diagnostics
    let unknown = try #require(found.first { $0.code == .unknownVariable })
    #expect(unknown.place.location.column == 236)
  }

  // MARK: Numbers of parts

  @Test func `there are only so many of everything`() {
    func members(_ count: Int, _ value: String) -> String {
      (0..<count).map { "\"m\($0)\": \(value)" }.joined(separator: ",")
    }
    #expect(messages("\"axes\": {\(members(1001, "[1]"))},").first == "'axes' has 1001 parts")
    #expect(messages("\"parameters\": {\(members(10_001, "1"))},").first == "'parameters' has 10001 parts")
    #expect(messages("", members(1001, "{\"command\": [\"x\"]}")).first == "'stages' has 1001 parts")
    let range = #"{"from": 1, "to": 1000000}"#
    #expect(
      messages("\"zip\": {\"z\": {\(members(9, range))}},") == [
        "'m8' of zip group 'z' has too many values, 1000000"
      ])
  }

  @Test func `names are short`() {
    let name = String(repeating: "n", count: 101)
    #expect(
      messages("\"axes\": {\"\(name)\": [1]},") == ["a name of 101 letters cannot be the name of an axis"])
    let artifact = String(repeating: "é", count: 200)
    #expect(
      messages("", "\"s\": {\"command\": [\"x\"], \"outputs\": {\"\(artifact)\": \"a\"}}")
        == ["the name of an output of stage 's' has 400 bytes"])
  }

  @Test(arguments: ["../../evil", "a/b", "a b", "a\\nb", "", ".", "\\u001b[31m", "é"])
  func `an experiment has a name that is safe everywhere`(name: String) {
    let reading = SpecReading(
      SourceText(name: "x.json", text: "{\"name\": \"\(name)\", \"stages\": {\"s\": {\"command\": [\"x\"]}}}"))
    #expect(reading.experiment == nil)
  }

  // MARK: Mistakes

  @Test func `of very many mistakes the first hundred are shown, and how many more there are`() throws {
    let axes = "\"axes\": {\"a\": [\(Array(repeating: "null", count: 20_000).joined(separator: ", "))]},"
    let diagnostics = read(axes).diagnostics
    #expect(diagnostics.count == 101)
    let last = try #require(diagnostics.last)
    #expect(last.code == .tooManyMistakes && last.message == "there are 19900 more mistakes")
    #expect(diagnostics.allSatisfy { $0.place.lineText.utf8.count < 4096 })
    let place = diagnostics[99].place
    let marked = Array(place.lineText)[(place.location.column - place.firstColumn)...].prefix(place.length)
    #expect(String(marked) == "null")
  }

  @Test func `remarks do not hide mistakes`() {
    let exclude = (0..<500).map { "{\"a\": \($0 + 10)}" }.joined(separator: ", ")
    let diagnostics = read("\"exclude\": [\(exclude)], \"axes\": {\"a\": [1]}, \"title\": 1,").diagnostics
    #expect(diagnostics.count { $0.severity == .error } == 1)
    #expect(diagnostics.count { $0.severity == .warning } == 101)
    #expect(diagnostics.last?.message == "there are 400 more remarks")
  }

  @Test func `messages stay short whatever a name is`() throws {
    let name = String(repeating: "x", count: 1 << 20)
    let first = try #require(read("\"\(name)\": 1,").diagnostics.first)
    #expect(first.code == .unknownMember && first.message.count <= 401)
  }

  @Test func `places in very long lines are found`() throws {
    let padding = String(repeating: "ä", count: 50_000)
    let found = try #require(read("\"title\": \"\(padding)\", \"nmae\": 1,").diagnostics.first)
    #expect(found.place.location.column == 50_028)
    let text = DiagnosticRenderer().text(of: found).split(separator: "\n").map(Array.init)
    let caret = try #require(text[2].firstIndex(of: "^"))
    #expect(String(text[1][caret..<caret + 6]) == "\"nmae\"")
  }

  // MARK: Characters

  @Test func `a zero byte is nowhere allowed`() {
    let message = "a text has the character \\u0000, which no program can be given"
    #expect(messages(##""title": "a\u0000b","##) == [message])
    #expect(messages("", ##""s": {"command": ["x", "a\u0000"], "environment": {"A\u0000B": "x"}}"##).contains(message))
    #expect(messages(##""axes": {"a": ["x\u0000"]},"##) == [message])
  }

  @Test func `paths and free names are on one line`() {
    #expect(
      messages("", ##""s": {"command": ["x"], "inputs": {"i": "a\nb"}, "outputs": {"o\t": "a\u001bb"}}"##) == [
        "input 'i' of stage 's' has a control character in its path",
        "the name of an output of stage 's' has a control character",
        "output 'o\t' of stage 's' has a control character in its path",
      ])
    // Scripts and prompts may have as many lines as they like.
    #expect(messages("", ##""s": {"command": ["sh", "-c", "a\nb"]}"##) == [])
  }

  @Test func `names that differ only in normalisation are a mistake`() {
    let report =
      ##""report": {"tables": [{"id": "t", "columns": ["##
      + ##"{"stage": "s", "metric": "é"}, {"stage": "s", "metric": "e\u0301"}]}]},"##
    #expect(
      messages(report) == ["'e\u{301}' is written with other characters elsewhere, though it looks the same"])
    #expect(
      messages("", ##""s": {"command": ["x"], "outputs": {"é": "a", "e\u0301": "b"}}"##).first
        == "the member 'e\u{301}' occurs twice in one object")
    #expect(messages(##""axes": {"a": ["é", "e\u0301"]},"##) == ["axis 'a' has the value \"e\u{301}\" twice"])
  }

  @Test func `the same number twice is a mistake, near ones are not`() {
    #expect(messages(#""axes": {"a": [1, 1.0]},"#) == ["axis 'a' has the value 1.0 twice"])
    #expect(messages(#""axes": {"a": [100.0, 1e2]},"#) == ["axis 'a' has the value 100.0 twice"])
    #expect(messages(#""axes": {"a": [9007199254740992, 9007199254740993, 9007199254740994.0]},"#) == [])
    #expect(messages(#""axes": {"a": ["1", 1, true]},"#) == [])
  }

  // MARK: Environment

  @Test(arguments: [("a-b", "a_b"), ("x", "X"), ("x", "x_file"), ("x-file", "X")])
  func `inputs that would share a variable are a mistake`(first: String, second: String) {
    let inputs = "\"inputs\": {\"\(first)\": \"a\", \"\(second)\": \"b\"}"
    let found = read("", "\"s\": {\"command\": [\"x\"], \(inputs)}").diagnostics
    #expect(found.map(\.code) == [.duplicateName])
    #expect(found.first?.message.hasPrefix("inputs '\(second)' and '\(first)' would share the variable") == true)
    #expect(found.first?.notes.count == 1)
    // Workers get their inputs by name.
    #expect(messages(#""workers": {"w": {"command": ["w"]}},"#, "\"s\": {\"task\": \"w/t\", \(inputs)}") == [])
  }

  @Test func `pools that would share a variable are a mistake`() {
    #expect(
      messages(#""resources": {"g-1": {"indices": ["0"]}, "g_1": {"indices": ["0"]}},"#) == [
        "pools 'g_1' and 'g-1' would share the variable ORCHESTRATE_RESOURCE_G_1"
      ])
    #expect(
      messages(##""resources": {"a": {"indices": ["0"], "variable": "V"}, "b": {"indices": ["0"], "variable": "V"}},"##)
        == ["pools 'b' and 'a' have the same variable V"])
    #expect(
      messages("", #""s": {"command": ["x"], "environment": {"ORCHESTRATE_SEED": "1"}}"#) == [
        "'ORCHESTRATE_SEED' cannot be set, 'ORCHESTRATE_…' are variables of orchestrate itself"
      ])
  }

  @Test func `durations say what is wrong with them`() {
    func found(_ wait: String, _ limit: String) -> [String] {
      messages(
        "\"measurement\": {\"quiet\": {\"wait\": \(wait)}},", "\"s\": {\"command\": [\"x\"], \"timeLimit\": \(limit)}")
    }
    #expect(found("\"0s\"", "\"1s\"") == [])
    #expect(found("0", "1") == [])
    #expect(
      found("-1", "\"0s\"") == [
        "'wait' of 'quiet' of 'measurement' must not be below 0", "'timeLimit' of stage 's' must be above 0",
      ])
    #expect(found("\"soon\"", "1e300").count == 2)
  }

  // MARK: Documentation

  @Test func `the reference states the limits`() throws {
    let text = try String(contentsOfFile: "\(ShippedSpec.folder)/../Docs/SpecReference.md", encoding: .utf8)
      .replacingOccurrences(of: ",", with: "")
    let numbers = [
      SpecLimit.fileBytes >> 20, SpecLimit.extendedSpecs, SpecLimit.nameBytes, SpecLimit.freeNameBytes, SpecLimit.parts,
      SpecLimit.parameters, SpecLimit.reportParts, SpecLimit.axisValues, SpecLimit.allAxisValues, SpecLimit.patterns,
      SpecLimit.triedTrials, SpecLimit.trialValues, SpecLimit.valueBytes >> 20, SpecLimit.valueDepth,
      SpecLimit.planBytes >> 20, SpecLimit.needs, SpecLimit.shownMistakes,
    ]
    let section = try #require(text.components(separatedBy: "## Limits").last?.components(separatedBy: "\n## ").first)
    for number in numbers { #expect(section.contains("\(number)"), "\(number)") }
  }
}
