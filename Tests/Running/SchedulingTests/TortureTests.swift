import AttemptModel
import Foundation
import Glibc
import JSON
import JobGraph
import Scheduling
import Synchronization
import Testing
import TestSupport

/// Killing at every place with every signal: nothing survives, and the run ends.
@Suite(.serialized) struct TortureTests {
  /// A command with child, grandchild and a daemon that forked twice; all ignore what can be ignored.
  private static let tree = """
    import os, signal, time
    for name in ("INT", "TERM", "HUP", "QUIT", "USR1"):
        signal.signal(getattr(signal, "SIG" + name), signal.SIG_IGN)
    def rest(role):
        with open("pids", "a") as file: file.write(f"{role} {os.getpid()}\\n")
        while True: time.sleep(600)
    if os.fork() == 0:
        if os.fork() == 0: rest("grandchild")
        rest("child")
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0: rest("daemon")
        os._exit(0)
    rest("command")
    """

  private struct Blow: Sendable, CustomStringConvertible {
    var role: String
    var signal: Int32
    var description: String { "\(ProcessEnd.signalName(Int(signal))) to the \(role)" }
  }

  /// Starts the tree, strikes, ends what is left as an interrupted run does, and returns what is alive then.
  private static func survivors(of blow: Blow) async throws -> [Int] {
    let directory = try TemporaryFolder()
    let survivors = Survivors()
    let supervisor = ProcessSupervisor()
    let ended = Mutex(false)
    let script = try directory.write(tree, to: "tree.py")
    // The tree gets the shepherd that this job leaves.
    await withCheckedContinuation { first in
      supervisor.start(ProcessRequest(arguments: ["true"], environment: [:], workingDirectory: "/")) { _ in
        first.resume()
      }
    }
    let id = supervisor.start(
      ProcessRequest(
        arguments: ["python3", script], environment: survivors.environment, workingDirectory: directory.path,
        graceSeconds: 0.05)
    ) { _ in ended.withLock { $0 = true } }
    var pids: [String: Int] = [:]
    let isComplete = await eventually {
      for line in directory.read("pids").split(separator: "\n") {
        let words = line.split(separator: " ")
        if words.count == 2 { pids[String(words[0])] = Int(words[1]) }
      }
      return pids.count == 4
    }
    try #require(isComplete)
    let command = try #require(pids["command"])
    let shepherd = try #require(parent(of: command))
    let owner = try #require(parent(of: shepherd))
    pids["shepherd"] = shepherd
    pids["supervisor"] = owner
    let target = try #require(pids[blow.role])
    kill(pid_t(target), blow.signal)
    if blow.signal == SIGSTOP || !["shepherd", "supervisor"].contains(blow.role) { supervisor.terminate(id) }
    #expect(await eventually { ended.withLock { $0 } }, "\(blow)")
    // The end is reported when nothing of the tree is alive, so there is nothing to wait for.
    let alive = survivors.alive
    await supervisor.shutDown()
    return alive
  }

  @Test func `nothing survives any signal to any process of a tree`() async throws {
    var blows: [Blow] = []
    for role in ["command", "child", "grandchild", "daemon"] {
      for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGKILL, SIGSTOP] {
        blows.append(Blow(role: role, signal: signal))
      }
    }
    for role in ["shepherd", "supervisor"] { blows += [SIGKILL, SIGSTOP].map { Blow(role: role, signal: $0) } }
    for _ in 0..<Survivors.rounds {
      let outcomes = try await withThrowingTaskGroup(of: (Blow, [Int]).self) { group in
        for blow in blows { group.addTask { (blow, try await Self.survivors(of: blow)) } }
        return try await group.reduce(into: []) { $0.append($1) }
      }
      #expect(outcomes.count == blows.count)
      for (blow, alive) in outcomes { #expect(alive == [], "\(blow)") }
    }
  }

  @Test func `signals that only the orchestrator may send leave supervisor and shepherds unmoved`() async throws {
    let directory = try TemporaryFolder()
    let supervisor = ProcessSupervisor()
    let end = Mutex<ProcessEnd?>(nil)
    supervisor.start(
      ProcessRequest(
        arguments: ["sh", "-c", "echo $$ > pid; while [ ! -e go ]; do sleep 0.01; done; exit 3"],
        environment: Survivors().environment, workingDirectory: directory.path)
    ) { finished in end.withLock { $0 = finished } }
    #expect(await eventually { !directory.read("pid").isEmpty })
    let command = try #require(Int(directory.read("pid").split(separator: "\n").first ?? ""))
    let shepherd = try #require(parent(of: command))
    let supervisorPID = try #require(parent(of: shepherd))
    for pid in [shepherd, supervisorPID] {
      for signal in [SIGINT, SIGTERM, SIGHUP, SIGQUIT] { kill(pid_t(pid), signal) }
    }
    _ = try directory.write("", to: "go")
    #expect(await eventually { end.withLock { $0 != nil } })
    #expect(end.withLock { $0?.kind } == .exited(3))
    await supervisor.shutDown()
  }

