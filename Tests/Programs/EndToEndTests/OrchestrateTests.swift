import Foundation
import Glibc
import Testing

@Suite struct `Orchestrate` {
  /// Two seeds, a value for each, its double, and a timed stage.
  private static let sweep = """
    {
      "name": "sweep",
      "axes": { "seed": { "from": 1, "to": 4 } },
      "stages": {
        "value": {
          "command": ["sh", "-c", "echo ${seed} >$ORCHESTRATE_OUTPUT_DIRECTORY/value.txt; echo once >>calls-${seed}; sleep ${pause}"],
          "outputs": { "value": "value.txt" }
        },
        "double": {
          "command": ["sh", "-c", "v=$(cat ${inputs.value}); echo \\"{\\\\\\"metrics\\\\\\":[{\\\\\\"name\\\\\\":\\\\\\"double\\\\\\",\\\\\\"value\\\\\\":$((2 * v))}]}\\" >$ORCHESTRATE_RESULT"],
          "inputs": { "value": { "stage": "value", "artifact": "value" } }
        },
        "timing": { "command": ["true"], "lane": "timed", "needs": ["double"], "environment": { "SEED": "${seed}" } }
      },
      "parameters": { "pause": 0 },
      "measurement": { "quiet": { "wait": 0 } }
    }
    """

  @Test func `every mistake of a spec is reported in one pass at its place, and nothing is written`() throws {
    let project = try Project()
    try project.write(
      """
      {
        "name": "broken",
        "axes": { "seed": [], "steps": [1, 2] },
        "stages": {
          "a": { "comand": ["true"], "needs": ["b"], "command": ["true"] },
          "b": { "command": ["true"], "needs": ["a"], "retries": "three" },
          "c": { "command": ["true"], "needs": ["stepz"] }
        }
      }
      """, to: "broken.json")
    let outcome = try project.run("orchestrate", "run", "broken.json")
    #expect(outcome.status == 2)
    for place in ["broken.json:3:21", "broken.json:5:12", "broken.json:6:43", "broken.json:6:60", "broken.json:7:43"] {
      #expect(outcome.errors.contains(place), "\(place) is missing in:\n\(outcome.errors)")
    }
    #expect(outcome.errors.contains("did you mean 'command'?"))
    #expect(outcome.errors.contains("stages need each other: a → b → a"))
    #expect(!project.exists("results"))
  }

