import Foundation
import Glibc
import Testing

@Suite struct `Store commands` {
  /// Two seeds, a file for each and a number made of it.
  private static let sweep = """
    {
      "name": "sweep",
      "axes": { "seed": [1, 2] },
      "stages": {
        "value": {
          "command": ["sh", "-c", "echo ${seed} >$ORCHESTRATE_OUTPUT_DIRECTORY/value.txt; sleep ${pause}"],
          "outputs": { "value": "value.txt" }
        },
        "double": {
          "command": ["sh", "-c", "echo \\"{\\\\\\"metrics\\\\\\":[{\\\\\\"name\\\\\\":\\\\\\"double\\\\\\",\\\\\\"value\\\\\\":$((2 * $(cat ${inputs.value})))}]}\\" >$ORCHESTRATE_RESULT"],
          "inputs": { "value": { "stage": "value", "artifact": "value" } }
        }
      },
      "parameters": { "pause": 0 }
    }
    """

  private func finishedProject() throws -> Project {
    let project = try Project()
    try project.write(Self.sweep, to: "sweep.json")
    let outcome = try project.run("orchestrate", "run", "sweep.json")
    #expect(outcome.status == 0, "\(outcome.errors)")
    return project
  }

  @Test func `every command explains itself`() throws {
    let project = try Project()
    let commands = [
      "query", "export", "merge", "invalidate", "verify", "backup", "recover", "gc", "selftest", "runs", "show", "logs",
    ]
    for command in commands {
      let help = try project.run("orchestrate", command, "--help")
      #expect(
        help.status == 0 && help.output.contains("OVERVIEW:") && help.output.contains("USAGE: orchestrate \(command)"))
    }
    for command in ["runs", "verify", "recover", "gc"] {
      let outcome = try project.run("orchestrate", command)
      #expect(outcome.status == 2 && outcome.errors.contains("there is no results database"), "\(outcome.errors)")
    }
    #expect(!project.exists("results"))
  }

  @Test func `a backup is whole, new and never overwritten`() throws {
    let project = try finishedProject()
    let backup = try project.run("orchestrate", "backup", "copy/results.sqlite")
    #expect(backup.status == 0, "\(backup.errors)")
    #expect(try project.run("orchestrate", "runs", "--results", "copy").output.contains("4 done"))
    let again = try project.run("orchestrate", "backup", "copy/results.sqlite")
    #expect(again.status == 2 && again.errors.contains("exists already; name a new file"))
  }

  @Test func `a query prints tables, CSV and JSON`() throws {
    let project = try finishedProject()
    let sql = "SELECT seed, metric, value FROM latest_result ORDER BY seed"
    let table = try project.run("orchestrate", "query", sql)
    #expect(
      table.output == "seed  metric  value\n----  ------  -----\n   1  double    2.0\n   2  double    4.0\n", "\(table)"
    )
    #expect(
      try project.run("orchestrate", "query", sql, "--format", "csv").output.hasPrefix(
        "seed,metric,value\r\n1,double,2.0\r\n"))
    #expect(
      try project.run("orchestrate", "query", sql, "--format", "json").output
        == "[\n{\"seed\":1,\"metric\":\"double\",\"value\":2.0},\n{\"seed\":2,\"metric\":\"double\",\"value\":4.0}\n]\n"
    )
    let writing = try project.run("orchestrate", "query", "DELETE FROM sample")
    #expect(writing.status == 2 && writing.errors.contains("a query only reads"), "\(writing.errors)")
  }

  @Test func `an invalidated job and what was made with it run again, and say so`() throws {
    let project = try finishedProject()
    let missing = try project.run("orchestrate", "invalidate", "--stage", "value")
    #expect(missing.status != 0 && missing.errors.contains("--reason"))
    let marked = try project.run("orchestrate", "invalidate", "0", "--reason", "wrong file")
    #expect(marked.output == "marked 1 result and 1 made with it: 1 of double, 1 of value\n", "\(marked)")
    let second = try project.run("orchestrate", "run", "sweep.json")
    #expect(second.errors.contains("2 jobs reused, 2 to run"), "\(second.errors)")
    let none = try project.run("orchestrate", "invalidate", "--stage", "nothing", "--reason", "x")
    #expect(none.status == 2 && none.errors.contains("no valid result"), "\(none.errors)")
  }

  @Test func `garbage is removed only after a yes`() throws {
    let project = try finishedProject()
    #expect(try project.run("orchestrate", "invalidate", "--stage", "value", "--reason", "x").status == 0)
    let list = try project.run("orchestrate", "gc", "--dry-run")
    #expect(list.output.contains("only invalidated attempts refer to it") && list.output.contains("would be removed"))
    let unasked = try project.run("orchestrate", "gc")
    #expect(unasked.status == 2 && unasked.errors.contains("say --yes"), "\(unasked.errors)")
    #expect(try project.run("orchestrate", "gc", "--yes").output.contains("removed"))
    #expect(try project.run("orchestrate", "verify").status == 0)
    #expect(try project.run("orchestrate", "gc", "--dry-run").output == "nothing to remove\n")
    #expect(try project.run("orchestrate", "run", "sweep.json").errors.contains("0 jobs reused, 4 to run"))
  }

  @Test func `samples and bundles leave, and bundles arrive elsewhere any number of times`() throws {
    let project = try finishedProject()
    #expect(try project.run("orchestrate", "export", "--format", "csv", "out.csv").status == 0)
    #expect(try project.text(of: "out.csv").hasPrefix("experiment,run,trial,seed,stage,job,state,metric,unit,value,"))
    let lines = try project.run("orchestrate", "export", "--format", "jsonl", "-").output.split(separator: "\n")
    #expect(lines.count == 2 && lines[0].contains("\"axes\":{\"seed\":1}"), "\(lines)")
    #expect(try project.run("orchestrate", "export", "--format", "bundle", "sweep.bundle").status == 0)
    let first = try project.run("orchestrate", "merge", "sweep.bundle", "results", "--results", "elsewhere")
    #expect(first.output.contains("sweep.bundle: 1 run added, 0 known, 4 attempts, 2 files"), "\(first)")
    #expect(first.output.contains("results: 0 runs added, 1 known, 0 attempts, 0 files"), "\(first)")
    #expect(try project.run("orchestrate", "verify", "--results", "elsewhere").status == 0)
    let reused = try project.run("orchestrate", "run", "sweep.json", "--results", "elsewhere")
    #expect(reused.errors.contains("4 jobs reused, nothing to run"), "\(reused.errors)")
    #expect(try project.run("report", "list", "--results", "sweep.bundle").output.contains("sweep"))
  }

  @Test func `verify names each damaged file on a line`() throws {
    let project = try finishedProject()
    let path = try project.run("orchestrate", "query", "SELECT sha256 FROM artifact LIMIT 1", "--format", "csv").output
    let digest = path.components(separatedBy: "\r\n")[1]
    let file = "results/artifacts/\(digest.prefix(2))/\(digest.dropFirst(2))"
    chmod("\(project.folder)/\(file)", 0o644)
    try project.write("9\n", to: file)
    let outcome = try project.run("orchestrate", "verify")
    #expect(outcome.status == 1)
    #expect(outcome.errors.split(separator: "\n").count == 1 && outcome.errors.contains(file), "\(outcome.errors)")
  }

  @Test func `a second run into the same results is refused while the first lives, and works after a kill`() throws {
    let project = try Project()
    try project.write(Self.sweep, to: "sweep.json")
    let first = try project.start("orchestrate", ["run", "sweep.json", "--set", "pause=30"])
    while !project.exists("results/attempts") && first.isRunning { usleep(5000) }
    let second = try project.run("orchestrate", "run", "sweep.json")
    #expect(second.status == 2 && second.errors.contains("is being written by process"), "\(second.errors)")
    let cleaning = try project.run("orchestrate", "gc", "--yes")
    #expect(cleaning.status == 2 && cleaning.errors.contains("is being written by process"), "\(cleaning.errors)")
    first.signal(SIGKILL)
    #expect(try first.outcome().status == -SIGKILL)
    let recovered = try project.run("orchestrate", "recover")
    #expect(recovered.output.hasSuffix("lost, 1 run interrupted\n"), "\(recovered)")
    #expect(try project.run("orchestrate", "run", "sweep.json").status == 0)
  }

  @Test(arguments: [40, 80, 130]) func `a full disk ends a run with a clear message, and room lets it go on`(
    change: Int
  ) throws {
    let project = try Project()
    try project.write(Self.sweep, to: "sweep.json")
    let running = try project.start(
      "orchestrate", ["run", "\(project.folder)/sweep.json", "--results", "\(project.folder)/results"],
      environment: [
        "LD_PRELOAD": "\(Project.products)/libStoreFaults.so", "STORE_FAULT_FOLDER": "\(project.folder)/results",
        "STORE_FAULT_AT": "\(change)", "STORE_FAULT_KIND": "ENOSPC", "STORE_FAULT_STICKY": "1",
      ])
    let outcome = try running.outcome()
    #expect([1, 2].contains(outcome.status), "\(outcome)")
    #expect(
      outcome.errors.contains("No space left on device") || outcome.errors.contains("no room on the disk"), "\(outcome)"
    )
    let resumed = try project.run("orchestrate", "run", "sweep.json")
    #expect(resumed.status == 0, "\(resumed.errors)")
    #expect(
      try project.run("orchestrate", "query", "SELECT count(*) FROM latest_result", "--format", "csv").output.contains(
        "2\r\n"))
    #expect(try project.run("orchestrate", "verify").status == 0)
  }
}
