import WorkerProtocol

/// The state of one worker process: events in, actions out, without a clock or a pipe.
struct WorkerSession: Sendable {
  enum Event: Sendable {
    case line([UInt8])
    case badLine(WorkerProtocolError)
    /// The worker closed its standard output.
    case outputClosed
    case run(TaskRequest, timeLimit: Duration?, grace: Duration?)
    case cancel(CancellationManner)
    case shutdown
    /// The process and its descendants are gone and its output is read to the end.
    case ended(ProcessEnd)
    case tick
  }

  enum Action: Sendable {
    case send(OrchestratorMessage)
    case kill
    case introduced(WorkerHello)
    case progressed(TaskProgress)
    case finished(TaskEnd)
    /// The task was not taken, or not kept, because the worker is going.
    case refused
    /// Nothing more will come; tells why if it was not wished.
    case closed(WorkerFailure?)
  }

  /// How the worker broke the protocol.
  private struct Breach: Sendable {
    var reason: String
    /// Whether the running task is to blame; an earlier one may have had the wrong answer.
    var blamesTask: Bool
  }

  /// How a task ended.
  enum TaskEnd: Sendable {
    case result(TaskMeasurements)
    case failure(TaskFailure)
    /// Past its limit; the flag tells whether the worker had to be killed.
    case timedOut(killed: Bool)
    case cancelled
    /// The worker broke the protocol.
    case broken(String)
    /// The worker's process ended.
    case died(ProcessEnd)
  }

  private enum Stop: Sendable { case timeLimit, cancelled }

  private enum Task: Sendable {
    case running(id: String, limit: Duration?)
    case stopping(id: String, Stop)
  }

  private let name: String
  private let limits: WorkerLimits
  private(set) var hello: WorkerHello?
  /// Taken before the hello.
  private var pending: (request: TaskRequest, timeLimit: Duration?, grace: Duration?)?
  private var task: Task?
  /// Between the wish to cancel the task and the death of the process.
  private var grace: Duration
  /// Why the worker is being killed, if it broke the protocol.
  private var breach: Breach?
  /// The tasks that were answered last.
  private var answered: [String] = []
  private static let answersRemembered = 64
  private var isGoing = false
  private var outputIsClosed = false
  private var killAt: Duration?
  private var helloBy: Duration?
  private var nextProgress = Duration.zero

  init(name: String, limits: WorkerLimits, startedAt now: Duration) {
    self.name = name
    self.limits = limits
    grace = limits.grace
    helloBy = now + limits.hello
  }

  /// When a tick is wanted.
  var deadline: Duration? {
    var limit: Duration?
    if case .running(_, let at)? = task { limit = at }
    return [limit, killAt, helloBy].compactMap(\.self).min()
  }

  mutating func handle(_ event: Event, at now: Duration) -> [Action] {
    switch event {
    case .line(let line): return isGoing ? [] : accept(line, at: now)
    case .badLine(let error): return isGoing ? [] : breakOff(error.message)
    case .outputClosed:
      isGoing = true
      outputIsClosed = true
      killAt = killAt ?? now + .seconds(2)
      return []
    case .run(let request, let timeLimit, let grace):
      guard !isGoing else { return [.refused] }
      guard hello != nil else {
        pending = (request, timeLimit, grace)
        return []
      }
      return begin(request, timeLimit: timeLimit, grace: grace, at: now)
    case .cancel(let manner): return cancel(manner, at: now)
    case .shutdown:
      return isGoing ? [] : retire(at: now)
    case .ended(let end): return close(end)
    case .tick: return meetDeadlines(at: now)
    }
  }

  private mutating func accept(_ line: [UInt8], at now: Duration) -> [Action] {
    let message: WorkerMessage
    do throws(WorkerProtocolError) {
      message = try WorkerMessage(line: line)
    } catch {
      let beginning = String(decoding: line.prefix(160), as: UTF8.self)
      return breakOff(
        "it wrote '\(beginning)' on standard output, which is no message: \(error.message); "
          + "a worker prints logs on standard error")
    }
    guard hello != nil else {
      guard case .hello(let hello) = message else { return breakOff("its first message was not 'hello'") }
      return introduce(hello, at: now)
    }
    let (id, end): (String, TaskEnd?)
    switch message {
    case .hello: return breakOff("it said 'hello' twice")
    case .progress(let progress): (id, end) = (progress.id, nil)
    case .result(let result): (id, end) = (result.id, .result(result.measurements))
    case .error(let failure): (id, end) = (failure.id, .failure(failure))
    }
    switch task {
    case .running(id, _)?:
      guard let end else { return pass(message, at: now) }
      noteAnswer(to: id)
      return [.finished(end)] + (end.isWorkersOwn ? retire(at: now) : [])
    case .stopping(id, let stop)?:
      guard end != nil else { return [] }
      noteAnswer(to: id)
      killAt = nil
      return [.finished(stop == .timeLimit ? .timedOut(killed: false) : .cancelled)]
    case .running?, .stopping?, nil:
      guard answered.contains(id) else {
        return breakOff("it answered for task '\(id.prefix(100))', which it was not running")
      }
      // Late news of a task that is over do no harm.
      return end == nil ? [] : breakOff("it answered for task '\(id)' a second time", blamesTask: false)
    }
  }

