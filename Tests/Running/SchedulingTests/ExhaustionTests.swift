import Foundation
import Glibc
import Scheduling
import Synchronization
import Testing
import TestSupport

/// Systems that refuse processes and files: a clear error for those that find no room, and nothing hangs.
@Suite struct ExhaustionTests {
  private let directory: TemporaryFolder

  init() throws { directory = try TemporaryFolder() }

  /// Starts programs side by side under a supervisor that a script has restricted.
  private func ends(of count: Int, script: String) async throws -> [ProcessEnd] {
    let path = try directory.write("#!/bin/sh\n\(script)\n", to: "restricted")
    chmod(path, 0o755)
    let supervisor = ProcessSupervisor(executable: path)
    let request = ProcessRequest(
      arguments: ["sleep", "0.3"], environment: ["PATH": ProcessInfo.processInfo.environment["PATH"] ?? ""],
      workingDirectory: "/", standardOutput: .file("\(directory.path)/out", limit: 1000))
    let ends = await withTaskGroup(of: ProcessEnd.self) { group in
      for _ in 0..<count {
        group.addTask {
          await withCheckedContinuation { continuation in
            supervisor.start(request) { continuation.resume(returning: $0) }
          }
        }
      }
      return await group.reduce(into: []) { $0.append($1) }
    }
    await supervisor.shutDown()
    return ends
  }

  private func expectClearRefusals(_ ends: [ProcessEnd], count: Int) {
    #expect(ends.count == count)
    var refused = 0
    for end in ends where end.kind != .exited(0) {
      guard case .lost(let reason) = end.kind else {
        Issue.record("\(end.kind)")
        continue
      }
      refused += 1
      #expect(
        reason.hasPrefix("the system has no room for another process: ") && reason.contains("ulimit"), "\(reason)")
    }
    #expect(refused > 0)
  }

  private var supervisorPath: String { ProgramLocation.executableDirectory + "/job-supervisor" }

  @Test func `a supervisor out of descriptors refuses with a reason`() async throws {
    let ends = try await ends(of: 40, script: "ulimit -n 14; exec '\(supervisorPath)'")
    expectClearRefusals(ends, count: 40)
    #expect(ends.contains { $0.kind == .exited(0) })
  }

  @Test func `a user out of processes refuses with a reason`() async throws {
    // A limit on processes does not bind root, and counts all processes of a user: so as a user that has none, if possible.
    let copy = directory.path + "/job-supervisor"
    try FileManager.default.copyItem(atPath: supervisorPath, toPath: copy)
    chmod(directory.path, 0o755)
    let user = getuid() == 0 ? "setpriv --reuid=64999 --regid=64999 --clear-groups" : ""
    let ends = try await ends(of: 20, script: "exec prlimit --nproc=5:5 \(user) '\(copy)'")
    expectClearRefusals(ends, count: 20)
  }

  @Test func `this process out of descriptors refuses with a reason`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      while dup(0) >= 0 {}
      let end = await withCheckedContinuation { continuation in
        ProcessSupervisor().start(
          ProcessRequest(arguments: ["true"], environment: [:], workingDirectory: "/")
        ) { continuation.resume(returning: $0) }
      }
      guard case .lost(let reason) = end.kind, reason.contains("raise the limit on open files") else { exit(1) }
      exit(7)
    }
  }

  @Test func `a supervisor that is missing is named`() async {
    let end = await withCheckedContinuation { continuation in
      ProcessSupervisor(executable: "/no/such/job-supervisor").start(
        ProcessRequest(arguments: ["true"], environment: [:], workingDirectory: "/")
      ) { continuation.resume(returning: $0) }
    }
    guard case .lost(let reason) = end.kind else {
      Issue.record("\(end.kind)")
      return
    }
    #expect(reason.hasPrefix("cannot start the job supervisor '/no/such/job-supervisor': No such file"))
  }

  @Test(arguments: [
    "#!/bin/sh\nexit 0\n", "#!/bin/sh\nexec sleep 0.1\n", "#!/bin/sh\nhead -c 300 /dev/zero >&4\n", "text",
  ])
  func `what is no supervisor is told before the first job`(script: String) async throws {
    let path = try directory.write(script, to: "impostor")
    chmod(path, script == "text" ? 0o644 : 0o755)
    let supervisor = ProcessSupervisor(executable: path)
    let error = #expect(throws: SchedulingError.self) { try supervisor.begin() }
    #expect(error?.code == .supervisorMissing && error?.fault == .machine)
    #expect(error?.message.contains(path) == true)
    await supervisor.shutDown()
  }

  @Test func `a supervisor that works begins before its first job`() async throws {
    let supervisor = ProcessSupervisor()
    try supervisor.begin()
    try supervisor.begin()
    await supervisor.shutDown()
    #expect(throws: SchedulingError.self) { try supervisor.begin() }
  }

  @Test func `a command line that no system takes is refused before it is sent`() async {
    let supervisor = ProcessSupervisor()
    let end = await withCheckedContinuation { continuation in
      supervisor.start(
        ProcessRequest(
          arguments: ["true", String(repeating: "x", count: 9 << 20)], environment: [:], workingDirectory: "/")
      ) { continuation.resume(returning: $0) }
    }
    guard case .notStarted(let reason) = end.kind else {
      Issue.record("\(end.kind)")
      return
    }
    #expect(reason.contains("MiB"))
    await supervisor.shutDown()
  }
}
