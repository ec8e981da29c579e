import Foundation
import Testing
import TestSupport

/// Stages that compare whole programs as pairs, with the real programs.
@Suite struct `A comparison of programs` {
  private static func spec(_ variants: String, measurement: String, seeds: Int = 2) -> String {
    """
    {"name": "pairs", "axes": {"seed": {"from": 1, "to": \(seeds)}}, "stages": {"time": {
      "compare": {\(variants)}, "measurement": {\(measurement)}}}}
    """
  }

  @Test func `the shipped example runs, and its report has both times, their ratio and its verdict`() throws {
    let project = try Project()
    let example =
      "\(packageFolder)/Examples/compare-programs.json"
    try project.write(try String(contentsOfFile: example, encoding: .utf8), to: "compare.json")
    let run = try project.run("orchestrate", "run", "compare.json", "--set", "size=500")
    #expect(run.status == 0, "\(run.errors)")
    let trace = try project.run("report", "trace", "compare-programs:times:1:time.awk").output
    #expect(trace.components(separatedBy: "(warm-up)").count == 2, "\(trace)")
    let samples = trace.split(separator: "\n").first { $0.contains("samples of time.awk (s)") } ?? ""
    #expect(samples.components(separatedBy: ", ").count == 7, "\(trace)")
    _ = try project.run("report", "build")
    let page = try project.text(of: "reports/compare-programs.md")
    #expect(page.contains("**Python / awk**"), "\(page)")
    #expect(page.contains("Python / awk time") && page.contains("**Holds** · faster"))
    let memory = try project.run("report", "trace", "compare-programs:times:mean:memory.python").output
    #expect(memory.contains("contributes"))
  }

  @Test func `rounds go forth and back, on the same seed, and the result file stays the timer's`() throws {
    let project = try Project()
    let variants = ["a", "b"].map { name in
      "\"\(name)\": [\"sh\", \"-c\", \"echo \(name) ${seed} $ORCHESTRATE_SEED ${ORCHESTRATE_RESULT:-none} >>order.txt\"]"
    }.joined(separator: ", ").replacing("${ORCHESTRATE_RESULT:-none}", with: "$${ORCHESTRATE_RESULT:-none}")
    try project.write(
      Self.spec(variants, measurement: "\"warmup\": 2, \"repetitions\": 4, \"order\": \"abba\"", seeds: 1),
      to: "pairs.json")
    let run = try project.run("orchestrate", "run", "pairs.json")
    #expect(run.status == 0, "\(run.errors)")
    let lines = try project.text(of: "order.txt").split(separator: "\n").map { $0.split(separator: " ") }
    #expect(lines.map { String($0[0]) }.joined() == "abbaabbaabba")
    #expect(Set(lines.map { $0[1] }) == ["1"] && Set(lines.map { $0[2] }).count == 1)
    #expect(lines.allSatisfy { $0[3] == "none" })
  }

  @Test func `a variant that fails or is missing fails the attempt and is named`() throws {
    let project = try Project()
    for (command, expected) in [
      ("[\"sh\", \"-c\", \"echo of no use >&2; exit 3\"]", "variant 'b' ended with code 3: sh -c"),
      ("[\"no-such-program\"]", "variant 'b': cannot start 'no-such-program': No such file or directory"),
      ("[\"sh\", \"-c\", \"kill -9 $$\"]", "variant 'b' was ended by signal 9"),
    ] {
      try project.write(
        Self.spec("\"a\": [\"true\"], \"b\": \(command)", measurement: "\"warmup\": 0, \"repetitions\": 2", seeds: 1),
        to: "pairs.json")
      let run = try project.run("orchestrate", "run", "pairs.json")
      #expect(run.status == 1)
      #expect((run.output + run.errors).contains(expected), "\(run.output) \(run.errors)")
    }
  }

  @Test func `the memory of a small command is its own, not that of what times it`() throws {
    let project = try Project()
    let large = "[\"python3\", \"-c\", \"x = bytearray(64 << 20); x[::4096] = b'1' * (64 << 8)\"]"
    try project.write(
      Self.spec(
        "\"small\": [\"true\"], \"large\": \(large)", measurement: "\"warmup\": 1, \"repetitions\": 2", seeds: 1),
      to: "pairs.json")
    let run = try project.run("orchestrate", "run", "pairs.json")
    #expect(run.status == 0, "\(run.errors)")
    let query = "SELECT value FROM result WHERE metric LIKE 'memory.%' ORDER BY value"
    let rows = try project.run("orchestrate", "query", "--format", "csv", query).output
    let values = rows.split(whereSeparator: \.isNewline).compactMap { Double($0) }
    #expect(values.count == 2 && (0.1...4).contains(values[0]) && (64...200).contains(values[1]), "\(rows)")
  }

  @Test func `a control measures the first program under both names`() throws {
    let project = try Project()
    try project.write(
      Self.spec(
        "\"a\": [\"sh\", \"-c\", \"echo a >>order.txt\"], \"b\": [\"false\"]",
        measurement: "\"warmup\": 0, \"repetitions\": 2, \"control\": \"identity\"", seeds: 1), to: "pairs.json")
    #expect(try project.run("orchestrate", "run", "pairs.json").status == 0)
    #expect(try project.text(of: "order.txt") == "a\na\na\na\n")
  }

  @Test func `an edited script of any variant changes the plan`() throws {
    let project = try Project()
    for name in ["a", "b"] { try project.write("exit 0\n", to: "\(name).sh") }
    try project.write(
      Self.spec(
        "\"a\": [\"sh\", \"a.sh\"], \"b\": [\"sh\", \"b.sh\"]", measurement: "\"warmup\": 0, \"repetitions\": 1",
        seeds: 1),
      to: "pairs.json")
    #expect(try project.run("orchestrate", "run", "pairs.json").status == 0)
    try project.write("exit 0 # another\n", to: "b.sh")
    let plan = try project.run("orchestrate", "plan", "diff", "pairs.json").output
    #expect(plan.contains("b.sh") && !plan.contains("a.sh"), "\(plan)")
  }
}
