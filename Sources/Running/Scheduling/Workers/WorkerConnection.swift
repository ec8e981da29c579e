import AttemptModel
import Foundation
import InputTracing
import JobGraph
import Synchronization
import WorkerProtocol

/// One worker process, with one thread that reads and writes its pipes and keeps its deadlines.
final class WorkerConnection: Sendable {
  /// What the owner is told; all calls come from the connection's thread.
  struct Handlers: Sendable {
    var onHello: @Sendable (WorkerHello) -> Void
    /// The worker is free again, unless it is going.
    var onFree: @Sendable () -> Void
    /// The attempt was not taken and can be given to another worker.
    var onRefusal: @Sendable (Assignment) -> Void
    /// The process is gone; tells why if that was not wished.
    var onClose: @Sendable (WorkerFailure?) -> Void
  }

  /// An attempt on its way to a worker.
  struct Assignment: Sendable {
    var attempt: AttemptRequest
    var task: String
    var onProgress: @Sendable (TaskProgress) -> Void
    var completion: @Sendable (AttemptOutcome) -> Void
    /// What happened before a process took it, to be told with its end.
    var warnings: [String] = []
  }

  private enum Command: Sendable {
    case run(Assignment)
    case cancel(String, CancellationManner)
    case shutdown
    case started(pid: Int32)
    case ended(ProcessEnd)
  }

  /// The worker's name in the plan.
  let name: String
  private let supervisor: ProcessSupervisor
  private let limits: WorkerLimits
  private let handlers: Handlers
  /// Commands on their way to the thread; `nil` when it has ended.
  private let inbox = Mutex<[Command]?>([])
  private let wake: @Sendable () -> Void

  private let request: ProcessRequest
  let readLog: ReadLog?
  private let channel: WorkerChannel
  /// The worker's ends of the pipes.
  private let ends: [Int32]

  /// Opens the pipes.
  init(
    name: String, request: ProcessRequest, readLog: ReadLog? = nil, supervisor: ProcessSupervisor, limits: WorkerLimits,
    handlers: Handlers
  ) throws(SchedulingError) {
    self.name = name
    self.request = request
    self.readLog = readLog
    self.supervisor = supervisor
    self.limits = limits
    self.handlers = handlers
    (channel, ends) = try WorkerChannel.open()
    wake = channel.wake
  }

  /// Starts the thread, and the process from there.
  ///
  /// Call it once.
  ///
  /// - Throws: `SchedulingError` with code `.system` if there is no room for the thread; the handler has been told of that end.
  func begin() throws(SchedulingError) {
    do throws(SchedulingError) {
      try DetachedThread.start(for: "worker '\(name)'") {
        var loop = WorkerLoop(connection: self, process: self.startProcess())
        loop.run()
      }
    } catch {
      inbox.withLock { $0 = nil }
      var channel = channel
      channel.closeAll()
      for end in ends { close(end) }
      handlers.onClose(WorkerFailure(reason: error.message, fault: .machine, isUntold: false))
      throw error
    }
  }

  private func startProcess() -> ProcessSupervisor.ID {
    var request = request
    request.standardInput = .descriptor(ends[0])
    request.standardOutput = .descriptor(ends[1])
    request.standardError = .descriptor(ends[2])
    return supervisor.start(request, onStart: { self.post(.started(pid: $0)) }) { self.post(.ended($0)) }
  }

  /// Gives the worker an attempt; it is refused through the handler if the worker is going.
  func run(_ assignment: Assignment) {
    if !post(.run(assignment)) { handlers.onRefusal(assignment) }
  }

  /// Ends an attempt if it is this worker's.
  func cancel(_ id: String, how: CancellationManner) { post(.cancel(id, how)) }

  /// Ends the worker.
  func shutDown() { post(.shutdown) }

  @discardableResult
  private func post(_ command: Command) -> Bool {
    let isOpen = inbox.withLock { inbox in
      inbox?.append(command)
      return inbox != nil
    }
    // Not under the lock, which is the first that the thread wants.
    if isOpen { wake() }
    return isOpen
  }

  /// The thread's own part of the connection.
  private struct WorkerLoop: ~Copyable {
    private let connection: WorkerConnection
    private let process: ProcessSupervisor.ID
    private let begin = ContinuousClock.now
    private var channel: WorkerChannel
    private var codec: LineCodec
    private var session: WorkerSession
    private var log: WorkerLog
    private var current: Assignment?
    private var period = AttemptPeriod()
    private var use: WorkerWarmth?
    private var meter: ProcessMeter?
    /// How many tasks the process has been given.
    private var requests = 0
    private var end: ProcessEnd?
    private var endSeenAt: Duration?
    private var isClosed = false

    init(connection: WorkerConnection, process: ProcessSupervisor.ID) {
      self.connection = connection
      channel = connection.channel
      self.process = process
      codec = LineCodec(maximumLineBytes: connection.limits.lineBytes)
      session = WorkerSession(name: connection.name, limits: connection.limits, startedAt: .zero)
      log = WorkerLog(limit: connection.limits.logBytes)
    }

    private var now: Duration { begin.duration(to: .now) }

