import AttemptModel
import JSON
import JobGraph
import Scheduling
import Testing
import WorkerProtocol
import TestSupport

@Suite struct IndexedTokensTests {
  private static let cards = PoolIndices(["0", "1", "GPU-7"], variable: "CUDA_VISIBLE_DEVICES")

  @Test func `the first free names are given, and given again when they are back`() {
    var tokens = IndexedTokens(["gpu": Self.cards])
    let first = tokens.take(["gpu": 2, "cpu": 4])
    #expect(first == ["gpu": ["0", "1"]])
    let second = tokens.take(["gpu": 1])
    #expect(second == ["gpu": ["GPU-7"]])
    tokens.giveBack(first)
    #expect(tokens.take(["gpu": 1]) == ["gpu": ["0"]])
    tokens.giveBack(second)
    #expect(tokens.take(["gpu": 2]) == ["gpu": ["1", "GPU-7"]])
    #expect(tokens.take(["cpu": 1]) == [:])
  }

  @Test func `the variable is empty for a job that has none`() {
    let tokens = IndexedTokens(["gpu": Self.cards, "my-port": PoolIndices(["8000"])])
    #expect(
      tokens.variables(for: ["gpu": ["0", "1"], "my-port": ["8000"]]) == [
        "CUDA_VISIBLE_DEVICES": "0,1", "ORCHESTRATE_RESOURCE_GPU": "0,1", "ORCHESTRATE_RESOURCE_MY_PORT": "8000",
      ])
    #expect(tokens.variables(for: [:]) == ["CUDA_VISIBLE_DEVICES": ""])
  }

  @Test func `no two commands have one card at a time, and each knows its own`() async throws {
    let directory = try TemporaryFolder()
    let recording = MemoryRecording(directory)
    // A folder can be made once: a second owner of the card would fail.
    let script = "mkdir card-$CUDA_VISIBLE_DEVICES && sleep 0.02 && rmdir card-$CUDA_VISIBLE_DEVICES"
    var jobs = (0..<12).map { job($0, command: ["sh", "-c", script], resources: ["gpu": 1]) }
    jobs.append(
      job(12, command: ["sh", "-c", "echo [$CUDA_VISIBLE_DEVICES] $ORCHESTRATE_RESOURCE_GPU"], resources: ["gpu": 2]))
    jobs.append(job(13, command: ["sh", "-c", "echo [${CUDA_VISIBLE_DEVICES-unset}]"], resources: [:]))
    let scheduler = try Scheduler(
      plan: plan(jobs, pools: ["cpu": 8, "gpu": 3], indices: ["gpu": Self.cards]),
      executor: CommandExecutor(supervisor: ProcessSupervisor(), projectRoot: directory.path), recording: recording,
      options: .init(projectRoot: directory.path))
    #expect(await scheduler.run().isComplete)
    func output(of job: Int) throws -> String {
      directory.read(try #require(recording.entries.first { $0.job == job }).place.standardOutputPath)
    }
    let pair = try output(of: 12)
    #expect(["[0,1] 0,1\n", "[0,GPU-7] 0,GPU-7\n", "[1,GPU-7] 1,GPU-7\n"].contains(pair), "\(pair)")
    #expect(try output(of: 13) == "[]\n")
  }

  @Test func `each worker process owns its card, and the request names it`() async throws {
    let directory = try TemporaryFolder()
    let recording = MemoryRecording(directory)
    let script = """
      import json, os, sys, time
      print(json.dumps({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}), flush=True)
      for line in sys.stdin:
          request = json.loads(line)
          if request["type"] == "shutdown": break
          time.sleep(0.02)
          assert request["tokens"] == {"gpu": [os.environ["CARD"]]}
          metrics = [{"name": "pid", "value": os.getpid()}, {"name": "card", "value": float(os.environ["CARD"])}]
          print(json.dumps({"type": "result", "id": request["id"], "metrics": metrics}), flush=True)
      """
    let worker = WorkerDefinition(command: ["python3", try directory.write(script, to: "worker.py")], count: 2)
    let jobs = (0..<20).map { task($0, "w", "t", resources: ["gpu": 1]) }
    let pools = PoolIndices(["0", "1"], variable: "CARD")
    let scheduler = try Scheduler(
      plan: plan(jobs, pools: ["gpu": 2], workers: ["w": worker], indices: ["gpu": pools]),
      executor: WorkerPool(definitions: ["w": worker], supervisor: ProcessSupervisor(), projectRoot: directory.path),
      recording: recording, options: .init(projectRoot: directory.path))
    #expect(await scheduler.run().isComplete)
    let owners = recording.entries.compactMap { entry -> [Double]? in
      entry.outcome?.measurements.metrics.map(\.value)
    }
    #expect(owners.count == 20)
    // Two processes, one for each card, kept from task to task.
    #expect(Set(owners).count == 2)
    #expect(Set(owners.map { $0[1] }) == [0, 1])
  }
}
