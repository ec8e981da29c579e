import AttemptModel
import Synchronization

/// How busy the machine is at one moment.
///
/// - Source: /proc/loadavg and /proc/pressure, see the kernel's accounting/psi documentation.
public struct LoadReading: Sendable, Hashable {
  /// Runnable and uninterruptible tasks, averaged over one minute; nil if the kernel does not tell.
  public var loadAverage: Double?
  /// Share of the last ten seconds in which some task waited for a processor, percent; nil if the kernel does not tell.
  public var cpuPressure: Double?
  /// Share of the last ten seconds in which some task waited for memory, percent; nil if the kernel does not tell.
  public var memoryPressure: Double?
  /// Share of the last ten seconds in which some task waited for input or output, percent; nil if the kernel does not tell.
  public var ioPressure: Double?

  /// Makes a reading.
  public init(loadAverage: Double?, cpuPressure: Double?, memoryPressure: Double?, ioPressure: Double?) {
    self.loadAverage = loadAverage
    self.cpuPressure = cpuPressure
    self.memoryPressure = memoryPressure
    self.ioPressure = ioPressure
  }

  /// The present state of this machine, at most 0.2 s old.
  ///
  /// The kernel itself renews its averages every two seconds or more, and reading them costs as much as a small commit.
  public static func current() -> LoadReading {
    latest.withLock { latest in
      let now = TimePoint.now().monotonicNanoseconds
      if let latest, now - latest.time < refreshNanoseconds { return latest.reading }
      let reading = read()
      latest = (now, reading)
      return reading
    }
  }

  /// What stands in the columns `load_start` and `load_end`, which must hold a number: -1 if the kernel does not tell.
  package var storedLoadAverage: Double { loadAverage ?? -1 }

  private static let refreshNanoseconds: Int64 = 200_000_000
  private static let latest = Mutex<(time: Int64, reading: LoadReading)?>(nil)

  private static func read() -> LoadReading {
    let average = FileSystem.text(of: "/proc/loadavg").flatMap { $0.split(separator: " ").first }.flatMap { Double($0) }
    func pressure(_ resource: String) -> Double? {
      FileSystem.text(of: "/proc/pressure/\(resource)").flatMap(LoadReading.someAverage(in:))
    }
    return LoadReading(
      loadAverage: average, cpuPressure: pressure("cpu"), memoryPressure: pressure("memory"),
      ioPressure: pressure("io"))
  }

  /// Reads `avg10` of the line `some` of a pressure file.
  package static func someAverage(in text: String) -> Double? {
    guard let line = text.split(separator: "\n").first(where: { $0.hasPrefix("some ") }) else { return nil }
    let field = line.split(separator: " ").first { $0.hasPrefix("avg10=") }
    return field.flatMap { Double($0.dropFirst("avg10=".count)) }
  }
}