    mutating func run() {
      // A write to a worker that has just died is an error code here, not a signal.
      var pipeSignal = sigset_t()
      sigemptyset(&pipeSignal)
      sigaddset(&pipeSignal, SIGPIPE)
      pthread_sigmask(SIG_BLOCK, &pipeSignal, nil)
      while !isClosed { step() }
      let late = connection.inbox.withLock { inbox in
        defer { inbox = nil }
        return inbox ?? []
      }
      channel.closeAll()
      for case .run(let assignment) in late { connection.handlers.onRefusal(assignment) }
    }

    private mutating func step() {
      let events = channel.wait(milliseconds: timeout())
      log.write(events.error)
      if !events.output.isEmpty { take(events.output) }
      if events.outputEnded { perform(.outputClosed) }
      let commands = connection.inbox.withLock { inbox in
        defer { inbox = [] }
        return inbox ?? []
      }
      for command in commands { obey(command) }
      if let deadline = session.deadline, now >= deadline { perform(.tick) }
      // Nothing can write to the pipes any more once the tree is gone; the second covers a descriptor that was handed elsewhere.
      if let end, channel.isEnded || now >= (endSeenAt ?? now) + .seconds(1) { perform(.ended(end)) }
    }

    private func timeout() -> Int32 {
      var deadline = session.deadline
      if let endSeenAt { deadline = min(deadline ?? endSeenAt + .seconds(1), endSeenAt + .seconds(1)) }
      guard let deadline else { return -1 }
      let milliseconds = (deadline - now) / .milliseconds(1)
      return Int32(min(max(milliseconds.rounded(.up), 0), 3_600_000))
    }

    private mutating func take(_ bytes: [UInt8]) {
      do throws(WorkerProtocolError) {
        for line in try codec.append(bytes) { perform(.line(line)) }
      } catch {
        perform(.badLine(error))
      }
    }

    private mutating func obey(_ command: Command) {
      switch command {
      case .run(let assignment):
        current = assignment
        period = AttemptPeriod()
        requests += 1
        use = WorkerWarmth(request: requests, ageSeconds: now / .seconds(1))
        log.open(assignment.attempt.place.standardErrorPath)
        meter?.begin()
        let attempt = assignment.attempt
        let request = TaskRequest(
          id: attempt.id, task: assignment.task, parameters: attempt.job.parameters, inputs: attempt.inputs,
          outputDirectory: attempt.place.outputDirectory, scratchDirectory: attempt.place.scratchDirectory,
          seed: attempt.job.seed, measurement: attempt.job.measurement, tokens: attempt.tokens)
        perform(
          .run(
            request, timeLimit: attempt.job.timeLimitSeconds.map { .seconds($0) },
            grace: attempt.job.limits.graceSeconds.map { .seconds($0) }))
      case .cancel(let id, let how): if current?.attempt.id == id { perform(.cancel(how)) }
      case .shutdown: perform(.shutdown)
      case .started(let pid):
        meter = ProcessMeter(of: pid)
        if current != nil { meter?.begin() }
      case .ended(let end):
        self.end = end
        endSeenAt = now
      }
    }

    private mutating func perform(_ event: WorkerSession.Event) {
      for action in session.handle(event, at: now) {
        switch action {
        case .send(let message):
          channel.send(LineCodec.encode(message.json))
          if message == .shutdown { channel.closeInput() }
        case .kill: connection.supervisor.kill(process)
        case .introduced(let hello): connection.handlers.onHello(hello)
        case .progressed(let progress): current?.onProgress(progress)
        case .finished(let end): finish(end)
        case .refused: giveBack()
        case .closed(let failure):
          isClosed = true
          connection.handlers.onClose(
            failure.map { WorkerFailure(reason: describe($0.reason), fault: $0.fault, isUntold: $0.isUntold) })
        }
      }
    }

    /// Leaves the attempt to another process, which finds its output folder as empty as this one did.
    private mutating func giveBack() {
      log.close()
      guard let assignment = current else { return }
      current = nil
      if let failure = OutputFolder(path: assignment.attempt.place.outputDirectory).clear() {
        let message = "\(assignment.attempt.label), attempt \(assignment.attempt.number): \(failure)"
        return assignment.completion(AttemptOutcome(failedBy: .machine, message: message, period: period.ended()))
      }
      connection.handlers.onRefusal(assignment)
    }

    private func describe(_ reason: String) -> String {
      let lines = FailureReport.lastLines(of: log.memory)
      return lines.isEmpty ? reason : reason + "; its last words:\n    " + lines.joined(separator: "\n    ")
    }

    private mutating func finish(_ end: WorkerSession.TaskEnd) {
      guard let assignment = current else { return }
      current = nil
      log.write(channel.takeError().bytes)
      log.close()
      var usage = meter?.usage()
      if case .died(let end) = end { usage = end.usage }
      var outcome = TaskOutcome.outcome(
        of: end, attempt: assignment.attempt, worker: connection.name, period: period.ended())
      outcome.resourceUsage = usage
      outcome.worker = use
      outcome.readLog = connection.readLog
      outcome.warnings += assignment.warnings
      outcome.toolVersion = session.hello.map { hello in
        let task = hello.tasks.first { $0.name == assignment.task }
        return "\(hello.name) \(hello.version), \(assignment.task) \(task?.version ?? "")"
      }
      // What it has read is compared first, which tells whether the process may go on.
      assignment.completion(outcome)
      connection.handlers.onFree()
    }
  }
}
