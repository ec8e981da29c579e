import AttemptModel
import Foundation
import Glibc
import JSON
import JobGraph
import Scheduling
import Synchronization
import Testing
import WorkerProtocol
import TestSupport

/// Whose failure it was when a worker is involved, and what follows for the next task.
@Suite struct WorkerFaultTests {
  private let directory: TemporaryFolder
  private let recording: MemoryRecording

  init() throws {
    directory = try TemporaryFolder()
    recording = MemoryRecording(directory)
  }

  /// A worker that runs `start` before its hello, and for each request `body`, in which `answer` sends a result with its process id.
  private func worker(start: String = "", _ body: String) throws -> WorkerDefinition {
    let script = """
      import json, os, signal, sys, threading, time
      def send(message):
          print(json.dumps(message), flush=True)
      \(start.isEmpty ? "pass" : start)
      send({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]})
      for line in sys.stdin:
          request = json.loads(line)
          if request["type"] == "shutdown": break
          id, mood = request["id"], request.get("parameters", {}).get("mood", "")
          def answer(id): send({"type": "result", "id": id, "metrics": [{"name": "pid", "value": os.getpid()}]})

      """
    let indented = body.split(separator: "\n").map { "    \($0)\n" }.joined()
    return WorkerDefinition(command: ["python3", try directory.write(script + indented, to: "worker.py")])
  }

  private func run(_ jobs: [Job], _ worker: WorkerDefinition) async throws -> ScheduleResult {
    let pool = WorkerPool(
      definitions: ["w": worker], supervisor: ProcessSupervisor(), projectRoot: directory.path,
      limits: .init(grace: .milliseconds(300)))
    let scheduler = try Scheduler(
      plan: plan(jobs, workers: ["w": worker]), executor: pool, recording: recording,
      options: .init(projectRoot: directory.path, retryPolicy: .init(firstDelay: .milliseconds(1))))
    return await scheduler.run()
  }

  private func pid(of job: Int) -> Double? { recording.outcome(of: job)?.measurements.metrics.first?.value }

  @Test(arguments: [
    // At once, and so late that the next task is at work.
    "answer(id)\nif mood == 'twice': answer(id)",
    """
    if mood == 'twice': twice = id
    elif len(os.listdir(request["outputDirectory"])) > 0: os._exit(9)
    elif not os.path.exists("late"):
        open("late", "w"); open(request["outputDirectory"] + "/begun", "w")
        answer(twice)
        time.sleep(600)
    answer(id)
    """,
  ])
  func `a second answer is blamed on the worker, and the next task runs on a clean one`(body: String) async throws {
    let result = try await run([task(0, "w", "t", parameters: ["mood": "twice"]), task(1, "w", "t")], try worker(body))
    #expect(result.isComplete)
    #expect(recording.entries.count == 2)
    #expect(pid(of: 0) != pid(of: 1))
    let warnings = recording.outcome(of: 1)?.warnings ?? []
    #expect(
      warnings.count == 1
        && warnings[0].hasPrefix("worker 'w' was replaced: it answered for task '0-1' a second time"), "\(warnings)")
  }

  @Test func `late news of a task that is over do no harm`() async throws {
    let result = try await run(
      [task(0, "w", "t"), task(1, "w", "t")],
      try worker("answer(id)\nsend({'type': 'progress', 'id': id, 'done': 1})\ntime.sleep(0.05)"))
    #expect(result.isComplete)
    #expect(pid(of: 0) == pid(of: 1))
  }

  @Test func `a worker that is at fault itself is replaced, and its task tried again`() async throws {
    let body = """
      if os.path.exists("broken"): answer(id)
      else:
          open("broken", "w")
          send({"type": "error", "id": id, "kind": "internal", "message": "the card fell off the bus"})
      """
    let result = try await run([task(0, "w", "t"), task(1, "w", "t")], try worker(body))
    #expect(result.isComplete)
    let first = try #require(recording.entries.first { $0.job == 0 }?.outcome)
    #expect(first.exitKind == .lost && first.fault == .machine)
    #expect(first.message?.contains("the card fell off the bus") == true)
    #expect(recording.outcome(of: 0)?.exitKind == .succeeded)
  }

  @Test func `what watches a worker may die at its hello once, which is no fault of the spec`() async throws {
    for victim in ["os.getppid()", "int(open(f'/proc/{os.getppid()}/stat').read().rsplit(')', 1)[1].split()[1])"] {
      let start =
        "if not os.path.exists('\(victim.count)'): open('\(victim.count)', 'w'); os.kill(\(victim), 9); time.sleep(600)"
      let definition = try worker(start: start, "answer(id)")
      let pool = WorkerPool(
        definitions: ["w": definition], supervisor: ProcessSupervisor(), projectRoot: directory.path)
      #expect(try await pool.hello(of: "w").name == "w")
      await pool.shutDown()
    }
  }

  @Test func `what watches a worker and always dies is the machine's failure`() async throws {
    let definition = try worker(start: "os.kill(os.getppid(), 9); time.sleep(600)", "answer(id)")
    let pool = WorkerPool(definitions: ["w": definition], supervisor: ProcessSupervisor(), projectRoot: directory.path)
    let error = await #expect(throws: SchedulingError.self) { try await pool.hello(of: "w") }
    #expect(error?.code == .system && error?.fault == .machine)
    #expect(error?.message.contains("the process that watched it died") == true, "\(error?.message ?? "")")
    await pool.shutDown()
  }

  @Test func `a wish to end a task is not lost on its way from the queue to a worker`() async throws {
    let definition = try worker(
      """
      if request["type"] == "cancel": send({"type": "error", "id": id, "kind": "task", "message": "gave up"})
      elif mood != "hang": answer(id)
      """)
    let supervisor = ProcessSupervisor()
    let pool = WorkerPool(definitions: ["w": definition], supervisor: supervisor, projectRoot: directory.path)
    for round in 0..<100 {
      let place = try makePlace(in: directory, id: Int64(round))
      func request(_ index: Int, _ mood: String) -> AttemptRequest {
        AttemptRequest(
          job: task(index, "w", "t", parameters: ["mood": .string(mood)]), number: round + 1, label: "", inputs: [:],
          place: place)
      }
      // The second waits for the only process and is handed to it while the wish comes.
      let (quick, hanging) = (request(0, ""), request(1, "hang"))
      await withCheckedContinuation { (continuation: CheckedContinuation<Void, Never>) in
        let open = Mutex(2)
        let isWaiting = Mutex(false)
        let end = { @Sendable in
          if open.withLock({
            $0 -= 1; return $0 == 0
          }) {
            continuation.resume()
          }
        }
        pool.start(quick, onProgress: { _ in }) { _ in
          DispatchQueue.global().async {
            while !isWaiting.withLock({ $0 }) { usleep(100) }
            pool.cancel(hanging.id, how: .terminate)
          }
          end()
        }
        pool.start(hanging, onProgress: { _ in }) { outcome in
          #expect(outcome.exitKind == .cancelled)
          end()
        }
        isWaiting.withLock { $0 = true }
      }
    }
    await pool.shutDown()
    await supervisor.shutDown()
  }
}
