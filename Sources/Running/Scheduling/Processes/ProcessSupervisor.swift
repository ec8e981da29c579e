internal import CProcess
@preconcurrency import Dispatch
import Glibc
import Synchronization

/// Starts processes through `job-supervisor`, a small fork server that owns their whole trees.
///
/// Whatever it started is gone when it shuts down, and also when this process is killed. A supervisor that dies is replaced by the next
/// start; what ran under it is reported as lost.
public final class ProcessSupervisor: Sendable {
  /// Names a started process.
  package typealias ID = UInt64

  private struct Handlers: Sendable {
    var program: ProgramFile
    var onStart: (@Sendable (_ pid: Int32) -> Void)?
    var onEnd: @Sendable (ProcessEnd) -> Void
  }

  private struct State {
    /// The socket to the running supervisor, or -1.
    var control: Int32 = -1
    /// Which supervisor it is: 1 for the first.
    var generation = 0
    var nextID: ID = 1
    var handlers: [ID: Handlers] = [:]
    var generationOfID: [ID: Int] = [:]
    var isShutDown = false
    var onIdle: [CheckedContinuation<Void, Never>] = []
    var readers = 0

    mutating func closeControl() {
      if control >= 0 { close(control) }
      control = -1
    }
  }

  private let executable: String
  private let state = Mutex(State())
  /// A full socket holds back no caller: what cannot leave at once is sent from here.
  private let sending = DispatchQueue(label: "job-supervisor requests")
  /// Held while something is written to the socket, and when it is closed; for longer than a moment only on the queue.
  private let writing = Mutex(())

  /// Creates a supervisor; its process is started by the first request.
  ///
  /// - Parameter executable: Path of `job-supervisor`; beside the running executable if absent.
  public init(executable: String? = nil) {
    self.executable = executable ?? ProgramLocation.executableDirectory + "/job-supervisor"
  }

  /// Starts a process and returns at once.
  ///
  /// - Parameters:
  ///   - request: What to start.
  ///   - onStart: Called with the process id, before `onEnd`; not called if the program cannot be started.
  ///   - onEnd: Called exactly once, on the reading thread: it must return quickly.
  /// - Returns: The name by which the process is ended.
  @discardableResult
  package func start(
    _ request: ProcessRequest, onStart: (@Sendable (Int32) -> Void)? = nil,
    onEnd: @escaping @Sendable (ProcessEnd) -> Void
  ) -> ID {
    let id = state.withLock { state in
      defer { state.nextID += 1 }
      state.handlers[state.nextID] = Handlers(
        program: ProgramFile(
          name: request.arguments.first ?? "", directory: request.workingDirectory,
          searchPath: request.environment["PATH"]), onStart: onStart, onEnd: onEnd)
      return state.nextID
    }
    if startNow(request, id, reportsStart: onStart != nil) { return id }
    sending.async { @Sendable [self] in
      do throws(SchedulingError) {
        try writing.withLock { _ throws(SchedulingError) in
          try startWhenPossible(request, id, reportsStart: onStart != nil)
        }
      } catch {
        StartMessage.closeDescriptors(of: request)
        end(id, error.code == .malformedPlan ? .notStarted(error.message) : .lost(error.message))
      }
    }
    return id
  }

  /// Starts the supervisor's process, so that one that is missing is told before the first job wants it.
  ///
  /// - Throws: `SchedulingError` with code `.supervisorMissing` or `.system`.
  public func begin() throws(SchedulingError) {
    let failure: SchedulingError? = sending.sync {
      do throws(SchedulingError) {
        _ = try writing.withLock { _ throws(SchedulingError) in try connect() }
        return nil
      } catch {
        return error
      }
    }
    if let failure { throw failure }
  }

  /// Sends SIGTERM to the process's whole tree, SIGKILL after its grace period.
  ///
  /// Without effect after its end.
  package func terminate(_ id: ID) { send(CPROCESS_TERMINATE, id) }

  /// Sends SIGKILL to the process's whole tree.
  ///
  /// Without effect after its end.
  package func kill(_ id: ID) { send(CPROCESS_KILL, id) }

  /// Kills everything that still runs and waits for the supervisor's end.
  ///
  /// Nothing can be started afterwards.
  public func shutDown() async {
    await withCheckedContinuation { continuation in
      sending.async { @Sendable [self] in
        let isIdle = writing.withLock { _ in
          state.withLock { state in
            state.isShutDown = true
            state.closeControl()
            if state.readers > 0 { state.onIdle.append(continuation) }
            return state.readers == 0
          }
        }
        if isIdle { continuation.resume() }
      }
    }
  }

