import Digest
import ExperimentSpec
import JSON
import JobGraph
import Testing

@Suite struct `Limits of plans` {
  private static let stage = #""stages": {"s": {"command": ["x"]}}"#

  private func plan(_ members: String) throws -> Plan {
    try Fixtures.plan("\"name\": \"x\", \(members)")
  }

  private func messages(_ members: String) throws -> [String] {
    try Fixtures.planning("\"name\": \"x\", \(members)").diagnostics.map(\.message)
  }

  @Test func `very many included and excluded trials are looked up, not compared one by one`() throws {
    let include = (1...50_000).map { "{\"a\": \($0), \"b\": 0}" }.joined(separator: ",")
    let included = try plan("\"axes\": {\"a\": [0], \"b\": [0]}, \"include\": [\(include)], \(Self.stage)")
    #expect(included.trials.count == 50_001 && included.trials[50_000]["a"] == 50_000)
    let exclude = (1...50_000).map { "{\"a\": \($0)\($0 % 2 == 0 ? ".0" : "")}" }.joined(separator: ",")
    let excluded = try plan("\"axes\": {\"a\": {\"from\": 1, \"to\": 50010}}, \"exclude\": [\(exclude)], \(Self.stage)")
    #expect(excluded.trials.map { $0["a"] } == (50_001...50_010).map { .integer($0) })
  }

  @Test func `patterns with lists and of different axes drop what they match`() throws {
    let axes = (0..<4).map { "\"v\($0)\": [0, 1, 2, 3]" }.joined(separator: ",")
    let patterns = #"{"v0": [1, 2], "v2": 3}, {"v3": 0}, {"v1": [0, 1, 2, 3], "v0": 0}, {"v2": 3, "v0": 3.0}"#
    let trials = try plan("\"axes\": {\(axes)}, \"exclude\": [\(patterns)], \(Self.stage)").trials
    let all = (0..<256).map { index in (0..<4).map { Int64(index >> (6 - 2 * $0) & 3) } }
    let expected = all.filter { v in
      !([1, 2].contains(v[0]) && v[2] == 3) && v[3] != 0 && v[0] != 0 && !(v[2] == 3 && v[0] == 3)
    }
    #expect(trials.map { trial in (0..<4).compactMap { trial["v\($0)"]?.integerValue } } == expected)
  }

  @Test func `numbers beyond the exact doubles are told apart`() throws {
    let trials = try plan(
      #""axes": {"a": [9007199254740992, 9007199254740993]}, "exclude": [{"a": 9007199254740993}], "#
        + Self.stage
    ).trials
    #expect(trials.map { $0["a"] } == [9_007_199_254_740_992])
  }

