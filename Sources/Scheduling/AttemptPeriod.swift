import Glibc

/// When something ran, by the calendar and by the monotonic clock.
public struct AttemptPeriod: Sendable, Hashable {
  /// Beginning in nanoseconds since 1970, UTC.
  public var startUnixNanoseconds: Int64
  /// End in nanoseconds since 1970, UTC.
  public var endUnixNanoseconds: Int64
  /// Beginning on the monotonic clock, in nanoseconds.
  public var startMonotonicNanoseconds: Int64
  /// End on the monotonic clock, in nanoseconds.
  public var endMonotonicNanoseconds: Int64

  /// Creates a period that begins and ends now.
  public init() {
    startUnixNanoseconds = nanoseconds(of: CLOCK_REALTIME)
    startMonotonicNanoseconds = nanoseconds(of: CLOCK_MONOTONIC)
    endUnixNanoseconds = startUnixNanoseconds
    endMonotonicNanoseconds = startMonotonicNanoseconds
  }

  /// The same beginning, with an end.
  ///
  /// - Parameter monotonicNanoseconds: The end on the monotonic clock; now if absent.
  /// - Returns: The period; its calendar end is the calendar beginning plus the monotonic duration.
  public func ended(at monotonicNanoseconds: Int64? = nil) -> AttemptPeriod {
    var period = self
    period.endMonotonicNanoseconds = monotonicNanoseconds ?? nanoseconds(of: CLOCK_MONOTONIC)
    period.endUnixNanoseconds =
      startUnixNanoseconds + period.endMonotonicNanoseconds - period.startMonotonicNanoseconds
    return period
  }

  /// The duration in seconds.
  public var seconds: Double { Double(endMonotonicNanoseconds - startMonotonicNanoseconds) / 1e9 }
}

private func nanoseconds(of clock: clockid_t) -> Int64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
}
