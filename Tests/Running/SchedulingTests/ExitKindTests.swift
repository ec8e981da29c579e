import AttemptModel
import Glibc
import JSON
import JobGraph
import Scheduling
import Testing
import TestSupport

/// Every kind of end, with a real process behind it.
@Suite struct ExitKindTests {
  private let directory: TemporaryFolder
  private let recording: MemoryRecording

  init() throws {
    directory = try TemporaryFolder()
    recording = MemoryRecording(directory)
  }

  private func scheduler(_ jobs: [Job], workers: [String: WorkerDefinition] = [:], grace: Double = 0.2) throws
    -> Scheduler
  {
    let supervisor = ProcessSupervisor()
    let executor = LocalExecutor(
      commands: CommandExecutor(
        supervisor: supervisor, projectRoot: directory.path, limits: .init(graceSeconds: grace)),
      workers: WorkerPool(definitions: workers, supervisor: supervisor, projectRoot: directory.path))
    return try Scheduler(
      plan: plan(jobs, workers: workers), executor: executor, recording: recording,
      options: .init(projectRoot: directory.path, retryPolicy: .init(infrastructureRetries: 0)))
  }

  private func outcome(of job: Job) async throws -> AttemptOutcome {
    _ = await (try scheduler([job])).run()
    return try #require(recording.outcome(of: 0))
  }

  private func sh(_ script: String) -> [String] { ["sh", "-c", script] }

  @Test func `failed has the exit code`() async throws {
    let outcome = try await outcome(of: job(0, command: sh("exit 4")))
    #expect(outcome.exitKind == .failed && outcome.exitCode == 4)
  }

  @Test func `signalled has the signal`() async throws {
    let outcome = try await outcome(of: job(0, command: sh("kill -ABRT $$")))
    #expect(outcome.exitKind == .signalled && outcome.signal == 6)
    #expect(outcome.message?.contains("the command was killed by SIGABRT") == true)
  }

