/// When something ran, by the calendar and by the monotonic clock.
public struct AttemptPeriod: Sendable, Hashable {
  /// The beginning.
  public var start: TimePoint
  /// The end; the calendar is asked for the beginning only, so that a clock that jumps does not matter.
  public private(set) var end: TimePoint

  /// Creates a period that begins and ends now.
  public init() {
    start = .now()
    end = start
  }

  /// The same beginning, with an end.
  ///
  /// - Parameter monotonicNanoseconds: The end on the monotonic clock; now if absent.
  /// - Returns: The period; its calendar end is the calendar beginning plus the monotonic duration.
  public func ended(at monotonicNanoseconds: Int64? = nil) -> AttemptPeriod {
    let last = monotonicNanoseconds ?? TimePoint.monotonicNow
    let (utc, isLate) = start.utcNanoseconds.addingReportingOverflow(last &- start.monotonicNanoseconds)
    var period = self
    period.end = TimePoint(utcNanoseconds: isLate ? .max : utc, monotonicNanoseconds: last)
    return period
  }

  /// The duration in seconds.
  public var seconds: Double { Double(end.monotonicNanoseconds &- start.monotonicNanoseconds) / 1e9 }
}
