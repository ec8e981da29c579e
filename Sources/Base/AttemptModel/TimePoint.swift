package import Glibc

/// One instant on two clocks: the calendar for people, the monotonic one for durations.
public struct TimePoint: Sendable, Hashable {
  /// Nanoseconds since 1970-01-01 UTC.
  public var utcNanoseconds: Int64
  /// Nanoseconds of CLOCK_MONOTONIC; comparable only within one boot of one machine.
  public var monotonicNanoseconds: Int64

  /// Makes an instant.
  public init(utcNanoseconds: Int64, monotonicNanoseconds: Int64) {
    self.utcNanoseconds = utcNanoseconds
    self.monotonicNanoseconds = monotonicNanoseconds
  }

  /// The present.
  public static func now() -> TimePoint {
    TimePoint(utcNanoseconds: read(CLOCK_REALTIME), monotonicNanoseconds: monotonicNow)
  }

  /// The present on the monotonic clock, nanoseconds.
  public static var monotonicNow: Int64 { read(CLOCK_MONOTONIC) }

  /// The calendar time as ISO 8601 with milliseconds: `2026-11-22T09:08:07.123Z`.
  public var iso8601: String {
    let rest = utcNanoseconds % 1_000_000_000
    // Rounded down, for a clock that stands before 1970.
    var seconds = time_t(utcNanoseconds / 1_000_000_000) - (rest < 0 ? 1 : 0)
    let milliseconds = Int32((rest < 0 ? rest + 1_000_000_000 : rest) / 1_000_000)
    var parts = tm()
    gmtime_r(&seconds, &parts)
    func padded(_ value: Int32, _ width: Int) -> String {
      let digits = String(value)
      return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
    let date = "\(padded(parts.tm_year + 1900, 4))-\(padded(parts.tm_mon + 1, 2))-\(padded(parts.tm_mday, 2))"
    let time = "\(padded(parts.tm_hour, 2)):\(padded(parts.tm_min, 2)):\(padded(parts.tm_sec, 2))"
    return "\(date)T\(time).\(padded(milliseconds, 3))Z"
  }

  /// Seconds between two readings of the monotonic clock, exact to the nanosecond but for absurd ones.
  package static func seconds(from start: Int64, to end: Int64) -> Double {
    let (difference, isTooGreat) = end.subtractingReportingOverflow(start)
    return (isTooGreat ? Double(end) - Double(start) : Double(difference)) / 1e9
  }

  private static func read(_ clock: clockid_t) -> Int64 {
    var value = timespec()
    clock_gettime(clock, &value)
    return nanoseconds(of: value)
  }

  /// Nanoseconds of a clock's reading; what 64 bits cannot hold, as the calendar after the year 2262, becomes the nearest that they can.
  package static func nanoseconds(of time: timespec) -> Int64 {
    let (seconds, isFar) = Int64(time.tv_sec).multipliedReportingOverflow(by: 1_000_000_000)
    let (sum, isFarther) = seconds.addingReportingOverflow(Int64(time.tv_nsec))
    return isFar || isFarther ? (time.tv_sec < 0 ? .min : .max) : sum
  }
}
