import Foundation
import Glibc
import Testing

/// Ctrl-C, once, twice and three times, and builds around and inside a run.
@Suite struct `An interrupted run` {
  private static let stubborn = """
    {
      "name": "stubborn", "resources": { "cpu": 2 }, "axes": { "seed": { "from": 1, "to": 4 } },
      "parameters": { "pause": 600 },
      "stages": {
        "hang": {
          "command": ["sh", "-c", "trap 'echo told >>told; ${reaction}' TERM; echo $$ >>pids; n=0; while [ $n -lt ${pause}0 ]; do sleep 0.1; n=$((n + 1)); done"],
          "environment": { "SEED": "${seed}" }, "grace": "600s"
        }
      }
    }
    """

  private func interrupted(times: Int, reaction: String) throws -> (
    project: Project, outcome: Project.Outcome, pids: [pid_t]
  ) {
    let project = try Project()
    try project.write(Self.stubborn.replacing("${reaction}", with: reaction), to: "spec.json")
    let running = try project.start("orchestrate", ["run", "spec.json"])
    func wait(_ condition: () -> Bool) { while running.isRunning && !condition() { usleep(5000) } }
    func lines(_ file: String) -> Int { ((try? project.text(of: file)) ?? "").split(separator: "\n").count }
    wait { lines("pids") == 2 }
    let messages = ["nothing new starts", "are told to stop", "killing all jobs"]
    for message in messages.prefix(times) {
      running.signal(SIGINT)
      wait { running.errorsSoFar.contains(message) }
      if message == messages[1] { wait { lines("told") == 2 } }
    }
    let outcome = try running.outcome()
    let pids = try project.text(of: "pids").split(separator: "\n").compactMap { pid_t($0) }
    return (project, outcome, pids)
  }

  private func expectResumable(_ project: Project, _ outcome: Project.Outcome, _ pids: [pid_t]) throws {
    #expect(outcome.status == 130, "\(outcome.errors)")
    #expect(outcome.errors.contains("run the same command again to go on"))
    for pid in pids { #expect(kill(pid, 0) != 0, "process \(pid) is alive") }
    #expect(try project.run("orchestrate", "verify").status == 0)
    let resumed = try project.run("orchestrate", "run", "spec.json", "--set", "pause=0")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(resumed.errors.contains("4 done"), "\(resumed.errors)")
  }

  @Test func `twice tells the jobs to stop and leaves a database to go on with`() throws {
    let (project, outcome, pids) = try interrupted(times: 2, reaction: "exit 1")
    #expect(outcome.errors.contains("are told to stop"))
    #expect(!outcome.errors.contains("killing all jobs"))
    try expectResumable(project, outcome, pids)
  }

  @Test func `three times kills jobs that do not obey, grace or not`() throws {
    let (project, outcome, pids) = try interrupted(times: 3, reaction: ":")
    #expect(outcome.errors.contains("killing all jobs"))
    try expectResumable(project, outcome, pids)
  }

  @Test func `before the first job an interruption ends the program at once`() throws {
    let project = try Project()
    try project.write(
      """
      { "name": "slow", "workers": { "w": { "command": ["sh", "-c", "echo $$ >pid; exec sleep 600"] } },
        "stages": { "s": { "task": "w/t" } } }
      """, to: "spec.json")
    let running = try project.start("orchestrate", ["run", "spec.json"])
    while running.isRunning && ((try? project.text(of: "pid")) ?? "").isEmpty { usleep(5000) }
    running.signal(SIGINT)
    let outcome = try running.outcome()
    #expect(outcome.status == 130)
    #expect(outcome.errors.contains("interrupted before the first job"))
    let worker = try #require(pid_t(try project.text(of: "pid").dropLast()))
    for _ in 0..<1000 where kill(worker, 0) == 0 { usleep(10_000) }
    #expect(kill(worker, 0) != 0)
    #expect(!project.exists("results"))
  }

  @Test func `flags that contradict each other are refused`() throws {
    let project = try Project()
    try project.write(#"{"name": "x", "stages": {"s": {"command": ["true"]}}}"#, to: "spec.json")
    for flags in [["--keep-going", "--fail-fast"], ["--fail-fast", "--max-failures", "2"]] {
      let outcome = try project.start("orchestrate", ["run", "spec.json"] + flags).outcome()
      #expect(outcome.status != 0)
      #expect(outcome.errors.contains("exclude each other"), "\(outcome.errors)")
    }
    #expect(try project.run("orchestrate", "run", "spec.json", "--keep-going").status == 0)
  }

  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/make")))
  func `below make -j2 no more than two jobs run at once`() throws {
    let project = try Project()
    try project.write(
      """
      { "name": "below", "resources": { "cpu": 8 }, "axes": { "n": { "from": 1, "to": 8 } },
        "stages": { "s": { "command": ["sh", "-c", "echo + >>log; sleep 0.05; echo - >>log"], "environment": { "N": "${n}" } } } }
      """, to: "spec.json")
    try project.write("all:\n\t+$(ORCHESTRATE) run spec.json\n", to: "Makefile")
    let orchestrate = project.path(of: "orchestrate")
    let make = try RunningProgram(
      path: "/usr/bin/make", arguments: ["-j2", "ORCHESTRATE=\(orchestrate)"], folder: project.folder)
    let outcome = try make.outcome()
    #expect(outcome.status == 0, "\(outcome.errors)")
    var now = 0
    var most = 0
    for line in try project.text(of: "log").split(separator: "\n") {
      now += line == "+" ? 1 : -1
      most = max(most, now)
    }
    #expect((1...2).contains(most))
  }
}
