package import Glibc

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
    startUnixNanoseconds = reading(of: CLOCK_REALTIME)
    startMonotonicNanoseconds = reading(of: CLOCK_MONOTONIC)
    endUnixNanoseconds = startUnixNanoseconds
    endMonotonicNanoseconds = startMonotonicNanoseconds
  }

  /// The same beginning, with an end.
  ///
  /// - Parameter monotonicNanoseconds: The end on the monotonic clock; now if absent.
  /// - Returns: The period; its calendar end is the calendar beginning plus the monotonic duration.
  public func ended(at monotonicNanoseconds: Int64? = nil) -> AttemptPeriod {
    var period = self
    period.endMonotonicNanoseconds = monotonicNanoseconds ?? reading(of: CLOCK_MONOTONIC)
    let (end, isLate) = startUnixNanoseconds.addingReportingOverflow(
      period.endMonotonicNanoseconds &- period.startMonotonicNanoseconds)
    period.endUnixNanoseconds = isLate ? .max : end
    return period
  }

  /// The duration in seconds.
  public var seconds: Double { Double(endMonotonicNanoseconds &- startMonotonicNanoseconds) / 1e9 }

  /// Nanoseconds of a clock's reading; what 64 bits cannot hold, as the calendar after the year 2262, becomes the nearest that they can.
  package static func nanoseconds(of time: timespec) -> Int64 {
    let (seconds, isFar) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isFarther) = seconds.addingReportingOverflow(Int64(time.tv_nsec))
    return isFar || isFarther ? (time.tv_sec < 0 ? .min : .max) : sum
  }
}

private func reading(of clock: clockid_t) -> Int64 {
  var time = timespec()
  clock_gettime(clock, &time)
  return AttemptPeriod.nanoseconds(of: time)
}