  @Test func `timed out counts from the start of the program, and its own grace follows`() async throws {
    let script = "trap 'echo told; sleep 0.3; echo done; exit 0' TERM; echo ready; while :; do sleep 0.01; done"
    // The executor's grace is far too short; the stage's own lets the command finish.
    let limits = AttemptLimits(graceSeconds: 60)
    _ = await (try scheduler([job(0, command: sh(script), timeLimitSeconds: 1, limits: limits)], grace: 0.01)).run()
    let outcome = try #require(recording.outcome(of: 0))
    #expect(outcome.exitKind == .timedOut)
    #expect(outcome.message?.contains("exceeded its time limit of 1 s;") == true, "\(outcome.message ?? "")")
    let output = directory.read(try #require(recording.entries.first?.place.standardOutputPath))
    #expect(output.hasSuffix("told\ndone\n"), "\(output)")
  }

  @Test func `a command over its memory limit is killed and says how much it held`() async throws {
    let script = "import time\nblocks = []\nwhile True:\n  blocks.append(b'x' * (8 << 20))\n  time.sleep(0.01)"
    let outcome = try await outcome(
      of: job(0, command: ["python3", "-c", script], limits: .init(memoryBytes: 100 << 20)))
    #expect(outcome.exitKind == .memory)
    #expect(outcome.message?.contains("more than its memory limit of 100 MiB, and was killed") == true)
    #expect(outcome.verdict == .failed)
  }

  @Test func `the memory of children counts, but what they share counts once`() async throws {
    let family = """
      import os, time
      block = bytearray(os.urandom(1 << 20)) * SIZE
      for child in range(3):
          if os.fork() == 0:
              if OWN: block = bytearray(b"y" * len(block))
              time.sleep(SECONDS)
              os._exit(0)
      for child in range(3): os.wait()
      """
    func command(size: Int, own: Bool, seconds: Double) -> [String] {
      [
        "python3", "-c",
        family.replacing("SIZE", with: "\(size)").replacing("OWN", with: own ? "True" : "False")
          .replacing("SECONDS", with: "\(seconds)"),
      ]
    }
    let limits = AttemptLimits(memoryBytes: 160 << 20)
    // Four times 60 MiB, shared: about 80 MiB in all, with the interpreter.
    let jobs = [
      job(0, command: command(size: 60, own: false, seconds: 0.5), limits: limits),
      job(1, command: command(size: 60, own: true, seconds: 600), limits: limits),
    ]
    _ = await (try scheduler(jobs)).run()
    #expect(recording.outcome(of: 0)?.exitKind == .succeeded, "\(recording.outcome(of: 0)?.message ?? "")")
    #expect(recording.outcome(of: 1)?.exitKind == .memory)
  }

  @Test func `a task over its memory limit loses its worker, and the next one runs`() async throws {
    let script = """
      import json, sys, time
      print(json.dumps({"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}), flush=True)
      for line in sys.stdin:
          request = json.loads(line)
          if request["type"] == "shutdown": break
          blocks = []
          while request["parameters"].get("greedy"):
              blocks.append(b"x" * (8 << 20))
              time.sleep(0.01)
          print(json.dumps({"type": "result", "id": request["id"]}), flush=True)
      """
    let worker = WorkerDefinition(command: ["python3", try directory.write(script, to: "worker.py")])
    let limits = AttemptLimits(memoryBytes: 100 << 20)
    let jobs = [
      task(0, "w", "t", parameters: ["greedy": true], limits: limits), task(1, "w", "t", limits: limits),
      task(2, "w", "t"),
    ]
    let result = await (try scheduler(jobs, workers: ["w": worker])).run()
    #expect(result.states == [.failed, .succeeded, .succeeded])
    #expect(recording.outcome(of: 0)?.exitKind == .memory)
    let message = recording.outcome(of: 0)?.message ?? ""
    #expect(message.contains("worker 'w' held") && message.contains("memory limit of 100 MiB"), "\(message)")
  }

  @Test func `cancelled is the end by an interruption, at the second level and at the third`() async throws {
    for level in [Interruption.Level.terminate, .kill] {
      let directory = try TemporaryFolder()
      let recording = MemoryRecording(directory)
      let supervisor = ProcessSupervisor()
      let scheduler = try Scheduler(
        plan: plan([job(0, command: ["sh", "-c", "trap '' TERM; echo $$ > pid; while :; do sleep 1; done"])]),
        executor: CommandExecutor(
          supervisor: supervisor, projectRoot: directory.path,
          limits: .init(graceSeconds: level == .kill ? 600 : 0.1)),
        recording: recording, options: .init(projectRoot: directory.path))
      async let running = scheduler.run()
      #expect(await eventually { !directory.read("pid").isEmpty })
      if level == .kill { await scheduler.interrupt(.terminate) }
      await scheduler.interrupt(level)
      let result = await running
      #expect(result.states == [.cancelled])
      #expect(recording.outcome(of: 0)?.exitKind == .cancelled)
    }
  }

  @Test func `lost is the end of what watched the process, and not the job's fault`() async throws {
    let script = "echo $PPID > shepherd; exec sleep 600"
    let scheduler = try scheduler([job(0, command: sh(script))])
    async let running = scheduler.run()
    #expect(await eventually { directory.read("shepherd").hasSuffix("\n") })
    let shepherd = try #require(Int(directory.read("shepherd").dropLast()))
    kill(pid_t(shepherd), SIGKILL)
    let result = await running
    #expect(result.states == [.failed])
    let outcome = try #require(recording.outcome(of: 0))
    #expect(outcome.exitKind == .lost && outcome.verdict == .infrastructureFailed)
    #expect(outcome.message?.contains("the command was lost: the process that watched it died") == true)
  }

  @Test(arguments: [
    ("#!/no/such/interpreter\n", "its interpreter '/no/such/interpreter' does not exist; correct its first line"),
    ("#! /no/such -e\n", "its interpreter '/no/such' does not exist; correct its first line"),
    (
      "#!/bin/sh\r\nexit 0\r\n",
      "behind its interpreter '/bin/sh' stands a carriage return; save the file with line ends LF, not CR LF"
    ),
    ("#!/etc/passwd\n", "its interpreter '/etc/passwd' may not be executed; correct its first line"),
    ("#!other\n", "its interpreter '/no/such/second' does not exist; correct its first line"),
  ])
  func `a script whose interpreter is missing says so, wherever it lies`(content: String, reason: String) async throws {
    chmod(try directory.write("#!/no/such/second\n", to: "other"), 0o755)
    chmod(try directory.write(content, to: "odd-script"), 0o755)
    for (name, path) in [("./odd-script", "/usr/bin:/bin"), ("odd-script", "/usr/bin:\(directory.path):/bin")] {
      let outcome = try await outcome(of: job(0, command: [name], environment: ["PATH": path]))
      #expect(outcome.exitKind == .failed)
      #expect(outcome.message?.contains("cannot start '\(name)': \(reason)") == true, "\(outcome.message ?? "")")
    }
  }

  @Test(
    arguments: [
      (
        ["echo", "a\u{0}b"], [:],
        "cannot start 'echo': its argument 1 has a zero byte, at which the system would cut it"
      ),
      (["echo"], ["A": "x\u{0}"], "the environment variable 'A' has a zero byte, at which the system would cut it"),
      (["echo"], ["A=B": "x"], "the environment variable 'A=B' is no name of a variable"),
    ] as [([String], [String: String], String)])
  func `nothing is cut in silence on its way to a command`(
    command: [String], environment: [String: String], reason: String
  ) async throws {
    let outcome = try await outcome(of: job(0, command: command, environment: environment))
    #expect(outcome.exitKind == .failed)
    #expect(outcome.message?.contains(reason) == true, "\(outcome.message ?? "")")
  }

  @Test(.enabled(if: getuid() == 0))
  func `a memory limit that the kernel cannot keep is refused`() async throws {
    let supervisor = ProgramLocation.executableDirectory + "/job-supervisor"
    let script = "#!/bin/sh\nexec unshare -m sh -c 'mount -t tmpfs none /proc && exec \"\(supervisor)\"'\n"
    let path = try directory.write(script, to: "blind")
    chmod(path, 0o755)
    let blind = ProcessSupervisor(executable: path)
    for (limit, isKept) in [(nil, true), (1 << 30, false)] as [(Int?, Bool)] {
      let end = await withCheckedContinuation { continuation in
        blind.start(
          ProcessRequest(
            arguments: ["true"], environment: ["PATH": "/usr/bin:/bin"], workingDirectory: "/", memoryLimitBytes: limit)
        ) { continuation.resume(returning: $0) }
      }
      guard !isKept, case .notStarted(let reason) = end.kind else {
        #expect(isKept && end.kind == .exited(0))
        continue
      }
      #expect(reason.hasPrefix("'memoryLimit' cannot be kept on this machine"))
    }
    await blind.shutDown()
  }
}
