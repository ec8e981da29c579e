import AttemptModel
import Glibc

/// What the kernel says about a living process: a reading before a task and one after it give the task's usage.
struct ProcessMeter: ~Copyable {
  private struct Reading {
    var userTicks = 0
    var systemTicks = 0
    var minorPageFaults = 0
    var majorPageFaults = 0
  }

  /// Kept open, since a worker may run thousands of tasks a second.
  private let statistics: Int32
  private let status: Int32
  private let peakReset: Int32
  private var start: Reading?
  private var buffer = [UInt8](repeating: 0, count: 4096)

  /// Opens the process's files in `/proc`; they stay those of this process even when its number is given to another.
  init(of pid: Int32) {
    statistics = open("/proc/\(pid)/stat", O_RDONLY | O_CLOEXEC)
    status = open("/proc/\(pid)/status", O_RDONLY | O_CLOEXEC)
    peakReset = open("/proc/\(pid)/clear_refs", O_WRONLY | O_CLOEXEC)
  }

  deinit {
    for descriptor in [statistics, status, peakReset] where descriptor >= 0 { close(descriptor) }
  }

  /// A task begins: also makes the kernel forget the peak of the resident size.
  mutating func begin() {
    if peakReset >= 0 { _ = pwrite(peakReset, "5", 1, 0) }
    start = read()
  }

  /// The usage since the task began; `nil` if the process is gone.
  mutating func usage() -> ResourceUsage? {
    guard let start, let now = read() else { return nil }
    let ticks = Double(sysconf(Int32(_SC_CLK_TCK)))
    return ResourceUsage(
      userSeconds: Double(now.userTicks - start.userTicks) / ticks,
      systemSeconds: Double(now.systemTicks - start.systemTicks) / ticks, maximumResidentBytes: Int64(peakKiB()) << 10,
      minorPageFaults: Int64(now.minorPageFaults - start.minorPageFaults),
      majorPageFaults: Int64(now.majorPageFaults - start.majorPageFaults))
  }

  private mutating func read() -> Reading? {
    let bytes = content(of: statistics)
    guard let behindName = bytes.lastIndex(of: UInt8(ascii: ")")) else { return nil }
    // Fields from the third on, see proc(5): 10 minflt, 12 majflt, 14 utime, 15 stime, 16 cutime, 17 cstime.
    let fields = Self.numbers(in: bytes[behindName...].dropFirst(2), count: 15)
    // The first of these is the state, field 3, so field n stands at n - 3.
    guard fields.count > 14 else { return nil }
    return Reading(
      userTicks: fields[11] + fields[13], systemTicks: fields[12] + fields[14], minorPageFaults: fields[7],
      majorPageFaults: fields[9])
  }

  private mutating func peakKiB() -> Int {
    var rest = content(of: status)
    while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
      if rest.starts(with: Self.peakName) {
        return Self.numbers(in: rest[..<end].drop { !(48...57).contains($0) }, count: 1)[0]
      }
      rest = rest[(end + 1)...]
    }
    return 0
  }

  private static let peakName = Array("VmHWM:".utf8)

  private mutating func content(of descriptor: Int32) -> ArraySlice<UInt8> {
    let count = descriptor < 0 ? 0 : pread(descriptor, &buffer, buffer.count, 0)
    return buffer[..<max(count, 0)]
  }

  /// The first values of a text that single spaces divide, one at least; what is no digit is passed over.
  private static func numbers(in text: ArraySlice<UInt8>, count: Int) -> [Int] {
    var numbers = [0]
    for byte in text {
      if byte == UInt8(ascii: " ") {
        if numbers.count == count { break }
        numbers.append(0)
      } else if (48...57).contains(byte) {
        numbers[numbers.count - 1] = numbers[numbers.count - 1] &* 10 &+ Int(byte - 48)
      }
    }
    return numbers
  }
}