  @Test func `a folder whose name breaks the line is refused, for the project and for results`() throws {
    let project = try Project()
    try project.write(#"{"name": "x", "stages": {"s": {"command": ["true"]}}}"#, to: "x.json")
    try FileManager.default.createDirectory(atPath: "\(project.folder)/a\nb", withIntermediateDirectories: true)
    let inside = try project.run("orchestrate", "run", "x.json", "--project", "a\nb")
    #expect(inside.status != 0 && inside.errors.contains("the project's path has a control character"))
    let results = try project.run("orchestrate", "run", "x.json", "--results", "a\nb/results")
    #expect(results.status == 2 && results.errors.contains("the path of the results has a control character"))
    #expect(!project.exists("a\nb/results"))
  }

  @Test func `a pipe in the place of a spec or an input is said to be one`() throws {
    let project = try Project()
    #expect(mkfifo("\(project.folder)/pipe", 0o600) == 0)
    let spec = try project.run("orchestrate", "validate", "pipe")
    #expect(spec.status == 2 && spec.errors.contains("it is a named pipe, not a regular file"))
    try project.write(#"{"name": "x", "stages": {"s": {"command": ["true"], "inputs": {"i": "pipe"}}}}"#, to: "x.json")
    let input = try project.run("orchestrate", "plan", "x.json")
    #expect(input.status == 2 && input.errors.contains("it is a named pipe, not a regular file"))
  }

  @Test func `a second run reuses everything but timings and says why`() throws {
    let project = try Project()
    try project.write(Self.sweep, to: "sweep.json")
    let first = try project.run("orchestrate", "run", "sweep.json")
    #expect(first.status == 0, "\(first.errors)")
    #expect(first.errors.contains("12 to run (12 new)"))
    let second = try project.run("orchestrate", "run", "sweep.json")
    #expect(second.status == 0, "\(second.errors)")
    #expect(second.errors.contains("8 jobs reused, 4 to run (4 fresh timing)"), "\(second.errors)")
    #expect(try project.text(of: "calls-1") == "once\n")
    let third = try project.run("orchestrate", "run", "sweep.json", "--reuse-timings")
    #expect(third.errors.contains("12 jobs reused, nothing to run"), "\(third.errors)")
    let shown = try project.run("orchestrate", "show", "1")
    #expect(shown.output.contains("double = 8.0"), "\(shown.output)")
  }

  @Test func `an overridden parameter runs the jobs that mention it and names the part that changed`() throws {
    let project = try Project()
    try project.write(Self.sweep, to: "sweep.json")
    #expect(try project.run("orchestrate", "run", "sweep.json").status == 0)
    let plan = try project.run("orchestrate", "plan", "sweep.json", "--set", "pause=0.01")
    #expect(plan.output.contains("#0 value seed=1: changed: parameters"), "\(plan.output)")
    let why = try project.run("orchestrate", "why", "sweep.json", "4", "--set", "pause=0.01")
    #expect(why.output.contains("its input 'value'"), "\(why.output)")
  }

  @Test func `a run that is killed half-way is completed by the next one, with every sample once`() throws {
    let project = try Project()
    try project.write(Self.sweep, to: "sweep.json")
    let running = try project.start("orchestrate", ["run", "sweep.json", "--set", "pause=0.5"])
    while !project.exists("calls-3") && running.isRunning { usleep(5000) }
    running.signal(SIGKILL)
    #expect(try running.outcome().status == -SIGKILL)
    let resumed = try project.run("orchestrate", "run", "sweep.json", "--set", "pause=0.5")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("reused"))
    let shown = try (1...2).map { try project.run("orchestrate", "show", "\($0)").output }.joined()
    for value in [2.0, 4, 6, 8] {
      #expect(shown.components(separatedBy: "double = \(value) ").count == 2, "\(value) in:\n\(shown)")
    }
    #expect(try project.run("orchestrate", "verify").status == 0)
  }

  @Test func `the first interrupt lets running jobs end and the run can be continued`() throws {
    let project = try Project()
    try project.write(Self.sweep, to: "sweep.json")
    let running = try project.start("orchestrate", ["run", "sweep.json", "--set", "pause=0.3"])
    while !project.exists("calls-1") && running.isRunning { usleep(5000) }
    running.signal(SIGINT)
    let outcome = try running.outcome()
    #expect(outcome.status == 130)
    #expect(outcome.errors.contains("run the same command again to go on"), "\(outcome.errors)")
    #expect(try project.run("orchestrate", "run", "sweep.json", "--set", "pause=0.3").status == 0)
    #expect(try project.text(of: "calls-1") == "once\n")
  }

  @Test func `a command that starts in its own folder finds its files by absolute paths`() throws {
    let project = try Project()
    try project.write(
      #"""
      { "name": "elsewhere", "stages": {
          "make": { "command": ["sh", "-c", "pwd >here; echo '{\"metrics\":[{\"name\":\"m\",\"value\":3}]}' >$ORCHESTRATE_RESULT"],
                    "workingDirectory": "output", "outputs": { "here": "here" } },
          "read": { "command": ["sh", "-c", "cat ${inputs.here} >copy"], "workingDirectory": "output",
                    "inputs": { "here": { "stage": "make", "artifact": "here" } }, "outputs": { "copy": "copy" } } } }
      """#, to: "elsewhere.json")
    let outcome = try project.run("orchestrate", "run", "elsewhere.json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try project.run("orchestrate", "show", "1").output.contains("m = 3.0"))
  }

  @Test func `a failing job fails its dependents and the run, and its message shows where the log is`() throws {
    let project = try Project()
    try project.write(
      """
      { "name": "failing", "stages": {
          "bad": { "command": ["sh", "-c", "echo no such thing >&2; exit 3"] },
          "after": { "command": ["true"], "needs": ["bad"] },
          "other": { "command": ["echo", "fine"] } } }
      """, to: "failing.json")
    let outcome = try project.run("orchestrate", "run", "failing.json")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("no such thing"))
    #expect(outcome.errors.contains("1 done, 1 failed, 1 skipped"), "\(outcome.errors)")
    let logs = try project.run("orchestrate", "logs", "1")
    let others = try project.run("orchestrate", "logs", "2")
    #expect((logs.output + others.output).contains("no such thing"))
  }
}
