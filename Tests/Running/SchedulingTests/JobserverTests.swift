import AttemptModel
import Foundation
import Glibc
import JobGraph
import Scheduling
import Testing
import TestSupport

@Suite struct JobserverTests {
  private let directory: TemporaryFolder
  private let recording: MemoryRecording

  init() throws {
    directory = try TemporaryFolder()
    recording = MemoryRecording(directory)
  }

  /// A client that speaks to the pipe as make, ninja and cargo do; `take(n)` waits for tokens, `give()` returns them.
  private static let client = """
    import os, sys, time
    path = [w for w in os.environ["MAKEFLAGS"].split() if w.startswith("--jobserver-auth=fifo:")][-1].split(":", 1)[1]
    reader, writer = os.open(path, os.O_RDONLY | os.O_NONBLOCK), os.open(path, os.O_WRONLY)
    held = b""
    def take(count):
        global held
        while len(held) < count:
            try: held += os.read(reader, count - len(held))
            except BlockingIOError: time.sleep(0.005)
    def give():
        global held
        os.write(writer, held); held = b""
    def until(name):
        while not os.path.exists(name): time.sleep(0.005)
    def note(name): open(name, "w").close()

    """

  private func python(_ body: String) -> [String] { ["python3", "-c", Self.client + body] }

  private func run(_ jobs: [Job], cpu: Int, jobserver: Jobserver?) async throws -> ScheduleResult {
    let scheduler = try Scheduler(
      plan: plan(jobs, pools: ["cpu": cpu]),
      executor: CommandExecutor(supervisor: ProcessSupervisor(), projectRoot: directory.path), recording: recording,
      options: .init(projectRoot: directory.path, jobserver: jobserver))
    return await scheduler.run()
  }

  @Test func `a build inside a command gets what the run leaves idle`() async throws {
    let jobserver = try Jobserver.offering(tokens: 3)
    let flags = try #require(jobserver.variables["MAKEFLAGS"])
    #expect(flags.hasPrefix(" -j3 --jobserver-auth=fifo:/"))
    let result = try await run([job(0, command: python("take(2); give()"))], cpu: 3, jobserver: jobserver)
    #expect(result.isComplete, "\(recording.outcome(of: 0)?.message ?? "")")
    let pipe = String(flags.split(separator: ":", maxSplits: 1)[1])
    #expect(!FileManager.default.fileExists(atPath: pipe))
  }

  @Test func `a job waits for processors that a build has taken`() async throws {
    let jobs = [
      job(0, command: python("take(1); note('taken'); until('done'); time.sleep(0.2); note('returned'); give()")),
      job(1, command: ["sh", "-c", "while [ ! -e taken ]; do sleep 0.01; done; : > done"]),
      job(2, command: ["test", "-e", "returned"], needs: [1], resources: ["cpu": 2]),
    ]
    let result = try await run(jobs, cpu: 3, jobserver: try .offering(tokens: 3))
    #expect(result.isComplete, "\(recording.entries.compactMap { $0.outcome?.message })")
  }

  @Test func `tokens that a killed build cannot return are restored when nothing runs`() async throws {
    let script = "take(2)\nif os.environ['ORCHESTRATE_ATTEMPT'] == '1': os.kill(os.getpid(), 9)\ngive()"
    let backoff = RetryBackoff(firstSeconds: 0.01)
    let result = try await run(
      [job(0, command: python(script), retries: 1, limits: .init(backoff: backoff))], cpu: 3,
      jobserver: try .offering(tokens: 3))
    #expect(result.isComplete)
    #expect(recording.entries.compactMap { $0.outcome?.exitKind } == [.signalled, .succeeded])
  }

  /// Runs jobs below a parent's jobserver with some free tokens; returns how many ran at once and the tokens left at the end.
  private func runBelowParent(tokens: Int, _ jobs: Int, demand: Int = 1, cpu: Int = 8) async throws -> (
    most: Int, left: String
  ) {
    let pipe = directory.path + "/parent"
    try #require(mkfifo(pipe, 0o600) == 0)
    let parent = open(pipe, O_RDWR | O_NONBLOCK)
    defer { close(parent) }
    let own = (0..<tokens).map { UInt8($0) + UInt8(ascii: "a") }
    try #require(write(parent, own, own.count) == own.count)
    let flags = "k -j\(tokens + 1) --jobserver-auth=fifo:\(pipe)"
    let jobserver = try #require(Jobserver.inherited(environment: ["MAKEFLAGS": flags]))
    let script = "echo + >> log; sleep 0.05; echo - >> log"
    let all = (0..<jobs).map { job($0, command: ["sh", "-c", script], resources: ["cpu": demand]) }
    #expect(try await run(all, cpu: cpu, jobserver: jobserver).isComplete)
    var now = 0
    var most = 0
    for line in directory.read("log").split(separator: "\n") {
      now += line == "+" ? 1 : -1
      most = max(most, now)
    }
    var rest = [UInt8](repeating: 0, count: 64)
    let count = max(read(parent, &rest, rest.count), 0)
    return (most, String(decoding: rest[..<count].sorted(), as: UTF8.self))
  }

  @Test func `below a parent no more runs than it has tokens, and all of them go back as they came`() async throws {
    let (most, left) = try await runBelowParent(tokens: 2, 12)
    #expect((1...3).contains(most))
    #expect(left == "ab")
  }

  @Test func `a job that wants more than a parent has runs alone`() async throws {
    let (most, left) = try await runBelowParent(tokens: 1, 3, demand: 4)
    #expect(most == 1)
    #expect(left == "a")
  }

  @Test(arguments: [
    "", "w -- A=b", "-j3 --jobserver-auth=900000,900001", "-j --jobserver-auth=fifo:/no/such/pipe",
    "--jobserver-auth=x",
  ])
  func `an absent or unreachable parent is none`(flags: String) {
    #expect(Jobserver.inherited(environment: ["MAKEFLAGS": flags]) == nil)
    #expect(Jobserver.inherited(environment: [:]) == nil)
  }

  @Test func `the two descriptors of an older make are understood`() throws {
    var ends: [Int32] = [-1, -1]
    try #require(pipe(&ends) == 0)
    defer { for end in ends { close(end) } }
    try #require(write(ends[1], "++", 2) == 2)
    let flags = "-j --jobserver-fds=\(ends[0]),\(ends[1])"
    let jobserver = try #require(Jobserver.inherited(environment: ["MAKEFLAGS": flags]))
    #expect(jobserver.withdraw(atMost: 8) == 3)
    #expect(jobserver.release(keeping: 2) == 1)
    #expect(jobserver.withdraw(atMost: 2) == 2)
    #expect(jobserver.release(keeping: 0) == 1)
    #expect(jobserver.variables == [:])
    // Reading did not make the parent's own descriptor one that never waits.
    #expect(fcntl(ends[0], F_GETFL) & O_NONBLOCK == 0)
  }
}