  @Test func `axes that would take for ever are refused before they are multiplied`() throws {
    let two = (0..<30).map { "\"v\($0)\": [0, 1]" }.joined(separator: ",")
    #expect(try messages("\"axes\": {\(two)}, \(Self.stage)").first?.contains("multiply to 1073741824 trials") == true)
    let exclude = (0..<400).map { "{\"v\($0 / 20)\": 0, \"w\($0 % 20)\": 0}" }.joined(separator: ",")
    let axes = (0..<20).map { "\"v\($0)\": [0\($0 < 10 ? ", 1" : "")], \"w\($0)\": [0\($0 < 10 ? ", 1" : "")]" }
    #expect(
      try messages("\"axes\": {\(axes.joined(separator: ","))}, \"exclude\": [\(exclude)], \(Self.stage)")
        == ["400 elements of 'exclude' are too many for 1048576 trials"])
    let ones = (0..<900).map { "\"v\($0)\": [0]" }.joined(separator: ",")
    #expect(
      try messages("\"axes\": {\"a\": {\"from\": 1, \"to\": 90000}, \(ones)}, \(Self.stage)")
        == ["90000 trials of 901 values each are too many"])
  }

  @Test func `long values that every job repeats are refused`() throws {
    let long = String(repeating: "x", count: 1 << 20)
    let found = try messages(
      """
      "parameters": {"long": "\(long)"}, "axes": {"a": {"from": 1, "to": 1000}},
      "stages": {"s": {"command": ["x", "${long}${a}"]}}
      """)
    #expect(found == ["what is handed to all jobs together grows beyond 256 MiB with stage 's'"])
  }

  @Test func `chains of parameters are filled in link by link, anew for each trial`() throws {
    let links = (1..<2_000).map { "\"p\($0)\": \"${p\($0 - 1)}\"" }.joined(separator: ",")
    let plan = try plan(
      """
      "parameters": {"p0": "${a}-${projectRoot}", \(links), "fixed": "${experiment}"}, "axes": {"a": [1, 2], "b": [1, 2]},
      "stages": {"s": {"command": ["x", "${p1999}", "${fixed}", "${b}"]}}
      """)
    let arguments = plan.jobs.map { $0.arguments(inputPaths: [:], outputDirectory: "") }
    #expect(
      arguments == [
        ["x", "1-/p", "x", "1"], ["x", "1-/p", "x", "2"], ["x", "2-/p", "x", "1"], ["x", "2-/p", "x", "2"],
      ])
  }

  @Test func `a line break gets into no path through a value either`() throws {
    let found = try Fixtures.planning(
      #""name": "x", "axes": {"a": ["m/tea\ncher"]}, "stages": {"s": {"command": ["x"], "inputs": {"i": "${a}"}}}"#)
    #expect(found.plan == nil)
    #expect(found.diagnostics.map(\.code) == [.badCharacter])
  }

  @Test func `of very many missing files the first hundred are named`() throws {
    let found = try Fixtures.planning(
      #""name": "x", "axes": {"a": {"from": 1, "to": 2000}}, "stages": {"s": {"command": ["x"], "inputs": {"i": "f${a}"}}}"#
    )
    #expect(found.diagnostics.count == 100)
  }

  @Test func `the same value in another notation is the same job`() throws {
    func fingerprints(_ overrides: [String]) throws -> [String] {
      let members = """
        "name": "x", "parameters": {"ratio": 1.0}, "axes": {"lr": [1e-05]},
        "stages": {"s": {"command": ["x", "${lr}", "${ratio}"]}}
        """
      return try Fixtures.plan(members, overrides: overrides).jobs.map(\.fingerprint.digest.hex)
    }
    let first = try fingerprints([])
    for override in ["lr=0.00001", "lr=[1E-5]", "lr=[10e-6]", "ratio=1", "ratio=1.000"] {
      #expect(try fingerprints([override]) == first, "\(override)")
    }
    #expect(try fingerprints(["ratio=2"]) != first)
  }

  @Test func `the reasons of jobs that are not selected are not looked for`() throws {
    let plan = try Fixtures.plan(Fixtures.pipeline)
    let selection = try #require(plan.selection(["stage=coarse", "seed=43"]).selection)
    let history = CountingHistory()
    let statuses = plan.statuses(of: plan.reuse(history: history, reasonsFor: { selection.isIncluded[$0] }))
    #expect(history.lookups.count == 1 && statuses.allSatisfy { $0 == .new })
    history.lookups.reset()
    _ = plan.statuses(history: history)
    #expect(history.lookups.count == plan.jobs.count)
  }
}

/// Counts what is asked for.
private struct CountingHistory: PlanHistory {
  final class Counter {
    var count = 0
    func reset() { count = 0 }
  }

  let lookups = Counter()

  func attempts(for job: Job) -> [EarlierAttempt] { [] }

  func changes(since inputSet: Int64, watched: Int32) -> [String] { [] }

  func lastParts(stage: String, assignment: [(name: String, value: JSONValue)]) -> [String: SHA256Digest]? {
    lookups.count += 1
    return nil
  }
}
