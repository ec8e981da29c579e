import Foundation
import Glibc

/// What the kernel says about a living process: a reading before and one after a task give the task's usage.
struct ProcessStatus: Sendable {
  private var userTicks = 0
  private var systemTicks = 0
  private var minorFaults = 0
  private var majorFaults = 0
  private var peakKiB = 0

  /// Reads `/proc`; `nil` if the process is gone.
  init?(of pid: Int32) {
    guard let line = Self.text("/proc/\(pid)/stat"), let behindName = line.lastIndex(of: ")") else { return nil }
    // Fields from the third on, see proc(5): 10 minflt, 12 majflt, 14 utime, 15 stime, 16 cutime, 17 cstime.
    let fields = line[behindName...].split(separator: " ").dropFirst().compactMap { Int($0) }
    // The state (field 3) is a letter and drops out, so field n stands at n - 4.
    guard fields.count > 13 else { return nil }
    minorFaults = fields[6]
    majorFaults = fields[8]
    userTicks = fields[10] + fields[12]
    systemTicks = fields[11] + fields[13]
    let status = Self.text("/proc/\(pid)/status") ?? ""
    let peak = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    peakKiB = peak?.split(whereSeparator: { $0 == " " || $0 == "\t" }).compactMap { Int($0) }.first ?? 0
  }

  /// Makes the kernel forget the peak of the resident size, so that the next reading is of the time since.
  static func resetPeak(of pid: Int32) {
    let descriptor = open("/proc/\(pid)/clear_refs", O_WRONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return }
    _ = write(descriptor, "5", 1)
    close(descriptor)
  }

  /// The usage between an earlier reading and this one.
  func usage(since start: ProcessStatus) -> ResourceUsage {
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    return ResourceUsage(
      userSeconds: Double(userTicks - start.userTicks) / ticks,
      systemSeconds: Double(systemTicks - start.systemTicks) / ticks, maximumResidentKiB: peakKiB,
      minorFaults: minorFaults - start.minorFaults, majorFaults: majorFaults - start.majorFaults)
  }

  private static func text(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }
}
