import AttemptModel
import JSON
import JobGraph
import Scheduling
import Testing
import WorkerProtocol
import TestSupport

/// How worker processes are used up and replaced.
@Suite struct WorkerUseTests {
  private let directory: TemporaryFolder
  private let recording: MemoryRecording

  init() throws {
    directory = try TemporaryFolder()
    recording = MemoryRecording(directory)
  }

  private func worker(maximumRequests: Int? = nil) throws -> WorkerDefinition {
    let script = """
      import json, os, sys, time
      print(json.dumps({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}), flush=True)
      for line in sys.stdin:
          request = json.loads(line)
          if request["type"] == "shutdown": break
          if request["type"] == "cancel":
              time.sleep(0.4)
              print(json.dumps({"type": "error", "id": request["id"], "kind": "task", "message": "gave up"}), flush=True)
              continue
          if request["parameters"].get("mood") == "hang": continue
          if request["parameters"].get("mood") == "crash": os._exit(1)
          metrics = [{"name": "pid", "value": os.getpid()}, {"name": "bytes", "value": len(line)}]
          print(json.dumps({"type": "result", "id": request["id"], "metrics": metrics}), flush=True)
      """
    return WorkerDefinition(
      command: ["python3", try directory.write(script, to: "worker.py")], maximumRequests: maximumRequests)
  }

  private func run(_ jobs: [Job], _ worker: WorkerDefinition, limits: WorkerLimits = WorkerLimits()) async throws
    -> ScheduleResult
  {
    let pool = WorkerPool(
      definitions: ["w": worker], supervisor: ProcessSupervisor(), projectRoot: directory.path, limits: limits)
    let scheduler = try Scheduler(
      plan: plan(jobs, workers: ["w": worker]), executor: pool, recording: recording,
      options: .init(projectRoot: directory.path))
    return await scheduler.run()
  }

  @Test func `every attempt knows which task of its process it was, and how old that was`() async throws {
    let result = try await run(
      [
        task(0, "w", "t"), task(1, "w", "t"), task(2, "w", "t", parameters: ["mood": "crash"]), task(3, "w", "t"),
      ], try worker())
    #expect(result.states == [.succeeded, .succeeded, .failed, .succeeded])
    let uses = (0..<4).compactMap { recording.outcome(of: $0)?.worker }
    #expect(uses.map(\.request) == [1, 2, 3, 1])
    #expect(uses.allSatisfy { $0.ageSeconds >= 0 })
    #expect(uses[0].ageSeconds <= uses[1].ageSeconds && uses[1].ageSeconds <= uses[2].ageSeconds)
  }

  @Test func `a process is replaced after its greatest number of tasks`() async throws {
    let result = try await run((0..<7).map { task($0, "w", "t") }, try worker(maximumRequests: 3))
    #expect(result.isComplete)
    #expect((0..<7).compactMap { recording.outcome(of: $0)?.worker?.request } == [1, 2, 3, 1, 2, 3, 1])
    let pids = (0..<7).compactMap { recording.outcome(of: $0)?.measurements.metrics.first?.value }
    #expect(Set(pids).count == 3)
    #expect(recording.entries.count == 7)
  }

  @Test func `a stage's own grace lets a slow worker answer its cancellation`() async throws {
    let result = try await run(
      [
        task(
          0, "w", "t", parameters: ["mood": "hang"], timeLimitSeconds: 0.1, limits: .init(graceSeconds: 60)),
        task(1, "w", "t"), task(2, "w", "t", parameters: ["mood": "hang"], timeLimitSeconds: 0.1),
      ], try worker(), limits: .init(grace: .milliseconds(50)))
    #expect(result.states == [.failed, .succeeded, .failed])
    #expect(recording.outcome(of: 0)?.message?.contains("killed") == false)
    // The same process went on, since it had answered; the pool's own grace was too short for the last one.
    #expect(recording.outcome(of: 1)?.worker?.request == 2)
    #expect(recording.outcome(of: 2)?.message?.contains("did not answer the cancellation and was killed") == true)
  }

  @Test func `a request larger than any pipe reaches a worker that reads slowly`() async throws {
    let text = String(repeating: "x", count: 6 << 20)
    let result = try await run([task(0, "w", "t", parameters: ["text": .string(text)])], try worker())
    #expect(result.isComplete)
    let bytes = recording.outcome(of: 0)?.measurements.metrics.last?.value ?? 0
    #expect(bytes > Double(text.utf8.count))
  }
}
