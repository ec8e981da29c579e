import AttemptModel
import InputTracing
public import JobGraph
import Synchronization
public import WorkerProtocol

/// Runs task stages on long-lived worker processes, which are started when needed and replaced when they fail.
///
/// A process has one task at a time and nothing queued behind it, so a slow worker holds back its own tasks only.
public final class WorkerPool: JobExecutor {
  /// Workers that can stand in for each other: same definition, same extra environment, same limit.
  private struct Kind: Hashable {
    var worker: String
    var environment: [String: String]
    var memoryLimitBytes: Int?
    /// Whether the process notes the files that it opens.
    var isObserved = true
  }

  private struct Member {
    var connection: WorkerConnection
    var kind: Kind
    var isIdle: Bool
    /// Tasks that it has ended.
    var served = 0
  }

  private struct State {
    var nextMember = 0
    var members: [Int: Member] = [:]
    var waiting: [(kind: Kind, assignment: WorkerConnection.Assignment)] = []
    var hellos: [String: WorkerHello] = [:]
    var onHello: [String: [CheckedContinuation<Result<WorkerHello, SchedulingError>, Never>]] = [:]
    /// Starts in a row that ended before the hello by the worker's own fault.
    var startFailures: [String: (count: Int, reason: String)] = [:]
    /// Starts in a row that ended before the hello by the machine's fault.
    var machineFailures: [String: Int] = [:]
    /// What workers did wrong when no task could be blamed, by worker, for the next task that one takes.
    var complaints: [String: [String]] = [:]
    /// The attempts that have been begun and not completed, with the wish to end them if there is one.
    var wishes: [String: CancellationManner?] = [:]
    var introduced: Set<Int> = []
    var isShuttingDown = false
    var onEmpty: [CheckedContinuation<Void, Never>] = []
  }

  /// After so many failed starts in a row a worker is not started again.
  private static let startFailureLimit = 3
  /// So often a worker that the machine took away is started anew for its hello.
  private static let machineFailureLimit = 3

  private let definitions: [String: WorkerDefinition]
  private let supervisor: ProcessSupervisor
  private let projectRoot: String
  private let limits: WorkerLimits
  private let inherited: InheritedEnvironment
  private let observer: String?
  private let state = Mutex(State())

  /// Creates a pool without any process.
  ///
  /// - Parameters:
  ///   - definitions: Worker definitions by name. Bare names are looked for in `PATH`, programs of ours beside this one.
  ///   - supervisor: Starts the processes.
  ///   - projectRoot: Absolute path in which workers start.
  ///   - limits: Bounds of what a worker may take.
  ///   - inherited: What workers see of this process's environment.
  ///   - observer: The library that notes what their processes read; they are not observed without it.
  public init(
    definitions: [String: WorkerDefinition], supervisor: ProcessSupervisor, projectRoot: String,
    limits: WorkerLimits = WorkerLimits(), inherited: InheritedEnvironment = InheritedEnvironment(),
    observer: String? = nil
  ) {
    self.observer = observer
    self.definitions = definitions
    self.supervisor = supervisor
    self.projectRoot = projectRoot
    self.limits = limits
    self.inherited = inherited
  }

  /// Returns what a worker says of itself, starting it if need be; it is kept for later tasks.
  ///
  /// - Parameter worker: The worker's name.
  /// - Returns: Its hello.
  /// - Throws: `SchedulingError` with code `.unknownWorker` or `.workerFailed`.
  public func hello(of worker: String) async throws(SchedulingError) -> WorkerHello {
    guard definitions[worker] != nil else {
      throw SchedulingError(.unknownWorker, "worker '\(worker)' is not defined; add it to 'workers' in the spec")
    }
    let result = await withCheckedContinuation { continuation in
      let (known, opened) = state.withLock { state -> (Result<WorkerHello, SchedulingError>?, WorkerConnection?) in
        if let hello = state.hellos[worker] { return (.success(hello), nil) }
        state.onHello[worker, default: []].append(continuation)
        if state.members.values.contains(where: { $0.kind.worker == worker }) { return (nil, nil) }
        do throws(SchedulingError) {
          return (nil, try makeMember(Kind(worker: worker, environment: [:]), isFree: true, &state))
        } catch {
          state.onHello[worker]?.removeLast()
          return (.failure(error), nil)
        }
      }
      if let known { continuation.resume(returning: known) }
      // A failure has reached the continuation.
      try? opened?.begin()
    }
    return try result.get()
  }