  private mutating func noteAnswer(to id: String) {
    task = nil
    answered = answered.suffix(Self.answersRemembered - 1) + [id]
  }

  /// Ends a worker that has no task.
  private mutating func retire(at now: Duration) -> [Action] {
    isGoing = true
    killAt = now + limits.grace
    return [.send(.shutdown)]
  }

  private mutating func pass(_ message: WorkerMessage, at now: Duration) -> [Action] {
    guard case .progress(let progress) = message, now >= nextProgress else { return [] }
    nextProgress = now + limits.progressInterval
    return [.progressed(progress)]
  }

  private mutating func introduce(_ hello: WorkerHello, at now: Duration) -> [Action] {
    helloBy = nil
    guard hello.protocolVersion == WorkerHello.currentProtocol else {
      return breakOff(
        "it speaks protocol \(hello.protocolVersion), this orchestrator speaks \(WorkerHello.currentProtocol)")
    }
    self.hello = hello
    guard let (request, timeLimit, grace) = pending else { return [.introduced(hello)] }
    pending = nil
    return [.introduced(hello)] + begin(request, timeLimit: timeLimit, grace: grace, at: now)
  }

  private mutating func begin(
    _ request: TaskRequest, timeLimit: Duration?, grace: Duration?, at now: Duration
  ) -> [Action] {
    let known = hello?.tasks.map(\.name) ?? []
    guard known.contains(request.task) else {
      let names = known.map { "'\($0)'" }.joined(separator: ", ")
      let message = "worker '\(name)' has no task '\(request.task)'; it has \(names.isEmpty ? "none" : names)"
      return [.finished(.failure(TaskFailure(id: request.id, kind: .input, message: message)))]
    }
    task = .running(id: request.id, limit: timeLimit.map { now + $0 })
    self.grace = grace ?? limits.grace
    nextProgress = .zero
    return [.send(.run(request))]
  }

  private mutating func cancel(_ manner: CancellationManner, at now: Duration) -> [Action] {
    if pending != nil {
      pending = nil
      return [.finished(.cancelled)]
    }
    switch (task, manner) {
    case (nil, _): return []
    case (.running(let id, _)?, .terminate):
      task = .stopping(id: id, .cancelled)
      killAt = now + grace
      return [.send(.cancel(id: id))]
    case (.stopping?, .terminate): return []
    case (.running(let id, _)?, .kill), (.stopping(let id, _)?, .kill):
      task = .stopping(id: id, .cancelled)
      isGoing = true
      killAt = nil
      return [.kill]
    }
  }

  private mutating func meetDeadlines(at now: Duration) -> [Action] {
    if let helloBy, now >= helloBy {
      return breakOff("it did not say hello within \(ProcessFailure.text(limits.hello / .seconds(1)))")
    }
    if let killAt, now >= killAt {
      self.killAt = nil
      if outputIsClosed, case .running? = task { return breakOff("it closed its standard output but did not end") }
      isGoing = true
      return [.kill]
    }
    if case .running(let id, let limit?)? = task, now >= limit {
      task = .stopping(id: id, .timeLimit)
      killAt = now + grace
      return [.send(.cancel(id: id))]
    }
    return []
  }

  private mutating func breakOff(_ reason: String, blamesTask: Bool = true) -> [Action] {
    isGoing = true
    helloBy = nil
    killAt = nil
    breach = Breach(reason: reason, blamesTask: blamesTask && (task != nil || pending != nil))
    return [.kill]
  }

  private mutating func close(_ end: ProcessEnd) -> [Action] {
    let isBusy = task != nil || pending != nil
    let wasWished = isGoing && breach == nil && !isBusy && hello != nil
    var last: [Action] = []
    if case .stopping(_, let stop)? = task, breach?.blamesTask != true {
      // A worker may end instead of answering.
      last = [.finished(stop == .timeLimit ? .timedOut(killed: end.kind != .exited(0)) : .cancelled)]
    } else if isBusy, let breach {
      last = [breach.blamesTask ? .finished(.broken(breach.reason)) : .refused]
    } else if isBusy {
      last = [.finished(.died(end))]
    }
    let explained = ProcessFailure.explain(end, subject: "it", limit: nil)
    let failure = WorkerFailure(
      reason: breach?.reason ?? explained?.reason ?? "it ended without saying why",
      fault: breach == nil ? explained?.kind.usualFault ?? .job : .job,
      isUntold: breach?.blamesTask == false && hello != nil)
    isGoing = true
    (task, pending, helloBy, killAt) = (nil, nil, nil, nil)
    return last + [.closed(wasWished ? nil : failure)]
  }
}

/// Why a worker's process ended.
struct WorkerFailure: Sendable {
  var reason: String
  /// The worker's own counts as that of the job that wants it.
  var fault: Fault
  /// Whether no task failed for it, so that nobody has been told.
  var isUntold: Bool
}

extension WorkerSession.TaskEnd {
  /// Whether the worker says that it is at fault itself, and should be used no more.
  fileprivate var isWorkersOwn: Bool {
    if case .failure(let failure) = self { return failure.kind.fault == .machine }
    return false
  }
}
