import AttemptModel
import JobGraph
import ResultsStore
import WorkerProtocol

@testable import Scheduling

/// What a worker writes on its standard output while it is given task after task; their ends are booked.
final class WorkerEntrance: Entrance {
  private let books: Bookkeeping
  private static let hello =
    #"{"type": "hello", "protocol": 1, "name": "w", "version": "1", "tasks": [{"name": "t", "version": "1"}]}"#

  init() throws { books = try Bookkeeping() }

  static let seeds: [[UInt8]] = [
    [
      hello, #"{"type": "progress", "id": "0-1", "done": 1, "total": 9, "message": "m", "remainingSeconds": 4}"#,
      """
      {"type": "result", "id": "0-1", "metrics": [{"name": "ssim", "value": 0.9, "unit": ""}], "samples": [{"metric": "t", \
      "unit": "s", "repetition": 0, "warmup": true, "block": 0, "position": 0, "value": 2}], "artifacts": [{"name": "image", \
      "path": "image.png", "mediaType": "image/png"}]}
      """,
      #"{"type": "error", "id": "0-2", "kind": "input", "message": "no"}"#,
      #"{"type": "result", "id": "0-3", "metrics": [{"name": "a", "value": "NaN"}]}"#,
      #"{"type": "error", "id": "0-4", "kind": "internal", "message": "no"}"#,
    ],
    [hello, #"{"type": "error", "id": "0-1", "kind": "task", "message": "no"}"#, #"{"type": "result", "id": "0-2"}"#],
  ].map { Array($0.joined(separator: "\n").utf8) }

  func take(_ bytes: [UInt8]) throws {
    var talk = Talk(books)
    try talk.give()
    var codec = LineCodec(maximumLineBytes: 1 << 14)
    for start in stride(from: 0, to: bytes.count, by: 999) {
      do throws(WorkerProtocolError) {
        for line in try codec.append(Array(bytes[start..<min(start + 999, bytes.count)])) { talk.hear(.line(line)) }
      } catch {
        talk.hear(.badLine(error))
      }
      try talk.settle()
    }
    if let rest = try? codec.append(Array("\n".utf8)) { for line in rest { talk.hear(.line(line)) } }
    talk.hear(.outputClosed)
    talk.hear(.ended(ProcessEnd(.exited(0))))
    try talk.settle()
    require(talk.isOver, "a worker that has ended is given up, and its task has an end")
  }
}

/// A session with a worker that is given the next task as soon as one has ended.
private struct Talk {
  private let books: Bookkeeping
  private var session = WorkerSession(name: "w", limits: WorkerLimits(), startedAt: .zero)
  private var now = Duration.zero
  private var (given, ended, isClosed) = (0, 0, false)
  private var ends: [WorkerSession.TaskEnd] = []

  init(_ books: Bookkeeping) { self.books = books }

  var isOver: Bool { isClosed && given == ended }

  mutating func hear(_ event: WorkerSession.Event) {
    now += .milliseconds(40)
    for action in session.handle(event, at: now) {
      require(!isClosed, "nothing comes from a worker that was given up")
      switch action {
      case .finished(let end):
        ended += 1
        ends.append(end)
      case .refused: ended += 1
      case .closed: isClosed = true
      case .progressed(let progress):
        // What a display divides.
        require((0...1_000_000_000_000_000).contains(progress.done), "progress has bounds")
      case .send, .kill, .introduced: break
      }
      require(ended <= given, "a task ends once")
    }
  }

  mutating func give() throws {
    given += 1
    let request = TaskRequest(id: "0-\(given)", task: "t", outputDirectory: "/o", scratchDirectory: "/s", seed: 1)
    hear(.run(request, timeLimit: given % 3 == 0 ? .milliseconds(100) : nil, grace: .milliseconds(50)))
    if given % 5 == 0 { hear(.cancel(.terminate)) }
  }

  /// Books the ends that were heard of, and gives the next task.
  mutating func settle() throws {
    while !ends.isEmpty {
      let end = ends.removeFirst()
      let lease = try books.begin()
      let place = AttemptPlace(
        id: lease.id, outputDirectory: lease.outputDirectory, standardOutputPath: lease.standardOutputPath,
        standardErrorPath: lease.standardErrorPath, scratchDirectory: lease.scratchDirectory)
      let job = Job(
        index: 0, stage: "s", action: .task(worker: "w", name: "t"), trials: [0], resources: [:],
        fingerprint: Fingerprint(parts: []), seed: 1)
      let attempt = AttemptRequest(job: job, number: 1, label: "s", inputs: [:], place: place)
      try books.end(
        lease, TaskOutcome.outcome(of: end, attempt: attempt, worker: "w", period: AttemptPeriod()))
    }
    if let deadline = session.deadline, now >= deadline { hear(.tick) }
    if given == ended, !isClosed, given < 64 { try give() }
  }
}
