import ExperimentSpec
import Printing
import RunSession
import Scheduling
import Synchronization

/// Shows on the terminal what a session does.
final class TerminalDisplay: RunDisplay {
  private let format: MessageFormat
  /// The display of the run that goes on.
  private let progress = Mutex<ProgressDisplay?>(nil)

  init(_ format: MessageFormat = .text) { self.format = format }

  func show(_ event: RunEvent) {
    switch event {
    case .remarks(let diagnostics): Terminal.writeError(format.text(of: diagnostics))
    case .round(let round, let count, let slowdown):
      let what = slowdown.map { "against a slow-down of \($0)" } ?? "against itself"
      Terminal.writeError("round \(round) of \(count), \(what)\n")
    case .damaged(let artifact): Terminal.writeError("warning: \(artifact); it is made anew\n")
    case .unobserved(let library):
      Terminal.writeError(
        "warning: what jobs read is not observed: \(library) is missing; build or install it beside orchestrate\n")
    case .began(let beginning):
      progress.withLock { $0 = ProgressDisplay(beginning) }
      Terminal.writeError(beginning.summary)
    case .step(let step): progress.withLock { $0 }?.show(step)
    case .stopped: progress.withLock { $0 }?.finish()
    case .ended(let ending):
      for result in ending.overtaken { Terminal.writeError("error: \(result)\n") }
      Terminal.writeError(ending.summary)
    }
  }
}
