import AttemptModel
import Foundation
import JobGraph
package import Scheduling
import Synchronization
package import WorkerProtocol

/// Ends every attempt as a script says, on another thread, and keeps count of what runs at once.
package final class FakeExecutor: JobExecutor {
  private struct State {
    var running: [String: @Sendable (AttemptOutcome) -> Void] = [:]
    var started: [Int] = []
    var stages: [String] = []
    var inputs: [Int: [String: TaskRequest.InputPaths]] = [:]
    var mostRunning = 0
    var isShutDown = false
  }

  private let script: @Sendable (AttemptRequest) -> AttemptOutcome?
  private let state = Mutex(State())

  /// Creates an executor; a script that returns `nil` leaves the attempt running until it is cancelled.
  package init(script: @escaping @Sendable (AttemptRequest) -> AttemptOutcome?) {
    self.script = script
  }

  /// Creates an executor with which everything succeeds.
  package convenience init() { self.init { _ in AttemptOutcome(.succeeded, period: .init()) } }

  /// Positions of the jobs whose attempts were started, in order.
  package var started: [Int] { state.withLock { $0.started } }
  /// Their stages.
  package var startedStages: [String] { state.withLock { $0.stages } }
  package var mostRunning: Int { state.withLock { $0.mostRunning } }
  package var isShutDown: Bool { state.withLock { $0.isShutDown } }
  package func inputs(of job: Int) -> [String: TaskRequest.InputPaths]? {
    state.withLock { $0.inputs[job] }
  }

  package func start(
    _ attempt: AttemptRequest, onProgress: @escaping @Sendable (TaskProgress) -> Void,
    completion: @escaping @Sendable (AttemptOutcome) -> Void
  ) {
    state.withLock { state in
      state.running[attempt.id] = completion
      state.started.append(attempt.job.index)
      state.stages.append(attempt.job.stage)
      state.inputs[attempt.job.index] = attempt.inputs
      state.mostRunning = max(state.mostRunning, state.running.count)
    }
    guard let outcome = script(attempt) else { return }
    DispatchQueue.global().async { self.end(attempt.id, outcome) }
  }

  package func cancel(_ id: String, how: CancellationManner) {
    end(id, AttemptOutcome(.cancelled, period: .init()))
  }

  package func shutDown() async { state.withLock { $0.isShutDown = true } }

  private func end(_ id: String, _ outcome: AttemptOutcome) {
    state.withLock { $0.running.removeValue(forKey: id) }?(outcome)
  }
}
