import AttemptModel
import Foundation
import Glibc
import Scheduling
import Testing
import TestSupport

/// One job after another under the same shepherd: nothing of the earlier reaches the later.
@Suite struct ShepherdTests {
  private let directory: TemporaryFolder
  private let supervisor = ProcessSupervisor()

  init() throws { directory = try TemporaryFolder() }

  /// What a job sees of its surroundings: the first line is its shepherd, the rest must not depend on what ran before.
  private static let witness = """
    echo $PPID; pwd; umask; ulimit -a; grep -E '^(Sig[BIC]|Cpus_allowed:|NoNewPrivs)' /proc/self/status
    ls /proc/self/fd; nice; wc -w < /proc/$PPID/task/$PPID/children; cat; env | sort
    """

  private func run(_ arguments: [String], logBytes: Int = 1 << 20) async -> ProcessEnd {
    let request = ProcessRequest(
      arguments: arguments, environment: ["PATH": ProgramLocation.environment(adding: [:])["PATH"] ?? "/usr/bin:/bin"],
      workingDirectory: directory.path, standardOutput: .file("\(directory.path)/out", limit: logBytes),
      standardError: .file("\(directory.path)/err", limit: logBytes), graceSeconds: 0.2)
    return await withCheckedContinuation { continuation in
      supervisor.start(request) { continuation.resume(returning: $0) }
    }
  }

  /// Runs a witness; returns its shepherd, what it saw and its end.
  private func testify() async throws -> (shepherd: Int, lines: [Substring], end: ProcessEnd) {
    let end = await run(["sh", "-c", Self.witness])
    let lines = directory.read("out").split(separator: "\n")
    return (try #require(lines.first.flatMap { Int($0) }), Array(lines.dropFirst()), end)
  }

  /// The witness that the shepherd gets next; a shepherd that is not yet free again when a job comes is passed over.
  private func testify(under shepherd: Int) async throws -> (lines: [Substring], end: ProcessEnd)? {
    for _ in 0..<200 {
      let witness = try await testify()
      if witness.shepherd == shepherd { return (witness.lines, witness.end) }
    }
    return nil
  }

  /// Runs a Python program that writes the id of its shepherd into the file `shepherd` by calling `note()`.
  private func runPython(_ body: String, logBytes: Int = 1 << 20) async throws -> (shepherd: Int, end: ProcessEnd) {
    let note = "import os, sys, time\ndef note():\n    with open('shepherd', 'w') as f: f.write(str(os.getppid()))\n"
    let end = await run(["python3", try directory.write(note + body, to: "program.py")], logBytes: logBytes)
    return (try #require(Int(directory.read("shepherd"))), end)
  }

  @Test func `signals, descriptors, limits and the folder of a job stay with it`() async throws {
    let before = try await testify()
    let dirty = try await runPython(
      """
      import resource, signal
      note()
      for number in (1, 2, 3, 10, 12, 13, 15): signal.signal(number, signal.SIG_IGN)
      signal.pthread_sigmask(signal.SIG_BLOCK, range(1, 32))
      os.umask(0o777); os.nice(5); os.chdir("/"); os.environ["PATH"] = "/nowhere"
      resource.setrlimit(resource.RLIMIT_NOFILE, (16, 16))
      os.set_blocking(0, False)
      os.closerange(0, 64)
      os._exit(4)
      """)
    #expect(dirty.end.kind == .exited(4))
    let after = try #require(await testify(under: dirty.shepherd))
    #expect(after.lines == before.lines)
    #expect(after.end.kind == .exited(0))
    await supervisor.shutDown()
  }

  @Test func `daemons, zombies and open pipes of a job are gone before the next one begins`() async throws {
    let before = try await testify()
    let dirty = try await runPython(
      """
      note()
      for _ in range(3):
          if os.fork() == 0: os._exit(0)
      if os.fork() == 0:
          os.setsid()
          if os.fork() == 0:
              open("daemon", "w").write(str(os.getpid()))
              while True:
                  print("from the daemon", flush=True)
                  time.sleep(0.01)
          os._exit(0)
      while not (os.path.exists("daemon") and open("daemon").read()): time.sleep(0.01)
      os._exit(0)
      """)
    #expect(dirty.end.kind == .exited(0))
    #expect(dirty.end.strays == 1)
    #expect(directory.read("out").hasPrefix("from the daemon\n"))
    #expect(!isAlive(try #require(Int(directory.read("daemon")))))
    let after = try #require(await testify(under: dirty.shepherd))
    #expect(after.lines == before.lines)
    #expect(after.end.strays == 0)
    await supervisor.shutDown()
  }

  @Test func `the usage of a job does not contain that of the one before`() async throws {
    let heavy = try await runPython(
      "note()\nballast = b'1' * (150 << 20)\nwhile time.process_time() < 1: sum(range(10000))\n")
    #expect((heavy.end.usage?.maximumResidentBytes ?? 0) > 150 << 20)
    #expect((heavy.end.usage?.userSeconds ?? 0) + (heavy.end.usage?.systemSeconds ?? 0) >= 0.9)
    let light = try #require(await testify(under: heavy.shepherd)).end
    let usage = try #require(light.usage)
    #expect(usage.maximumResidentBytes < 20 << 20)
    #expect(usage.userSeconds + usage.systemSeconds < 0.5)
    #expect(usage.minorPageFaults < heavy.end.usage?.minorPageFaults ?? 0)
    await supervisor.shutDown()
  }

  @Test func `a shepherd that has grown gets no other job, whose peak it would raise`() async throws {
    let large = try await runPython("note()\nprint('x' * (20 << 20))\n", logBytes: 16 << 20)
    #expect(large.end.kind == .exited(0) && large.end.cutBytes.output > 0)
    for _ in 0..<20 {
      let next = try await testify()
      #expect(next.shepherd != large.shepherd)
      #expect((next.end.usage?.maximumResidentBytes ?? .max) < 8 << 20)
    }
    await supervisor.shutDown()
  }

  @Test func `an idle shepherd that is killed costs no job, and a late kill strikes no other job`() async throws {
    let first = try await testify()
    kill(pid_t(first.shepherd), SIGKILL)
    #expect(await eventually { !isAlive(first.shepherd) })
    let late = supervisor.start(ProcessRequest(arguments: ["true"], environment: [:], workingDirectory: "/")) { _ in }
    for _ in 0..<20 {
      supervisor.kill(late)
      #expect(try await testify().end.kind == .exited(0))
    }
    await supervisor.shutDown()
  }
}
