package import AttemptModel
import Glibc

/// When a failed attempt is followed by another one.
public struct RetryPolicy: Sendable, Hashable {
  /// Further attempts after failures that are not the job's fault, such as a lost supervisor; on top of the job's own retries.
  public var infrastructureRetries: Int
  /// Pause before the first retry; each further one is twice as long.
  public var firstDelay: Duration
  /// Longest pause.
  public var longestDelay: Duration

  /// Creates a policy.
  ///
  /// - Parameters:
  ///   - infrastructureRetries: Further attempts after failures that are not the job's fault.
  ///   - firstDelay: Pause before the first retry.
  ///   - longestDelay: Longest pause.
  public init(
    infrastructureRetries: Int = 2, firstDelay: Duration = .seconds(1), longestDelay: Duration = .seconds(60)
  ) {
    self.infrastructureRetries = infrastructureRetries
    self.firstDelay = firstDelay
    self.longestDelay = longestDelay
  }

  /// The pause before a retry.
  ///
  /// - Parameter retry: 1 for the first.
  /// - Returns: `firstDelay` doubled `retry - 1` times, at most `longestDelay`.
  public func delay(beforeRetry retry: Int) -> Duration {
    var delay = firstDelay
    for _ in 1..<max(retry, 1) where delay < longestDelay { delay = delay * 2 }
    return min(delay, longestDelay)
  }

  /// The pause before a retry of a job that may declare its own.
  package func delay(beforeRetry retry: Int, declared: RetryBackoff?) -> Duration {
    guard let declared else { return delay(beforeRetry: retry) }
    let seconds = declared.firstSeconds * pow(declared.factor, Double(max(retry, 1) - 1))
    // Nothing times infinity is no number.
    return .seconds(seconds.isNaN ? declared.longestSeconds : min(seconds, declared.longestSeconds))
  }
}

/// What a failure means for the jobs that have not started.
public enum FailurePolicy: Sendable, Hashable {
  /// Everything that does not depend on a failed job still runs.
  case keepGoing
  /// Nothing new starts after the first failed job.
  case failFast
  /// Nothing new starts once this many jobs have failed.
  case maximumFailures(Int)

  func allowsMore(afterFailures count: Int) -> Bool {
    switch self {
    case .keepGoing: true
    case .failFast: count < 1
    case .maximumFailures(let limit): count < limit
    }
  }
}
