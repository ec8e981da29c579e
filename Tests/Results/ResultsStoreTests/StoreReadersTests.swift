import AttemptModel
import Foundation
import ResultsStore
import Synchronization
import Testing

/// Tells readers that the writer has come to its end.
private final class Flag: Sendable {
  let isUp = Atomic(false)
}

@Suite struct StoreReadersTests {
  @Test func `eight readers see whole attempts while one process writes`() async throws {
    let fixture = StoreFixture()
    let store = try fixture.open()
    let run = try StoreFixture.begin(in: store)
    let flag = Flag()
    let path = fixture.path
    try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<8 {
        group.addTask {
          let reader = try ResultsStore(path: path, mode: .readOnly)
          var seen = 0
          repeat {
            let attempts = try reader.attempts(ofRun: run).filter { $0.state == .ended(.succeeded) }
            #expect(attempts.count >= seen, "what was seen stays")
            #expect(attempts.allSatisfy { $0.samples.count == 20 && $0.artifacts.count == 1 }, "an attempt is whole")
            seen = attempts.count
            try await Task.sleep(for: .milliseconds(1))
          } while !flag.isUp.load(ordering: .sequentiallyConsistent)
          return seen
        }
      }
      let samples = (0..<20).map { SampleResult(metric: "x", repetition: $0, value: Double($0)) }
      for number in 0..<40 {
        try await StoreFixture.succeed(number % 4, run: run, in: store, content: "\(number)", samples: samples)
      }
      flag.isUp.store(true, ordering: .sequentiallyConsistent)
      for try await _ in group {}
    }
    #expect(try store.attempts(ofRun: run).count == 40)
    #expect(try store.verify().problems.isEmpty)
  }
}
