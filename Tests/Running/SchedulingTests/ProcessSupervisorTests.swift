import AttemptModel
import Foundation
import Scheduling
import Synchronization
import Testing
import TestSupport

@Suite struct ProcessSupervisorTests {
  private let directory: TemporaryFolder
  private let supervisor = ProcessSupervisor()

  init() throws { directory = try TemporaryFolder() }

  private func request(_ arguments: String..., limit: Double? = nil, logBytes: Int = 1 << 20) -> ProcessRequest {
    ProcessRequest(
      arguments: arguments, environment: ProgramLocation.environment(adding: ["GREETING": "grüß dich"]),
      workingDirectory: directory.path, standardOutput: .file("\(directory.path)/out", limit: logBytes),
      standardError: .file("\(directory.path)/err", limit: logBytes), timeLimitSeconds: limit, graceSeconds: 0.2)
  }

  private func run(_ request: ProcessRequest) async -> ProcessEnd {
    await withCheckedContinuation { continuation in supervisor.start(request) { continuation.resume(returning: $0) } }
  }

  private func pids(in name: String, count: Int) async throws -> [Int] {
    try #require(await eventually { directory.read(name).split(separator: "\n").count >= count })
    return directory.read(name).split(separator: "\n").compactMap { Int($0) }
  }

  @Test(arguments: [0, 1, 7, 255])
  func `an exit code is reported`(code: Int) async {
    let end = await run(request("sh", "-c", "exit \(code)"))
    #expect(end.kind == .exited(code))
    #expect(end.cause == .itself)
  }

  @Test(arguments: [9, 11, 15])
  func `a signal is reported`(number: Int) async {
    #expect(await run(request("sh", "-c", "kill -\(number) $$")).kind == .signalled(number))
  }