  deinit {
    state.withLock { $0.closeControl() }
  }

  /// Sends a start request without a change of threads; false if that would mean waiting, for whatever reason.
  private func startNow(_ request: ProcessRequest, _ id: ID, reportsStart: Bool) -> Bool {
    let isSent = writing.withLockIfAvailable { _ in
      let control = state.withLock { state in
        state.generationOfID[id] = state.generation
        return state.control
      }
      let isSent = try? StartMessage.send(request, id: id, reportsStart: reportsStart, to: control, waits: false)
      // Not the business of this supervisor any more, should it be lost.
      if isSent != true { state.withLock { $0.generationOfID[id] = nil } }
      return isSent ?? false
    }
    return isSent ?? false
  }

  /// Sends a start request to the running supervisor, or to a new one.
  ///
  /// Runs on the sending queue only.
  private func startWhenPossible(
    _ request: ProcessRequest, _ id: ID, reportsStart: Bool
  ) throws(SchedulingError) {
    let control = try connect(for: id)
    do throws(SchedulingError) {
      try StartMessage.send(request, id: id, reportsStart: reportsStart, to: control)
      return
    } catch {
      guard error.code == .supervisorMissing else { throw error }
      // It is dead and has not taken the request; what it did take is reported as lost when its last shepherd has gone.
      state.withLock { $0.closeControl() }
    }
    try StartMessage.send(request, id: id, reportsStart: reportsStart, to: connect(for: id))
  }

  private func send(_ kind: cprocess_request_kind, _ id: ID) {
    sending.async { @Sendable [self] in
      let control = state.withLock { state in
        state.generationOfID[id] == state.generation ? state.control : -1
      }
      guard control >= 0 else { return }
      var request = cprocess_request(id: id, kind: kind.rawValue, length: 0)
      // A supervisor that is gone has killed everything already.
      writing.withLock { _ in _ = cprocess_send(control, &request, nil, nil, 0, 1) }
    }
  }

  /// Returns the socket to a living supervisor, which the process of this name then belongs to.
  ///
  /// Runs on the sending queue only.
  private func connect(for id: ID? = nil) throws(SchedulingError) -> Int32 {
    let (control, isShutDown) = state.withLock { state in
      if let id { state.generationOfID[id] = state.generation }
      return (state.control, state.isShutDown)
    }
    if control >= 0 { return control }
    guard !isShutDown else {
      throw SchedulingError(.supervisorMissing, "the job supervisor has been shut down already")
    }
    let started = try SupervisorProcess.launch(executable)
    let generation = state.withLock { state in
      state.control = started.control
      state.generation += 1
      state.readers += 1
      if let id { state.generationOfID[id] = state.generation }
      return state.generation
    }
    do throws(SchedulingError) {
      try DetachedThread.start(for: "the job supervisor") { [weak self] in
        while let report = started.nextReport() { self?.take(report) }
        started.awaitEnd()
        self?.lose(generation: generation)
      }
    } catch {
      // Nobody would learn how its jobs end.
      state.withLock { state in
        state.closeControl()
        state.readers -= 1
      }
      started.end()
      throw error
    }
    return started.control
  }

  private func take(_ report: cprocess_report) {
    if report.kind == CPROCESS_STARTED.rawValue {
      state.withLock { $0.handlers[report.id] }?.onStart?(report.pid)
      return
    }
    let handlers = state.withLock { state in
      state.generationOfID[report.id] = nil
      return state.handlers.removeValue(forKey: report.id)
    }
    guard let handlers else { return }
    handlers.onEnd(ProcessEnd(report, program: handlers.program))
  }

  private func end(_ id: ID, _ kind: ProcessEnd.Kind) {
    let handlers = state.withLock { state in
      state.generationOfID[id] = nil
      return state.handlers.removeValue(forKey: id)
    }
    handlers?.onEnd(ProcessEnd(kind))
  }

  /// The supervisor of this generation is gone, and with it everything it started.
  private func lose(generation: Int) {
    // On the sending queue, where a lock that is held for long keeps nobody.
    sending.async { @Sendable [self] in
      let (lost, waiting) = writing.withLock { _ in
        state.withLock { state in
          if state.generation == generation { state.closeControl() }
          state.readers -= 1
          let waiting = state.readers == 0 ? state.onIdle : []
          if state.readers == 0 { state.onIdle = [] }
          return (state.generationOfID.filter { $0.value == generation }.map(\.key), waiting)
        }
      }
      for id in lost { end(id, .lost("the job supervisor died")) }
      for continuation in waiting { continuation.resume() }
    }
  }
}
