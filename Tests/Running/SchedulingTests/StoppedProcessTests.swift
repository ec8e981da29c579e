import AttemptModel
import Foundation
import Glibc
import Scheduling
import Synchronization
import Testing
import TestSupport

/// Jobs that stop what watches them.
@Suite struct StoppedProcessTests {
  private let directory: TemporaryFolder
  private let supervisor = ProcessSupervisor()
  private let survivors = Survivors()

  init() throws { directory = try TemporaryFolder() }

  private func end(of script: String, timeLimit: Double? = nil) async -> ProcessEnd {
    let request = ProcessRequest(
      arguments: ["python3", "-c", "import os, signal, time\n" + script], environment: survivors.environment,
      workingDirectory: directory.path, timeLimitSeconds: timeLimit, graceSeconds: 0.1)
    return await withCheckedContinuation { continuation in
      supervisor.start(request) { continuation.resume(returning: $0) }
    }
  }

  /// Stops the shepherd's parent too, whose number stands behind the parenthesis of the shepherd's name.
  private static let stopSupervisor =
    "os.kill(int(open(f'/proc/{os.getppid()}/stat').read().rsplit(')', 1)[1].split()[1]), signal.SIGSTOP)\n"

  private static let keepsStopping = "while True: os.kill(os.getppid(), signal.SIGSTOP)"

  @Test func `a job that stops its shepherd keeps its time limit`() async {
    let end = await end(of: "os.kill(os.getppid(), signal.SIGSTOP)\ntime.sleep(600)", timeLimit: 0.5)
    #expect(end.cause == .timeLimit)
    #expect(survivors.alive == [])
    await supervisor.shutDown()
  }

  @Test func `a job that stops the supervisor holds back no other job`() async {
    let stopper = await end(of: Self.stopSupervisor)
    #expect(stopper.kind == .exited(0))
    #expect(await end(of: "os._exit(3)").kind == .exited(3))
    await supervisor.shutDown()
  }

  @Test func `a job that stops its shepherd again and again is killed`() async {
    let end = await end(of: Self.keepsStopping)
    #expect(end.kind == .signalled(9) && end.cause == .stopping)
    #expect(await eventually { survivors.alive == [] })
    #expect(await self.end(of: "os._exit(3)").kind == .exited(3))
    await supervisor.shutDown()
  }

  @Test func `a job that stops its shepherd again and again has failed by itself, and is not tried again`() async throws
  {
    let recording = MemoryRecording(directory)
    let scheduler = try Scheduler(
      plan: plan([job(0, command: ["python3", "-c", "import os, signal\n" + Self.keepsStopping])]),
      executor: CommandExecutor(supervisor: supervisor, projectRoot: directory.path), recording: recording,
      options: .init(projectRoot: directory.path, retryPolicy: .init(firstDelay: .milliseconds(1))))
    #expect(await scheduler.run().count(of: .failed) == 1)
    #expect(recording.entries.count == 1)
    let outcome = try #require(recording.outcome(of: 0))
    #expect(outcome.exitKind == .failed && outcome.fault == .job)
    #expect(
      outcome.message?.contains("the command stopped the process that watched it again and again") == true,
      "\(outcome.message ?? "")")
  }

  @Test func `nothing survives a shutdown while shepherd and supervisor are stopped`() async {
    let isEnded = Mutex(false)
    supervisor.start(
      ProcessRequest(
        arguments: [
          "python3", "-c",
          "import os, signal, time\n\(Self.stopSupervisor)os.kill(os.getppid(), signal.SIGSTOP)\nopen('done', 'w')\ntime.sleep(600)",
        ], environment: survivors.environment, workingDirectory: directory.path)
    ) { _ in isEnded.withLock { $0 = true } }
    #expect(await eventually { FileManager.default.fileExists(atPath: "\(directory.path)/done") })
    await supervisor.shutDown()
    #expect(isEnded.withLock { $0 })
    #expect(survivors.alive == [])
  }
}