  @Test func `a program that does not exist is named`() async {
    let end = await run(request("no-such-program-here"))
    #expect(
      end.kind
        == .notStarted(
          "cannot start 'no-such-program-here': No such file or directory; check that it exists and may be executed"))
  }

  @Test func `a folder that does not exist is named`() async {
    var request = request("true")
    request.workingDirectory = "/no/such/folder"
    #expect(
      await run(request).kind == .notStarted("cannot enter the folder '/no/such/folder': No such file or directory"))
  }

  @Test func `environment, folder and streams are the request's`() async {
    _ = await run(request("sh", "-c", "echo \"$GREETING\"; pwd; echo problem >&2; cat; ls /proc/self/fd | wc -l"))
    let lines = directory.read("out").split(separator: "\n").map(String.init)
    #expect(lines.first == "grüß dich")
    #expect(lines.dropFirst().first?.hasSuffix(String(directory.path.split(separator: "/").last ?? "?")) == true)
    #expect(directory.read("err") == "problem\n")
    // Standard streams and the folder that ls reads: nothing of the supervisor leaks into the program.
    #expect(lines.last == "4")
  }

  @Test func `a child obeys SIGTERM`() async throws {
    let ended = Mutex<ProcessEnd?>(nil)
    let id = supervisor.start(request("sh", "-c", "echo $$ > pids; exec sleep 600")) { end in
      ended.withLock { $0 = end }
    }
    _ = try await pids(in: "pids", count: 1)
    supervisor.terminate(id)
    #expect(await eventually { ended.withLock { $0 != nil } })
    #expect(ended.withLock { $0?.kind } == .signalled(15))
    #expect(ended.withLock { $0?.cause } == .cancelled)
  }

  @Test func `a time limit ends a tree that ignores SIGTERM, double-forked daemons included`() async throws {
    let script = """
      import os, signal, time
      signal.signal(signal.SIGTERM, signal.SIG_IGN)
      def note():
          with open("pids", "a") as file: file.write(f"{os.getpid()}\\n")
      if os.fork() == 0:
          if os.fork() == 0:
              os.setsid()
              if os.fork() == 0:
                  note(); time.sleep(600)
              os._exit(0)
          note(); time.sleep(600)
      note(); time.sleep(600)
      """
    let file = try directory.write(script, to: "tree.py")
    // The tree must stand when its time is up, however busy the machine is.
    for limit in [1.0, 4, 16, 64] {
      unlink(directory.file("pids"))
      let end = await run(request("python3", file, limit: limit))
      #expect(end.cause == .timeLimit)
      let pids = directory.read("pids").split(separator: "\n").compactMap { Int($0) }
      #expect(pids.filter(isAlive) == [])
      guard pids.count == 3 else { continue }
      #expect(end.kind == .signalled(9))
      return
    }
    Issue.record("the tree never stood in time")
  }

  @Test func `a daemon whose first thread has ended is killed like any other`() async throws {
    let script = """
      import ctypes, os, threading, time
      if os.fork() == 0:
          os.setsid()
          def note():
              while not os.path.exists(f"/proc/{os.getpid()}/task/{threading.get_native_id()}"): pass
              while open("/proc/self/stat").read().rsplit(")", 1)[1].split()[0] != "Z": time.sleep(0.01)
              with open("pids", "w") as file: file.write(f"{os.getpid()}\\n")
              time.sleep(600)
          threading.Thread(target=note).start()
          ctypes.CDLL(None).pthread_exit(None)
      while not os.path.exists("pids"): time.sleep(0.01)
      """
    let end = await run(request("python3", try directory.write(script, to: "daemon.py")))
    #expect(end.kind == .exited(0))
    #expect(end.strays == 1)
    #expect(try await pids(in: "pids", count: 1).filter(isAlive) == [])
  }

  @Test func `what outlives the program is killed and counted`() async throws {
    let end = await run(request("sh", "-c", "(setsid sleep 600 & echo $! > pids); exit 3"))
    #expect(end.kind == .exited(3))
    #expect(end.strays == 1)
    #expect(try await pids(in: "pids", count: 1).filter(isAlive) == [])
  }

  @Test func `a flood of output is bounded and keeps both ends`() async {
    let end = await run(
      request("sh", "-c", "echo first; yes flood | head -c 30000000; echo last", logBytes: 10_000))
    #expect(end.kind == .exited(0))
    let text = directory.read("out")
    #expect(text.hasPrefix("first\nflood\n"))
    #expect(text.hasSuffix("flood\nlast\n"))
    #expect(text.utf8.count < 11_000)
    #expect(end.cutBytes.output > 29_000_000)
    #expect(text.contains("[... \(end.cutBytes.output) bytes left out here ...]"))
  }

  @Test func `peak memory is the program's own, whatever this process holds`() async {
    let ballast = [UInt8](repeating: 1, count: 300 << 20)
    let small = await run(request("true"))
    let large = await run(request("python3", "-c", "x = b'1' * (120 << 20)"))
    #expect(ballast.last == 1)
    #expect((small.usage?.maximumResidentBytes ?? .max) < 40 << 20)
    let peak = (large.usage?.maximumResidentBytes ?? 0) >> 10
    #expect(peak > 120 << 10 && peak < 200 << 10)
  }

  @Test func `many processes run at once`() async {
    let ends = await withTaskGroup(of: ProcessEnd.self) { group in
      for number in 0..<200 {
        group.addTask {
          var request = request("sh", "-c", "exit \(number % 50)")
          request.standardOutput = .null
          request.standardError = .null
          return await run(request)
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    #expect(ends.count == 200)
    for code in 0..<50 { #expect(ends.count { $0.kind == .exited(code) } == 4) }
  }

  @Test func `shutting down kills what runs`() async throws {
    let ended = Mutex<ProcessEnd?>(nil)
    supervisor.start(request("sh", "-c", "trap '' TERM; echo $$ > pids; sleep 600 & wait")) { end in
      ended.withLock { $0 = end }
    }
    let pids = try await pids(in: "pids", count: 1)
    await supervisor.shutDown()
    #expect(pids.filter(isAlive) == [])
    #expect(ended.withLock { $0 } != nil)
  }

  @Test func `a killed supervisor takes its processes along and is replaced`() async throws {
    let ended = Mutex<ProcessEnd?>(nil)
    supervisor.start(request("sh", "-c", "echo $PPID > parent; echo $$ > pids; exec sleep 600")) { end in
      ended.withLock { $0 = end }
    }
    let pids = try await pids(in: "pids", count: 1)
    let shepherd = try await self.pids(in: "parent", count: 1)
    let status = directory.read("/proc/\(shepherd[0])/stat").split(separator: " ")
    kill(try #require(pid_t(status[3])), SIGKILL)
    #expect(await eventually { ended.withLock { $0 != nil } })
    #expect(ended.withLock { $0?.kind } == .lost("the job supervisor died"))
    #expect(pids.filter(isAlive) == [])
    let next = await run(request("true"))
    #expect(next.kind == .exited(0))
  }

  @Test func `after a supervisor's death even a stopped shepherd ends its job, and a successor starts`() async throws {
    let ended = Mutex<ProcessEnd?>(nil)
    supervisor.start(request("sh", "-c", "echo $PPID > parent; exec sleep 600")) { end in
      ended.withLock { $0 = end }
    }
    let shepherd = try await pids(in: "parent", count: 1)[0]
    let dead = try #require(parent(of: shepherd))
    kill(pid_t(dead), SIGSTOP)
    kill(pid_t(shepherd), SIGSTOP)
    kill(pid_t(dead), SIGKILL)
    #expect(await eventually { !isAlive(dead) })
    let next = await run(request("true"))
    #expect(next.kind == .exited(0))
    #expect(await eventually { ended.withLock { $0?.kind } == .lost("the job supervisor died") })
    #expect(!isAlive(shepherd))
    await supervisor.shutDown()
  }

  @Test func `a request that cannot be sent costs no other job`() async throws {
    let ended = Mutex<ProcessEnd?>(nil)
    supervisor.start(request("sh", "-c", "echo $$ > pids; while [ ! -e go ]; do sleep 0.01; done; exit 3")) { end in
      ended.withLock { $0 = end }
    }
    _ = try await pids(in: "pids", count: 1)
    var impossible = request("true")
    impossible.standardInput = .descriptor(1 << 20)
    let end = await run(impossible)
    #expect(end.kind == .lost("the job supervisor cannot be asked to start 'true': Bad file descriptor"))
    _ = try directory.write("", to: "go")
    #expect(await eventually { ended.withLock { $0?.kind } == .exited(3) })
    await supervisor.shutDown()
  }

  @Test func `a killed shepherd loses its job only, and leaves nothing behind`() async throws {
    let ended = Mutex<ProcessEnd?>(nil)
    supervisor.start(request("sh", "-c", "setsid sleep 600 & echo $! > pids; echo $PPID > parent; wait")) { end in
      ended.withLock { $0 = end }
    }
    let pids = try await pids(in: "pids", count: 1)
    kill(pid_t(try await self.pids(in: "parent", count: 1)[0]), SIGKILL)
    #expect(await eventually { ended.withLock { $0 != nil } })
    #expect(ended.withLock { $0?.kind } == .lost("the process that watched it died"))
    #expect(await eventually { pids.filter(isAlive).isEmpty })
  }

  @Test func `killing this process leaves nothing alive`() async throws {
    let path = directory.path
    await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
      let supervisor = ProcessSupervisor()
      let script =
        "trap '' TERM HUP; (setsid sleep 600 & echo $! > daemon); sleep 601 & echo $! > child; echo $$ > pids; wait"
      supervisor.start(
        ProcessRequest(
          arguments: ["sh", "-c", script], environment: ProgramLocation.environment(adding: [:]), workingDirectory: path
        )
      ) { _ in }
      while !FileManager.default.fileExists(atPath: path + "/pids") { usleep(1000) }
      usleep(50_000)
      kill(getpid(), SIGKILL)
    }
    let all = try await pids(in: "pids", count: 1) + pids(in: "child", count: 1) + pids(in: "daemon", count: 1)
    #expect(all.count == 3)
    #expect(await eventually { all.filter(isAlive).isEmpty })
  }
}
