import Foundation
import PriorBrush
import Testing
import TestSupport

@Suite struct `Training loop` {
  private let folder: TemporaryFolder
  private var loop: TrainingLoop

  init() throws {
    folder = try TemporaryFolder()
    loop = TrainingLoop(folder: folder.path)
    loop.reportSeconds = 0
    loop.checkpointSeconds = 0
  }

  @Test func `reports and logs every interval and the end`() throws {
    var reports: [TrainingProgress] = []
    try loop.run(CountedTraining(steps: 4)) { reports.append($0) }
    #expect(reports.map(\.step) == [1, 2, 3, 4])
    #expect(reports.map(\.loss) == [1, 2, 3, 4])
    #expect(reports.allSatisfy { $0.steps == 4 && $0.imagesPerSecond > 0 })
    #expect(reports.last?.remainingSeconds(batch: 2) == 0)
    #expect(try loggedSteps() == [1, 2, 3, 4])
  }

  @Test func `averages the losses of an interval`() throws {
    var loop = loop
    loop.reportSeconds = 1e9
    var reports: [TrainingProgress] = []
    try loop.run(CountedTraining(steps: 5)) { reports.append($0) }
    #expect(reports.map(\.loss) == [3])
  }

  @Test func `goes on from the last checkpoint and never repeats a line of the log`() throws {
    #expect(throws: CountedTraining.Interruption.self) { try loop.run(CountedTraining(steps: 8, failsAt: 5)) { _ in } }
    let resumed = CountedTraining(steps: 8)
    try loop.run(resumed) { _ in }
    #expect(resumed.advances == 3)
    #expect(try loggedSteps() == Array(1...8))
  }

  @Test func `does what follows a step before the step's checkpoint`() throws {
    let training = CountedTraining(steps: 4)
    var seen: [Int] = []
    try loop.run(training, afterStep: { seen.append(training.step) }) { _ in }
    #expect(seen == [1, 2, 3, 4])
    #expect(throws: CountedTraining.Interruption.self) {
      try loop.run(CountedTraining(steps: 6), afterStep: { throw CountedTraining.Interruption() }) { _ in }
    }
    let resumed = CountedTraining(steps: 6)
    try loop.run(resumed) { _ in }
    #expect(resumed.advances == 2)
  }

  @Test func `writes lines behind the checkpoint again`() throws {
    var rare = loop
    rare.checkpointSeconds = 1e9
    #expect(throws: CountedTraining.Interruption.self) { try rare.run(CountedTraining(steps: 8, failsAt: 5)) { _ in } }
    try CountedTraining(steps: 8, step: 3).save(to: folder.path + "/checkpoint.safetensors")
    let resumed = CountedTraining(steps: 8)
    try rare.run(resumed) { _ in }
    #expect(resumed.advances == 5)
    #expect(try loggedSteps() == Array(1...8))
  }

  @Test func `drops a line that was cut off`() throws {
    try Data("step,loss,imagesPerSecond\n1,1,10\n2,2,10\n2,".utf8).write(to: URL(fileURLWithPath: loop.logPath))
    try CountedTraining(steps: 4, step: 2).save(to: folder.path + "/checkpoint.safetensors")
    try loop.run(CountedTraining(steps: 4)) { _ in }
    #expect(try loggedSteps() == [1, 2, 3, 4])
  }

  @Test func `saves and ends when it is asked to, and goes on from there`() throws {
    var loop = loop
    loop.checkpointSeconds = 1e9
    let training = CountedTraining(steps: 9)
    let error = #expect(throws: TrainingInterrupted.self) {
      try loop.run(training, isCancelled: { training.step == 4 }) { _ in }
    }
    #expect(error?.step == 4 && error?.steps == 9 && training.advances == 4)
    let next = CountedTraining(steps: 9)
    try loop.run(next) { _ in }
    #expect(next.advances == 5)
    #expect(try loggedSteps() == Array(1...9))
  }

  @Test func `does nothing more once the training has ended`() throws {
    try loop.run(CountedTraining(steps: 3)) { _ in }
    let again = CountedTraining(steps: 3)
    try loop.run(again) { _ in Issue.record("a report of a finished training") }
    #expect(again.advances == 0 && again.step == 3)
    #expect(try loggedSteps() == [1, 2, 3])
  }

  private func loggedSteps() throws -> [Int] {
    let lines = try String(contentsOfFile: loop.logPath, encoding: .utf8).split(separator: "\n").map(String.init)
    #expect(lines.first == "step,loss,imagesPerSecond")
    return lines.dropFirst().compactMap { line in
      let fields = line.split(separator: ",")
      #expect(fields.count == 3 && fields.allSatisfy { Double($0) != nil }, "\(line)")
      return fields.first.flatMap { Int($0) }
    }
  }
}

/// A training without a network, whose loss is the number of the step.
private final class CountedTraining: Trainable {
  struct Interruption: Error {}

  private(set) var step: Int
  private(set) var advances = 0
  let steps: Int
  let batch = 2
  private let failsAt: Int?

  init(steps: Int, step: Int = 0, failsAt: Int? = nil) {
    self.steps = steps
    self.step = step
    self.failsAt = failsAt
  }

  func advance() throws -> Double {
    if step == failsAt { throw Interruption() }
    step += 1
    advances += 1
    return Double(step)
  }

  func save(to path: String) throws {
    try Data(String(step).utf8).write(to: URL(fileURLWithPath: path))
  }

  func restore(from path: String) throws {
    step = try #require(Int(String(contentsOfFile: path, encoding: .utf8)))
  }
}