  /// Gives the attempt to an idle worker, or starts one.
  public func start(
    _ attempt: AttemptRequest, onProgress: @escaping @Sendable (TaskProgress) -> Void,
    completion: @escaping @Sendable (AttemptOutcome) -> Void
  ) {
    guard case .task(let worker, let task) = attempt.job.action else {
      preconditionFailure("\(attempt.label) is no task of a worker")
    }
    state.withLock { $0.wishes[attempt.id] = .some(nil) }
    let complete = { @Sendable (outcome: AttemptOutcome) in
      self.state.withLock { $0.wishes[attempt.id] = nil }
      completion(outcome)
    }
    assign(
      .init(attempt: attempt, task: task, onProgress: onProgress, completion: complete),
      Kind(
        worker: worker, environment: attempt.environment.merging(attempt.job.environment) { $1 },
        memoryLimitBytes: attempt.job.limits.memoryBytes,
        isObserved: attempt.job.isObserved && attempt.job.lane == .throughput))
  }

  /// Ends a running task.
  ///
  /// The wish is kept until the attempt is over: it may be on its way from one worker to another.
  public func cancel(_ id: String, how: CancellationManner) {
    let (waiting, connections) = state.withLock { state -> ([WorkerConnection.Assignment], [WorkerConnection]) in
      guard state.wishes[id] != nil else { return ([], []) }
      state.wishes[id] = how
      let waiting = state.waiting.filter { $0.assignment.attempt.id == id }.map(\.assignment)
      state.waiting.removeAll { $0.assignment.attempt.id == id }
      return (waiting, state.members.values.map(\.connection))
    }
    for assignment in waiting { failCancelled(assignment) }
    for connection in connections { connection.cancel(id, how: how) }
  }

  /// Gives an attempt to a worker, followed by the wish to end it if that came meanwhile.
  private func hand(_ assignment: WorkerConnection.Assignment, to connection: WorkerConnection) {
    var assignment = assignment
    assignment.warnings += state.withLock { $0.complaints.removeValue(forKey: connection.name) ?? [] }
    connection.run(assignment)
    let wish = state.withLock { $0.wishes[assignment.attempt.id] ?? nil }
    if let wish { connection.cancel(assignment.attempt.id, how: wish) }
  }

  /// Ends all workers and waits for their processes' end.
  public func shutDown() async {
    await withCheckedContinuation { continuation in
      let connections = state.withLock { state in
        state.isShuttingDown = true
        if !state.members.isEmpty { state.onEmpty.append(continuation) }
        return state.members.values.map(\.connection)
      }
      if connections.isEmpty { continuation.resume() }
      for connection in connections { connection.shutDown() }
    }
  }

  private enum Choice {
    case use(WorkerConnection)
    case begin(WorkerConnection, evicting: WorkerConnection?)
    case wait
    case cancel
    case fail(Fault, String)
  }

  private func assign(_ assignment: WorkerConnection.Assignment, _ kind: Kind) {
    let choice = state.withLock { state in choose(kind, assignment, &state) }
    switch choice {
    case .use(let connection): hand(assignment, to: connection)
    case .begin(let connection, let evicted):
      evicted?.shutDown()
      do throws(SchedulingError) {
        try connection.begin()
        hand(assignment, to: connection)
      } catch {
        fail(assignment, .machine, error.message)
      }
    case .wait: break
    case .cancel: failCancelled(assignment)
    case .fail(let fault, let reason): fail(assignment, fault, reason)
    }
  }

