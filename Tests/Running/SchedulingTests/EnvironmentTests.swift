import AttemptModel
import Foundation
import Glibc
import JobGraph
import Scheduling
import Testing
import WorkerProtocol
import TestSupport

/// What a process sees of the world in which orchestrate was started.
@Suite struct EnvironmentTests {
  @Test func `only the documented variables and the named ones are taken over`() {
    let everything = [
      "PATH": "/bin", "LC_ALL": "C", "LC_TIME": "de_DE", "LCX": "no", "EDITOR": "vi", "SECRET_TOKEN": "x",
      "SLURM_JOB_ID": "7", "SLURM": "no", "CUDA_HOME": "/cuda",
    ]
    #expect(
      InheritedEnvironment([], of: everything).adding(["A": "1", "PATH": "/own"]) == [
        "PATH": "/own", "LC_ALL": "C", "LC_TIME": "de_DE", "A": "1",
      ])
    #expect(
      InheritedEnvironment(["SLURM_*", "CUDA_HOME", "ABSENT"], of: everything).adding([:]) == [
        "PATH": "/bin", "LC_ALL": "C", "LC_TIME": "de_DE", "SLURM_JOB_ID": "7", "CUDA_HOME": "/cuda",
      ])
  }

  @Test func `commands and workers see the selection, and nothing else`() async throws {
    let directory = try TemporaryFolder()
    let recording = MemoryRecording(directory)
    let inherited = InheritedEnvironment(
      ["NAMED"], of: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? "", "NAMED": "yes", "LEAK": "secret"])
    let script = """
      import json, os, sys
      print(json.dumps({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}), flush=True)
      for line in sys.stdin:
          request = json.loads(line)
          if request["type"] == "shutdown": break
          print(" ".join(sorted(os.environ)), file=sys.stderr)
          print(json.dumps({"type": "result", "id": request["id"]}), flush=True)
      """
    let worker = WorkerDefinition(
      command: ["python3", try directory.write(script, to: "worker.py")], environment: ["OWN": "1"])
    let supervisor = ProcessSupervisor()
    let executor = LocalExecutor(
      commands: CommandExecutor(supervisor: supervisor, projectRoot: directory.path, inherited: inherited),
      workers: WorkerPool(
        definitions: ["w": worker], supervisor: supervisor, projectRoot: directory.path, inherited: inherited))
    let scheduler = try Scheduler(
      plan: plan([job(0, command: ["env"]), task(1, "w", "t")], workers: ["w": worker]), executor: executor,
      recording: recording, options: .init(projectRoot: directory.path))
    #expect(await scheduler.run().isComplete)
    let places = recording.entries.sorted { $0.job < $1.job }.map(\.place)
    let variables = directory.read(places[0].standardOutputPath).split(separator: "\n").map { $0.prefix { $0 != "=" } }
    let foreign = variables.filter { !$0.hasPrefix("ORCHESTRATE_") }
    #expect(Set(foreign) == ["PATH", "NAMED", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"])
    let seen = Set(directory.read(places[1].standardErrorPath).split(whereSeparator: \.isWhitespace))
    #expect(seen.isSuperset(of: ["PATH", "NAMED", "OWN"]) && !seen.contains("LEAK"))
  }

  @Test func `a command can start in its own empty folder, programs of the project stay reachable`() async throws {
    let directory = try TemporaryFolder()
    let recording = MemoryRecording(directory)
    let program = try directory.write("#!/bin/sh\nls -A | wc -l; pwd; echo x > made.txt\n", to: "tool.sh")
    chmod(program, 0o755)
    var own = job(0, command: ["./tool.sh"], outputs: ["made": "made.txt"])
    own.startsInOutputDirectory = true
    let scheduler = try Scheduler(
      plan: plan([own, job(1, command: ["sh", "-c", "pwd"])]),
      executor: CommandExecutor(supervisor: ProcessSupervisor(), projectRoot: directory.path), recording: recording,
      options: .init(projectRoot: directory.path))
    #expect(await scheduler.run().isComplete, "\(recording.outcome(of: 0)?.message ?? "")")
    func output(_ job: Int) throws -> [Substring] {
      let place = try #require(recording.entries.first { $0.job == job }).place
      return directory.read(place.standardOutputPath).split(separator: "\n")
    }
    let place = try #require(recording.entries.first { $0.job == 0 }).place
    #expect(try output(0) == ["0", Substring(place.outputDirectory)])
    #expect(try output(1) == [Substring(directory.path)])
    #expect(recording.outcome(of: 0)?.measurements.artifacts.map(\.path) == [place.outputDirectory + "/made.txt"])
  }
}
