import ExperimentSpec
import JSON
import JobGraph
import TestSupport
import Testing

@Suite struct Trials {
  private func labels(_ members: String) throws -> [String] {
    let plan = try Fixtures.plan("\"name\": \"x\", \(members), \"stages\": {\"s\": {\"command\": [\"x\"]}}")
    #expect(plan.trials.map(\.index) == Array(0..<plan.trials.count))
    return plan.trials.map(\.label)
  }

  @Test func `the last axis advances fastest`() throws {
    let found = try labels("\"axes\": {\"b\": [1, 2], \"a\": [\"x\", \"y\"]}")
    #expect(found == ["b=1 a=x", "b=1 a=y", "b=2 a=x", "b=2 a=y"])
  }

  @Test func `a zip group advances as one and may repeat values`() throws {
    let found = try labels("\"zip\": {\"g\": {\"u\": [1, 1], \"v\": [3, 4]}}, \"axes\": {\"a\": [0, 1]}")
    #expect(found == ["u=1 v=3 a=0", "u=1 v=3 a=1", "u=1 v=4 a=0", "u=1 v=4 a=1"])
  }

  @Test func `excluded trials go and included ones come last`() throws {
    let found = try labels(
      """
      "axes": {"a": [1, 2, 3], "b": [0, 1]}, "exclude": [{"a": [1, 2], "b": 0}, {"a": 3, "b": 1.0}], "include": [{"b": 0, "a": 9}, {"b": 0, "a": 1}]
      """)
    #expect(found == ["a=1 b=1", "a=2 b=1", "a=3 b=0", "a=9 b=0", "a=1 b=0"])
  }

  @Test func `without axes there is one trial`() throws {
    #expect(try labels("\"title\": \"t\"") == [""])
  }

  @Test(arguments: 1...40)
  func `the expansion has the product's size, no trial twice, and obeys the conditions`(seed: Int) throws {
    var generator = SeededGenerator(UInt64(seed))
    func random(_ limit: Int) -> Int { generator.below(limit) }
    let sizes = (0..<1 + random(4)).map { _ in 1 + random(5) }
    let axes = sizes.enumerated().map { index, size in
      "\"v\(index)\": [\((0..<size).map(String.init).joined(separator: ","))]"
    }
    let excluded = (axis: random(sizes.count), value: 0)
    let product = sizes.reduce(1, *)
    let removed = sizes[excluded.axis] > 1 ? product / sizes[excluded.axis] : 0
    let condition = removed > 0 ? ", \"exclude\": [{\"v\(excluded.axis)\": 0}]" : ""
    let found = try labels("\"axes\": {\(axes.joined(separator: ", "))}\(condition)")
    #expect(found.count == product - removed)
    #expect(Set(found).count == found.count)
    if removed > 0 {
      let words = found.map { $0.split(separator: " ")[excluded.axis] }
      #expect(!words.contains("v\(excluded.axis)=0"))
    }
    #expect(found == found.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) })
  }

  @Test func `mistakes of the expansion are diagnostics`() throws {
    func messages(_ members: String) throws -> [String] {
      let planning = try Fixtures.planning("\"name\": \"x\", \(members), \"stages\": {\"s\": {\"command\": [\"x\"]}}")
      #expect(planning.plan == nil)
      return planning.diagnostics.map { "\($0.code.rawValue): \($0.message)" }
    }
    #expect(
      try messages("\"axes\": {\"a\": [1, 2]}, \"maxJobs\": 1") == [
        "plan.too-many-jobs: there are 2 trials, more than 'maxJobs' (1) allows"
      ])
    let huge = (0..<8).map { "\"a\($0)\": {\"from\": 1, \"to\": 1000000}" }.joined(separator: ",")
    #expect(
      try messages("\"axes\": {\(huge)}") == [
        "plan.too-many-jobs: the axes multiply to far too many trials, more than 'maxJobs' (100000) allows"
      ])
    #expect(
      try messages("\"axes\": {\"a\": [1]}, \"exclude\": [{\"a\": 1}]") == [
        "plan.no-trials: no trial is left after 'exclude'"
      ])
    #expect(
      try messages("\"axes\": {\"a\": [1]}, \"include\": [{\"a\": 1.0}]") == [
        "spec.duplicate-value: the included trial is there already"
      ])
  }
}