  private func choose(_ kind: Kind, _ assignment: WorkerConnection.Assignment, _ state: inout State) -> Choice {
    if let wish = state.wishes[assignment.attempt.id], wish != nil { return .cancel }
    guard let definition = definitions[kind.worker] else {
      return .fail(.input, "worker '\(kind.worker)' is not defined; add it to 'workers' in the spec")
    }
    if let failure = state.startFailures[kind.worker], failure.count >= Self.startFailureLimit {
      return .fail(
        .job, "worker '\(kind.worker)' could not be started \(failure.count) times in a row: \(failure.reason)")
    }
    if let (number, member) = state.members.first(where: { $0.value.isIdle && $0.value.kind == kind }) {
      state.members[number]?.isIdle = false
      return .use(member.connection)
    }
    let own = state.members.filter { $0.value.kind.worker == kind.worker }
    // An idle one with another environment makes room.
    let idle = own.first { $0.value.isIdle }
    guard own.count < max(definition.count, 1) || idle != nil else {
      state.waiting.append((kind, assignment))
      return .wait
    }
    do throws(SchedulingError) {
      let connection = try makeMember(kind, isFree: false, &state)
      guard own.count >= max(definition.count, 1), let idle else { return .begin(connection, evicting: nil) }
      state.members[idle.key]?.isIdle = false
      return .begin(connection, evicting: idle.value.connection)
    } catch {
      return .fail(error.fault, error.message)
    }
  }

  /// Adds a worker whose process is still to begin; `isFree` says that it has no attempt waiting for it.
  private func makeMember(_ kind: Kind, isFree: Bool, _ state: inout State) throws(SchedulingError) -> WorkerConnection
  {
    let number = state.nextMember
    let handlers = WorkerConnection.Handlers(
      onHello: { self.introduce(number, kind, $0, isFree: isFree) },
      onFree: { self.free(number, hasServed: true) },
      onRefusal: { self.assign($0, kind) },
      onClose: { self.remove(number, kind, $0) })
    var request = try request(for: kind)
    let readLog = kind.isObserved ? observer.flatMap(ReadLog.init(observer:)) : nil
    if let readLog { request.environment.merge(readLog.variables(besides: request.environment)) { $1 } }
    let connection = try WorkerConnection(
      name: kind.worker, request: request, readLog: readLog, supervisor: supervisor, limits: limits, handlers: handlers)
    state.nextMember += 1
    state.members[number] = Member(connection: connection, kind: kind, isIdle: false)
    return connection
  }

  private func request(for kind: Kind) throws(SchedulingError) -> ProcessRequest {
    guard let definition = definitions[kind.worker], let program = definition.command.first else {
      throw SchedulingError(.unknownWorker, "worker '\(kind.worker)' has no command; give it one in 'workers'")
    }
    let variables = definition.environment.merging(kind.environment) { $1 }
    return ProcessRequest(
      arguments: [ProgramLocation.program(program)] + definition.command.dropFirst(),
      environment: inherited.adding(variables), workingDirectory: projectRoot,
      graceSeconds: limits.grace / .seconds(1), memoryLimitBytes: kind.memoryLimitBytes)
  }

  private func introduce(_ number: Int, _ kind: Kind, _ hello: WorkerHello, isFree: Bool) {
    let continuations = state.withLock { state in
      state.hellos[kind.worker] = hello
      state.introduced.insert(number)
      state.startFailures[kind.worker] = nil
      state.machineFailures[kind.worker] = nil
      return state.onHello.removeValue(forKey: kind.worker) ?? []
    }
    for continuation in continuations { continuation.resume(returning: .success(hello)) }
    if isFree { free(number, hasServed: false) }
  }

