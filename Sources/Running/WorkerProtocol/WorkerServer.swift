import Glibc
import Synchronization

/// Serves tasks over this process's standard input and output: the worker's side of the protocol.
///
/// From its creation on, everything else that is printed goes to standard error, so a library that writes to standard output cannot
/// break the protocol. The process ends when the orchestrator closes the pipe, whatever the task is doing.
///
///     let server = WorkerServer(hello: WorkerHello(name: "adder", version: "1", tasks: [.init(name: "add", version: "1")]))
///     server.run { request, context in
///       context.report(done: 1, total: 2)
///       return TaskMeasurements(metrics: [.init(name: "sum", value: 3)])
///     }
public final class WorkerServer: Sendable {
  /// What a running task may ask of the server.
  public struct Context: Sendable {
    fileprivate let id: String
    fileprivate let server: WorkerServer

    /// Whether the orchestrator has asked to give up; a task that sees it returns early by throwing.
    public var isCancelled: Bool { server.cancelled.withLock { $0 == id } }

    /// Throws once the orchestrator has asked to give up.
    ///
    /// - Throws: `TaskFailure`.
    public func checkCancellation() throws(TaskFailure) {
      if isCancelled {
        throw TaskFailure(id: id, kind: .task, message: "the task was given up, as the orchestrator asked")
      }
    }

    /// Lets the whole process end if the task does not give up in time, for a task that has nothing to save.
    ///
    /// What a process has loaded is lost with it; so the task still looks for its cancellation where that is easily done.
    ///
    /// - Parameter patience: The time from the orchestrator's wish to the end of the process.
    public func endsProcess(afterCancellation patience: Duration) {
      server.running.withLock { if $0?.id == id { $0?.patience = patience } }
      if isCancelled { server.endProcess(unlessGivenUp: id) }
    }

    /// Tells how far the task has come.
    ///
    /// Cheap; call it a few times a second at most.
    ///
    /// - Parameters:
    ///   - done: Units done.
    ///   - total: Units in all, if known.
    ///   - message: What is going on.
    ///   - remainingSeconds: Estimate of the time left.
    public func report(
      done: Int, total: Int? = nil, message: String? = nil, remainingSeconds: Double? = nil
    ) {
      let progress = TaskProgress(
        id: id, done: done, total: total, message: message, remainingSeconds: remainingSeconds)
      server.send(.progress(progress))
    }
  }

  private let hello: WorkerHello
  private let input: Int32
  private let output: Int32
  /// Guards the order of whole lines on the output.
  private let writing = Mutex<Void>(())
  /// Id of the task that should give up.
  private let cancelled = Mutex<String?>(nil)
  /// The task that has no answer yet, and how long it may go on after its cancellation; for ever without a number.
  private let running = Mutex<(id: String, patience: Duration?)?>(nil)

  /// Takes over standard output.
  ///
  /// - Parameter hello: Who the worker is and what it can do.
  public convenience init(hello: WorkerHello) {
    self.init(hello: hello, input: STDIN_FILENO, output: fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3))
    dup2(STDERR_FILENO, STDOUT_FILENO)
  }

  /// Serves over other descriptors.
  ///
  /// - Parameters:
  ///   - hello: Who the worker is and what it can do.
  ///   - input: Where requests arrive.
  ///   - output: Where answers go.
  package init(hello: WorkerHello, input: Int32, output: Int32) {
    self.hello = hello
    self.input = input
    self.output = output
  }

  /// Says hello and serves one task after the other on the calling thread until the orchestrator says shutdown.
  ///
  /// - Parameter task: Runs one task. A thrown `TaskFailure` is sent as it is (its id is replaced), any other error with kind "task".
  public func run(_ task: (TaskRequest, Context) throws -> TaskMeasurements) {
    send(.hello(hello))
    let requests = RequestQueue()
    startReader(requests)
    while let request = requests.next() {
      running.withLock { $0 = (request.id, nil) }
      do {
        let measurements = try task(request, Context(id: request.id, server: self))
        send(.result(TaskResult(id: request.id, measurements: measurements)))
      } catch let failure as TaskFailure {
        send(.error(TaskFailure(id: request.id, kind: failure.kind, message: failure.message)))
      } catch {
        send(.error(TaskFailure(id: request.id, kind: .task, message: String(describing: error))))
      }
    }
  }

  /// Ends the process after the patience of a task that is still without an answer then.
  private func endProcess(unlessGivenUp id: String) {
    guard let (current, patience) = running.withLock({ $0 }), current == id, let patience else { return }
    startThread { [self] in
      let (seconds, attoseconds) = patience.components
      usleep(UInt32(clamping: seconds * 1_000_000 + attoseconds / 1_000_000_000_000))
      // Under the lock, so that no answer is cut.
      writing.withLock { _ in
        // Without the exit functions of libraries, which the task may be using.
        if running.withLock({ $0?.id == id }) { _exit(0) }
      }
    }
  }

  private func send(_ message: WorkerMessage) {
    let line = LineCodec.encode(message.json)
    let isComplete = writing.withLock { _ in
      if message.isAnswer { running.withLock { $0 = nil } }
      return line.withUnsafeBytes { bytes in
        var next = bytes[...]
        while !next.isEmpty {
          let count = write(output, UnsafeRawBufferPointer(rebasing: next).baseAddress, next.count)
          if count < 0 && errno == EINTR { continue }
          guard count > 0 else { return false }
          next = next.dropFirst(count)
        }
        return true
      }
    }
    // Nobody listens any more.
    if !isComplete { exit(0) }
  }

  private func startReader(_ requests: RequestQueue) {
    signal(SIGPIPE, SIG_IGN)
    startThread { self.read(into: requests) }
  }

  private func startThread(_ run: @escaping @Sendable () -> Void) {
    let body = ThreadBody(run)
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<ThreadBody>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, Unmanaged.passRetained(body).toOpaque())
    precondition(status == 0, "pthread_create failed with \(status)")
    pthread_detach(thread)
  }

  private func read(into requests: RequestQueue) {
    var codec = LineCodec()
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      let count = Glibc.read(input, &buffer, buffer.count)
      if count < 0 && errno == EINTR { continue }
      // The orchestrator is gone: nobody wants the result, and a task may not notice for hours.
      guard count > 0 else { exit(0) }
      do throws(WorkerProtocolError) {
        for line in try codec.append(Array(buffer[..<count])) { accept(try OrchestratorMessage(line: line), requests) }
      } catch {
        let note = Array("worker: a line from the orchestrator is no message: \(error)\n".utf8)
        _ = write(STDERR_FILENO, note, note.count)
        exit(1)
      }
    }
  }

  private func accept(_ message: OrchestratorMessage, _ requests: RequestQueue) {
    switch message {
    case .run(let request): requests.add(request)
    case .cancel(let id):
      cancelled.withLock { $0 = id }
      endProcess(unlessGivenUp: id)
    case .shutdown: requests.add(nil)
    }
  }
}

extension WorkerMessage {
  /// Whether it ends a task.
  fileprivate var isAnswer: Bool {
    switch self {
    case .result, .error: true
    case .hello, .progress: false
    }
  }
}

/// Carries a closure into a thread.
private final class ThreadBody: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
