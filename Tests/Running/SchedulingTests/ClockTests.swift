import AttemptModel
import Foundation
import Glibc
import Scheduling
import Testing
import TestSupport

/// A wall clock that jumps must not matter.
@Suite struct ClockTests {
  private static let folders = [
    "Sources/Running", "Sources/Base/AttemptModel", "Sources/Base/CProcess",
  ]

  /// Ways to ask the calendar.
  ///
  /// Deadlines and durations use `ContinuousClock` and `CLOCK_MONOTONIC`, which no one can set.
  private static let calendars = [
    "CLOCK_REALTIME", "Date()", "Date.now", "gettimeofday", "time(NULL", "time(nil", "CFAbsoluteTime",
    "wallDeadline", "DispatchWallTime", "timeIntervalSince", "localtime", "st_mtime",
  ]

  @Test func `the calendar is read in one place, to note when an attempt began`() throws {
    var found: [String] = []
    for folder in Self.folders {
      let path = "\(packageFolder)/\(folder)"
      let files = try #require(FileManager.default.enumerator(atPath: path)).compactMap { $0 as? String }
      for file in files where [".swift", ".c", ".h"].contains(where: file.hasSuffix) {
        let text = try String(contentsOfFile: "\(path)/\(file)", encoding: .utf8)
        found += Self.calendars.filter { text.contains($0) }.map { "\(folder)/\(file): \($0)" }
      }
    }
    #expect(found == ["Sources/Base/AttemptModel/TimePoint.swift: CLOCK_REALTIME"])
  }

  @Test func `the end of a period is its beginning plus the monotonic duration, whatever the calendar says then`() {
    var period = AttemptPeriod()
    // As if the calendar had been set forward by an hour just before the attempt.
    period.start.utcNanoseconds += 3_600_000_000_000
    let ended = period.ended(at: period.start.monotonicNanoseconds + 5_000_000_000)
    #expect(ended.seconds == 5)
    #expect(ended.end.utcNanoseconds - ended.start.utcNanoseconds == 5_000_000_000)
  }

  @Test func `a calendar beyond what nanoseconds in 64 bits reach stands still`() {
    #expect(TimePoint.nanoseconds(of: timespec(tv_sec: 1, tv_nsec: 5)) == 1_000_000_005)
    // The years 2262, 10889 and, before the moon landing, 1677.
    #expect(TimePoint.nanoseconds(of: timespec(tv_sec: 9_223_372_036, tv_nsec: 999_999_999)) == .max)
    #expect(TimePoint.nanoseconds(of: timespec(tv_sec: 281_474_976_710, tv_nsec: 0)) == .max)
    #expect(TimePoint.nanoseconds(of: timespec(tv_sec: -9_223_372_037, tv_nsec: 0)) == .min)
    var period = AttemptPeriod()
    period.start.utcNanoseconds = .max - 1
    #expect(period.ended(at: period.start.monotonicNanoseconds + 5).end.utcNanoseconds == .max)
  }
}