  @Test func `a run ends well while its processes are killed at random`() async throws {
    for round in 0..<Survivors.rounds {
      let directory = try TemporaryFolder()
      let survivors = Survivors()
      let recording = MemoryRecording(directory)
      let script = "(setsid sleep 60 &); sleep 61 & sleep 0.0$((ORCHESTRATE_ATTEMPT + 2))"
      let jobs = (0..<30).map { index in
        job(
          index, command: ["sh", "-c", script], needs: index < 10 ? [] : [index - 10], retries: 2,
          environment: survivors.environment)
      }
      let supervisor = ProcessSupervisor()
      let scheduler = try Scheduler(
        plan: plan(jobs, pools: ["cpu": 4]),
        executor: CommandExecutor(supervisor: supervisor, projectRoot: directory.path), recording: recording,
        options: .init(projectRoot: directory.path, retryPolicy: .init(firstDelay: .milliseconds(1))))
      let isRunning = Mutex(true)
      let killer = Task {
        var generator = SeededGenerator(UInt64(round))
        while isRunning.withLock({ $0 }) {
          let commands = survivors.alive
          // Shepherds too, which carry no mark: the parents of marked processes that are called so.
          let shepherds = Set(commands.compactMap(parent)).filter {
            directory.read("/proc/\($0)/comm").hasPrefix("job-shepherd")
          }
          if let victim = (commands + shepherds.sorted()).randomElement(using: &generator) {
            kill(pid_t(victim), SIGKILL)
          }
          try? await Task.sleep(for: .milliseconds(10))
        }
      }
      let result = await scheduler.run()
      isRunning.withLock { $0 = false }
      await killer.value
      #expect(survivors.alive == [])
      let terminal: Set<ScheduleState> = [.succeeded, .failed, .skipped]
      #expect(result.states.allSatisfy { terminal.contains($0) }, "\(result.states)")
      for entry in recording.entries { #expect(entry.outcome != nil) }
    }
  }

  @Test func `a tree that goes on forking is caught whole`() async throws {
    let script = """
      import os, signal, time
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      signal.signal(signal.SIGCHLD, signal.SIG_IGN)
      open("started", "w").close()
      # Each process leaves a successor in a session of its own and ends; at most 20 chains of 200.
      for chain in range(20):
          if os.fork() == 0:
              for turn in range(200):
                  if os.fork() > 0: os._exit(0)
                  os.setsid()
                  time.sleep(0.002)
              os._exit(0)
      time.sleep(600)
      """
    for _ in 0..<Survivors.rounds {
      let directory = try TemporaryFolder()
      let survivors = Survivors()
      let supervisor = ProcessSupervisor()
      let ended = Mutex(false)
      let id = supervisor.start(
        ProcessRequest(
          arguments: ["python3", try directory.write(script, to: "chain.py")], environment: survivors.environment,
          workingDirectory: directory.path)
      ) { _ in ended.withLock { $0 = true } }
      #expect(await eventually { FileManager.default.fileExists(atPath: directory.path + "/started") })
      try await Task.sleep(for: .milliseconds(60))
      supervisor.kill(id)
      #expect(await eventually { ended.withLock { $0 } })
      #expect(survivors.alive == [])
      await supervisor.shutDown()
    }
  }

  @Test(arguments: [SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGKILL, SIGSEGV])
  func `a killed worker takes its children and daemons along and is replaced`(signal: Int32) async throws {
    let directory = try TemporaryFolder()
    let survivors = Survivors()
    let recording = MemoryRecording(directory)
    let script = """
      import json, os, signal, sys, time
      print(json.dumps({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}), flush=True)
      for line in sys.stdin:
          request = json.loads(line)
          if request["type"] == "shutdown": break
          if "signal" in request["parameters"]:
              for name in ("INT", "TERM", "HUP", "QUIT"):
                  signal.signal(getattr(signal, "SIG" + name), signal.SIG_DFL)
              if os.fork() == 0: time.sleep(600)
              if os.fork() == 0:
                  os.setsid()
                  if os.fork() == 0: time.sleep(600)
                  os._exit(0)
              os.kill(os.getpid(), request["parameters"]["signal"])
              time.sleep(600)
          print(json.dumps({"type": "result", "id": request["id"]}), flush=True)
      """
    let worker = WorkerDefinition(
      command: ["python3", try directory.write(script, to: "worker.py")], environment: survivors.environment)
    let supervisor = ProcessSupervisor()
    let executor = LocalExecutor(
      commands: CommandExecutor(supervisor: supervisor, projectRoot: directory.path),
      workers: WorkerPool(definitions: ["w": worker], supervisor: supervisor, projectRoot: directory.path))
    let jobs = [
      task(0, "w", "t"), task(1, "w", "t", parameters: ["signal": .integer(Int64(signal))]), task(2, "w", "t"),
    ]
    let scheduler = try Scheduler(
      plan: plan(jobs, workers: ["w": worker]), executor: executor, recording: recording,
      options: .init(projectRoot: directory.path))
    let result = await scheduler.run()
    #expect(result.states == [.succeeded, .failed, .succeeded])
    #expect(recording.outcome(of: 1)?.exitKind == .signalled)
    #expect(recording.outcome(of: 1)?.signal == Int(signal))
    #expect(recording.outcome(of: 2)?.worker?.request == 1)
    #expect(survivors.alive == [])
  }
}
