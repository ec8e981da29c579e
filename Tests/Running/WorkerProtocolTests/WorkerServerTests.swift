import Glibc
import JSON
import Testing
import WorkerProtocol

@Suite struct WorkerServerTests {
  /// The orchestrator's side of a server in the same process.
  private final class Peer: Sendable {
    let requests: [Int32]
    let answers: [Int32]
    init() {
      var pipes: [[Int32]] = [[-1, -1], [-1, -1]]
      pipe(&pipes[0])
      pipe(&pipes[1])
      (requests, answers) = (pipes[0], pipes[1])
    }

    func send(_ message: OrchestratorMessage) {
      let line = LineCodec.encode(message.json)
      write(requests[1], line, line.count)
    }

    /// All messages up to the end of the server.
    func collect() throws -> [WorkerMessage] {
      close(answers[1])
      var codec = LineCodec()
      var messages: [WorkerMessage] = []
      var buffer = [UInt8](repeating: 0, count: 4096)
      while true {
        let count = read(answers[0], &buffer, buffer.count)
        guard count > 0 else { return messages }
        for line in try codec.append(Array(buffer[..<count])) { messages.append(try WorkerMessage(line: line)) }
      }
    }
  }

  private static let hello = WorkerHello(name: "adder", version: "1", tasks: [.init(name: "add", version: "1")])

  private func request(_ id: String, _ parameters: JSONValue) -> OrchestratorMessage {
    .run(TaskRequest(id: id, task: "add", parameters: parameters, outputDirectory: "/", scratchDirectory: "/", seed: 1))
  }

  @Test func `tasks are served in turn, failures included, until shutdown`() throws {
    let peer = Peer()
    peer.send(request("1", ["a": 2, "b": 3]))
    peer.send(request("2", [:]))
    peer.send(.shutdown)
    let server = WorkerServer(hello: Self.hello, input: peer.requests[0], output: peer.answers[1])
    server.run { request, context in
      guard let a = request.parameters["a"]?.doubleValue, let b = request.parameters["b"]?.doubleValue else {
        throw TaskFailure(id: "", kind: .input, message: "'add' needs a and b")
      }
      context.report(done: 1, total: 1)
      return TaskMeasurements(metrics: [.init(name: "sum", value: a + b)])
    }
    #expect(
      try peer.collect() == [
        .hello(Self.hello), .progress(TaskProgress(id: "1", done: 1, total: 1)),
        .result(TaskResult(id: "1", measurements: .init(metrics: [.init(name: "sum", value: 5)]))),
        .error(TaskFailure(id: "2", kind: .input, message: "'add' needs a and b")),
      ])
  }

  @Test func `a task sees its cancellation`() throws {
    struct Cancelled: Error {}
    let peer = Peer()
    peer.send(request("1", [:]))
    peer.send(.cancel(id: "1"))
    peer.send(.shutdown)
    WorkerServer(hello: Self.hello, input: peer.requests[0], output: peer.answers[1]).run { _, context in
      while !context.isCancelled { usleep(1000) }
      throw Cancelled()
    }
    #expect(try peer.collect().last == .error(TaskFailure(id: "1", kind: .task, message: "Cancelled()")))
  }

  @Test func `a task that has nothing to save and does not give up ends with its process`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      let peer = Peer()
      peer.send(
        OrchestratorMessage.run(
          TaskRequest(id: "1", task: "add", outputDirectory: "/", scratchDirectory: "/", seed: 1)))
      let server = WorkerServer(
        hello: WorkerHello(name: "w", version: "1", tasks: []), input: peer.requests[0], output: peer.answers[1])
      server.run { _, context in
        context.endsProcess(afterCancellation: .milliseconds(10))
        peer.send(.cancel(id: "1"))
        while true { usleep(100_000) }
      }
    }
  }

  @Test func `one that gives up in time leaves its process for the next`() async {
    await #expect(processExitsWith: .exitCode(7)) {
      let peer = Peer()
      for id in ["1", "2"] {
        peer.send(
          OrchestratorMessage.run(
            TaskRequest(id: id, task: "add", outputDirectory: "/", scratchDirectory: "/", seed: 1)))
      }
      peer.send(.shutdown)
      let server = WorkerServer(
        hello: WorkerHello(name: "w", version: "1", tasks: []), input: peer.requests[0], output: peer.answers[1])
      server.run { request, context in
        context.endsProcess(afterCancellation: .seconds(2))
        guard request.id == "1" else {
          // Long enough for a process that were ended for the first.
          usleep(2_500_000)
          return TaskMeasurements()
        }
        peer.send(.cancel(id: "1"))
        while true {
          try context.checkCancellation()
          usleep(100)
        }
      }
      exit(try peer.collect().last == .result(TaskResult(id: "2")) ? 7 : 1)
    }
  }

  @Test func `the process ends at once when the orchestrator goes away`() async {
    await #expect(processExitsWith: .exitCode(0)) {
      let peer = Peer()
      peer.send(
        OrchestratorMessage.run(
          TaskRequest(id: "1", task: "add", outputDirectory: "/", scratchDirectory: "/", seed: 1)))
      close(peer.requests[1])
      let server = WorkerServer(
        hello: WorkerHello(name: "w", version: "1", tasks: []), input: peer.requests[0], output: peer.answers[1])
      server.run { _, _ in
        while true { usleep(100_000) }
      }
    }
  }
}
