import AttemptModel
import JSON
import Testing
import WorkerProtocol

@Suite struct WorkerMessageTests {
  private static let fromWorker: [WorkerMessage] = [
    .hello(WorkerHello(name: "w", version: "1", tasks: [.init(name: "t", version: "2")])),
    .progress(TaskProgress(id: "7-1", done: 3)),
    .progress(TaskProgress(id: "7-1", done: 3, total: 9, message: "half", remainingSeconds: 4.5)),
    .result(TaskResult(id: "7-1")),
    .result(
      TaskResult(
        id: "7-1",
        measurements: TaskMeasurements(
          metrics: [.init(name: "ssim", value: 0.93), .init(name: "up", value: .infinity, unit: "s")],
          samples: [
            .init(metric: "t", unit: "s", repetition: 0, isWarmup: true, block: 1, position: 2, value: -.infinity),
            .init(metric: "t", repetition: 1, value: 3),
          ],
          artifacts: [.init(name: "image", path: "image.png", mediaType: "image/png")]))),
    .error(TaskFailure(id: "7-1", kind: .internal, message: "out of luck")),
  ]

  private static let fromOrchestrator: [OrchestratorMessage] = [
    .run(
      TaskRequest(
        id: "7-1", task: "t", parameters: ["steps": 3], inputs: ["a": .one("/a"), "b": .many(["/b", "/c"])],
        outputDirectory: "/o", scratchDirectory: "/s", seed: (1 << 53) - 1, measurement: ["warmup": 1],
        tokens: ["gpu": ["0", "GPU-7"], "port": ["8000"]])),
    .cancel(id: "7-1"), .shutdown,
  ]

  @Test(arguments: fromWorker)
  func `a worker's message survives the line`(message: WorkerMessage) throws {
    let line = Array(LineCodec.encode(message.json).dropLast())
    #expect(try WorkerMessage(line: line) == message)
  }

  @Test(arguments: fromOrchestrator)
  func `an orchestrator's message survives the line`(message: OrchestratorMessage) throws {
    let line = Array(LineCodec.encode(message.json).dropLast())
    #expect(try OrchestratorMessage(line: line) == message)
  }

  @Test func `not a number survives the line`() throws {
    let line = Array(#"{"type":"result","id":"1","metrics":[{"name":"m","value":"NaN"}]}"#.utf8)
    guard case .result(let result) = try WorkerMessage(line: line) else { throw WorkerProtocolError(.unknownType, "") }
    #expect(result.measurements.metrics.first?.value.isNaN == true)
  }

  @Test(arguments: [
    ("Loading weights", "it is not JSON (expected a value, found 'L')"),
    ("[1]", "it is an array, not an object"),
    (#"{"id":"1"}"#, "it has no member 'type' that is a string"),
    (#"{"type":"done"}"#, "its type 'done' is unknown; known types are hello, progress, result, error"),
    (#"{"type":"progress","id":"1"}"#, "member 'done' of the 'progress' message should be an integer; it is missing"),
    (
      #"{"type":"result","id":"1","metrics":[{"name":"a","value":1},{"name":"b","value":"x"}]}"#,
      "member 'value' of 'metrics[1]' of the 'result' message should be a number, or one of the strings \"NaN\", "
        + "\"Infinity\", \"-Infinity\"; found a string"
    ),
    (
      #"{"type":"result","id":"1","metric":[{"name":"a","value":1}]}"#,
      "the 'result' message has the unknown member 'metric'; did you mean 'metrics'?"
    ),
    (
      #"{"type":"error","id":"1","kind":"bad","message":"m"}"#,
      "member 'kind' of the 'error' message should be \"input\", \"task\" or \"internal\"; found a string"
    ),
  ])
  func `a wrong line is explained`(line: String, message: String) {
    let error = #expect(throws: WorkerProtocolError.self) { try WorkerMessage(line: Array(line.utf8)) }
    if message.hasPrefix("it is not JSON") {
      #expect(error?.code == .notJSON)
    } else {
      #expect(error?.message == message)
    }
  }

  @Test func `a bare word for not a number survives the line`() throws {
    let line = Array(#"{"type":"result","id":"1","samples":[{"metric":"m","repetition":0,"value":-Infinity}]}"#.utf8)
    guard case .result(let result) = try WorkerMessage(line: line) else { throw WorkerProtocolError(.unknownType, "") }
    #expect(result.measurements.samples.first?.value == -.infinity)
  }

  @Test(arguments: [
    ("9223372036854775807", 1_000_000_000_000_000), ("-9223372036854775808", 0), ("1e300", 1_000_000_000_000_000),
    ("-0.5", 0), ("2.9", 2), ("NaN", 0), ("-Infinity", 0), ("Infinity", 1_000_000_000_000_000),
  ])
  func `progress is in bounds whatever number the worker says`(text: String, amount: Int) throws {
    let line = #"{"type":"progress","id":"1","done":\#(text),"total":\#(text),"remainingSeconds":\#(text)}"#
    guard case .progress(let progress) = try WorkerMessage(line: Array(line.utf8)) else {
      throw WorkerProtocolError(.unknownType, "")
    }
    #expect(progress.done == amount && progress.total == amount)
    #expect((0...1e15).contains(progress.remainingSeconds ?? 0))
    #expect(100 * progress.done / max(1, progress.total ?? 1) <= 100)
  }

  @Test(arguments: [
    #"{"type":"hello","protocol":1,"name":"a\u0007","version":"1"}"#,
    #"{"type":"hello","protocol":1,"name":"","version":"1"}"#,
    #"{"type":"hello","protocol":1,"name":"w","version":"1","tasks":[{"name":"t\u0000","version":"1"}]}"#,
    #"{"type":"hello","protocol":1,"name":"w","version":"1\n"}"#,
  ])
  func `a worker has a name that can be stored and shown`(line: String) {
    let error = #expect(throws: WorkerProtocolError.self) { try WorkerMessage(line: Array(line.utf8)) }
    #expect(error?.code == .invalidMember)
  }

  @Test func `what a worker says at length is told in short`() throws {
    let long = String(repeating: "x", count: 1 << 20)
    let failure = #"{"type":"error","id":"1","kind":"task","message":"\#(long)"}"#
    guard case .error(let error) = try WorkerMessage(line: Array(failure.utf8)) else {
      throw WorkerProtocolError(.unknownType, "")
    }
    #expect(error.message.utf8.count < 11_000 && error.message.hasSuffix("…"))
    for line in [
      #"{"type":"\#(long)"}"#, #"{"type":"result","id":"1","\#(long)":1}"#, #"{"\#(long)":1,"\#(long)":2}"#,
      #"{"type":"result","id":"1","artifacts":[{"name":"a","path":"\#(long)"}]}"#,
    ] {
      let error = #expect(throws: WorkerProtocolError.self) { try WorkerMessage(line: Array(line.utf8)) }
      #expect((error?.message.utf8.count ?? .max) < 1000)
    }
  }

  @Test func `a seed beyond what JSON readers keep is refused`() {
    let line =
      #"{"type":"run","id":"1","task":"t","outputDirectory":"/","scratchDirectory":"/","seed":9007199254740992}"#
    #expect(throws: WorkerProtocolError.self) { try OrchestratorMessage(line: Array(line.utf8)) }
  }
}