  private func free(_ number: Int, hasServed: Bool) {
    let (next, retired) = state.withLock {
      state -> ((WorkerConnection, WorkerConnection.Assignment)?, WorkerConnection?) in
      guard var member = state.members[number] else { return (nil, nil) }
      if hasServed { member.served += 1 }
      state.members[number] = member
      let isWorn = definitions[member.kind.worker]?.maximumRequests.map { member.served >= $0 } ?? false
      if isWorn || member.connection.readLog?.isOutdated.load(ordering: .relaxed) == true {
        // Its end gives the waiting attempts to a fresh process.
        return (nil, member.connection)
      }
      guard let position = state.waiting.firstIndex(where: { $0.kind == member.kind }) else {
        state.members[number]?.isIdle = true
        return (nil, nil)
      }
      return ((member.connection, state.waiting.remove(at: position).assignment), nil)
    }
    retired?.shutDown()
    if let (connection, assignment) = next { hand(assignment, to: connection) }
  }

  private func remove(_ number: Int, _ kind: Kind, _ failure: WorkerFailure?) {
    let (waiting, failed, successor, empty) = state.withLock { state in
      state.members[number] = nil
      let isStart = state.introduced.remove(number) == nil
      let waiting = state.waiting
      state.waiting = []
      var failed: [CheckedContinuation<Result<WorkerHello, SchedulingError>, Never>] = []
      var successor: WorkerConnection?
      if isStart, let failure {
        successor = note(failure, ofStart: kind, &state)
        if successor == nil { failed = state.onHello.removeValue(forKey: kind.worker) ?? [] }
      } else if let failure, failure.isUntold {
        state.complaints[kind.worker, default: []].append("worker '\(kind.worker)' was replaced: \(failure.reason)")
      }
      let empty = state.members.isEmpty ? state.onEmpty : []
      if state.members.isEmpty { state.onEmpty = [] }
      return (waiting, failed, successor, empty)
    }
    try? successor?.begin()
    for continuation in failed {
      let message = "worker '\(kind.worker)' could not be started: \(failure?.reason ?? "")"
      let code: SchedulingError.Code = failure?.fault == .machine ? .system : .workerFailed
      continuation.resume(returning: .failure(SchedulingError(code, message)))
    }
    for (kind, assignment) in waiting { assign(assignment, kind) }
    for continuation in empty { continuation.resume() }
  }

  /// Counts a start without a hello; what the machine took away is begun anew if its hello is waited for.
  private func note(_ failure: WorkerFailure, ofStart kind: Kind, _ state: inout State) -> WorkerConnection? {
    guard failure.fault == .machine else {
      state.startFailures[kind.worker, default: (0, "")].count += 1
      state.startFailures[kind.worker]?.reason = failure.reason
      return nil
    }
    state.machineFailures[kind.worker, default: 0] += 1
    let isWanted = state.onHello[kind.worker] != nil && !state.isShuttingDown
    guard isWanted, state.machineFailures[kind.worker] ?? 0 < Self.machineFailureLimit else { return nil }
    return try? makeMember(kind, isFree: true, &state)
  }

  private func failCancelled(_ assignment: WorkerConnection.Assignment) {
    end(
      assignment,
      AttemptOutcome(
        .cancelled, message: message(assignment, "the run was interrupted before a worker was free"),
        period: AttemptPeriod()))
  }

  private func fail(_ assignment: WorkerConnection.Assignment, _ fault: Fault, _ reason: String) {
    end(assignment, AttemptOutcome(failedBy: fault, message: message(assignment, reason), period: AttemptPeriod()))
  }

  private func end(_ assignment: WorkerConnection.Assignment, _ outcome: AttemptOutcome) {
    var outcome = outcome
    outcome.warnings += assignment.warnings
    assignment.completion(outcome)
  }

  private func message(_ assignment: WorkerConnection.Assignment, _ reason: String) -> String {
    "\(assignment.attempt.label), attempt \(assignment.attempt.number): \(reason)"
  }
}
