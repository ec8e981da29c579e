import AttemptModel
import Digest
import Foundation
import JSON
import Reporting
import ResultsStore
import Testing
import TestSupport

@Suite struct ReportCommandTests {
  @Test func `the command builds pages from a real database, twice the same`() async throws {
    let folder = try TemporaryFolder()
    try await makeDatabase("\(folder.path)/results/results.sqlite")
    let first = try report(["build"], in: folder)
    #expect(first.status == 0, "\(first.error)")
    #expect(first.output == "reports/exp1.md\nreports/index.md\n")
    let page = try folder.text("reports/exp1.md")
    #expect(cells(page, row: "1") == ["1", "0.0020", "0.9000"])
    #expect(cells(page, row: "2") == ["2", "failed: out of memory", "failed: out of memory"])
    #expect(cells(page, row: "**Mean**")[1] == "0.0020 s†")
    #expect(page.contains("commit `c0ffee`, **with uncommitted changes**"))
    _ = try report(["build", "exp1"], in: folder)
    #expect(try folder.text("reports/exp1.md") == page)
    let list = try report(["list"], in: folder)
    #expect(list.output == "exp1  run 1  failed  1 of 2 jobs have results\n", "\(list.output)")
  }

  @Test func `no database and an unknown experiment end with one message and code 2`() async throws {
    let folder = try TemporaryFolder()
    let missing = try report(["build"], in: folder)
    #expect(missing.status == 2)
    #expect(
      missing.error
        == "report: there is no results database at results/results.sqlite; make one with `orchestrate run SPEC`, "
        + "or name its folder with --results\n")
    try await makeDatabase("\(folder.path)/results/results.sqlite")
    let unknown = try report(["build", "exp7"], in: folder)
    #expect(unknown.status == 2)
    #expect(unknown.error == "report: no run of an experiment exp7 is stored; the database holds exp1\n")
    try Data("not a database, only text".utf8).write(to: URL(fileURLWithPath: folder.path + "/broken.sqlite"))
    let broken = try report(["list", "--results", "broken.sqlite"], in: folder)
    #expect(broken.status == 2 && broken.error.hasPrefix("report: "))
  }

  @Test func `an address of an unknown experiment is answered with those there are`() async throws {
    let folder = try TemporaryFolder()
    try await makeDatabase("\(folder.path)/results/results.sqlite")
    let trace = try report(["trace", "exp1:t:1:ssim"], in: folder)
    #expect(trace.status == 0 && trace.output.contains("contributes 0.9"), "\(trace)")
    let unknown = try report(["trace", "exp7:t:1:ssim"], in: folder)
    #expect(unknown.status == 2 && unknown.error.contains("no run of an experiment exp7 is stored (known: exp1)"))
  }

  @Test func `samples are read of the metrics that are asked for`() async throws {
    let folder = try TemporaryFolder()
    let path = "\(folder.path)/results/results.sqlite"
    try await makeDatabase(path)
    let store = try ResultsStore(path: path, mode: .readOnly)
    func metrics(_ wanted: Set<String>?) throws -> [String] {
      try store.experimentResults(name: "exp1", metrics: wanted).jobs.flatMap { $0.attempt?.samples ?? [] }.map(
        \.metric)
    }
    #expect(try metrics(nil) == ["time", "time", "ssim"])
    #expect(try metrics(["ssim", "other"]) == ["ssim"])
    #expect(try metrics([]) == [])
  }

  @Test func `one experiment is built with the same claims and index as all of them`() async throws {
    let folder = try TemporaryFolder()
    for name in ["exp1", "exp2"] { try await makeDatabase("\(folder.path)/results/results.sqlite", experiment: name) }
    #expect(try report(["build", "--output", "all"], in: folder).status == 0)
    let one = try report(["build", "exp1", "--output", "one"], in: folder)
    #expect(one.status == 0 && one.output == "one/exp1.md\none/claims.md\none/index.md\n", "\(one)")
    // Columns are as wide as their links.
    func claims(_ output: String) throws -> String {
      try folder.text("\(output)/claims.md").replacing("[exp2](exp2.md)", with: "exp2").replacing(/[ -]+/, with: " ")
    }
    #expect(try claims("all").contains("1 of 2 failed"))
    #expect(try claims("one") == claims("all"))
    #expect(try folder.text("one/exp1.md") == folder.text("all/exp1.md"))
  }

  @Test func `the version is printed`() throws {
    #expect(try report(["--version"], in: try TemporaryFolder()).output == "1.0.0\n")
  }

  /// A run of two trials: one measured, one failed.
  private func makeDatabase(_ path: String, experiment: String? = nil) async throws {
    let store = try ResultsStore(path: path, mode: .readWrite)
    let claim =
      experiment == nil
      ? ""
      : """
      {"id": "C", "text": "t", "tests": [{"quantity": {"stage": "measure", "metric": "ssim"}, "rule": {"less": 1}}]}
      """
    let spec = """
      {"name": "\(experiment ?? "exp1")", "report": {"claims": [\(claim)], "tables": [{"id": "t", "rows": "seed", "rowLabel": "Trial", "rowNames": "index",
        "summary": ["mean"], "columns": [
          {"label": "Time (s)", "stage": "measure", "metric": "time", "unit": "s"},
          {"label": "SSIM", "stage": "measure", "metric": "ssim"}]}]}}
      """
    let jobs = [0, 1].map { trial in
      JobRecord(
        stage: "measure", fingerprint: SHA256Digest(of: "job \(trial) \(experiment ?? "")"),
        parts: [("task", SHA256Digest(of: "task"))],
        isTimed: true, parameters: [:], trials: [trial])
    }
    let plan = PlanRecord(
      experiment: experiment ?? "exp1", canonicalSpec: CanonicalJSON.text(of: try JSONValue(parsing: spec)),
      hash: SHA256Digest(of: "plan \(experiment ?? "")"), canonicalPlan: "{}",
      trials: [43, 44].map { TrialRecord(assignment: [("seed", .integer($0))]) }, jobs: jobs)
    let run = try store.beginRun(
      plan: try store.register(plan),
      code: CodeState(commit: "c0ffee", isDirty: true, differenceDigest: "d", difference: "+"), toolVersion: "1.0")
    let samples = [
      SampleResult(metric: "time", unit: "s", isWarmup: true, value: 5),
      SampleResult(metric: "time", unit: "s", repetition: 1, value: 0.002), SampleResult(metric: "ssim", value: 0.9),
    ]
    let good = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "1")
    _ = try await store.finishAttempt(good.id, with: AttemptReport(exitKind: .succeeded, samples: samples))
    let bad = try await store.beginAttempt(run: run, job: 1, seed: 2, toolVersion: "1")
    _ = try await store.finishAttempt(bad.id, with: AttemptReport(exitKind: .failed, message: "out of memory"))
    try store.endRun(run, state: .failed)
  }

  private func report(
    _ arguments: [String], in folder: TemporaryFolder
  ) throws -> (status: Int32, output: String, error: String) {
    let products = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    let process = Process()
    process.executableURL = products.appendingPathComponent("report")
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.path)
    let (output, error) = (Pipe(), Pipe())
    process.standardOutput = output
    process.standardError = error
    try process.run()
    process.waitUntilExit()
    func text(_ pipe: Pipe) -> String {
      String(decoding: pipe.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    }
    return (process.terminationStatus, text(output), text(error))
  }
}
