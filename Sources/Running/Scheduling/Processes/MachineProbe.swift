import Foundation

/// Reads how busy, fast and hot the machine is; what the system does not tell is nil.
///
/// - Source: the kernel's Documentation/filesystems/proc.rst (`/proc/stat`), admin-guide/pm/cpufreq.rst and
///   driver-api/thermal/sysfs-api.rst.
public struct MachineProbe: Sendable, Hashable {
  /// Processor time that was spent on anything but idling, since boot.
  package struct ProcessorTime: Sendable, Hashable {
    /// Seconds, summed over processors; time stolen by a hypervisor counts, waiting for input or output does not.
    package var busySeconds: Double
    /// When it was read.
    package var at: ContinuousClock.Instant

    package init(busySeconds: Double, at instant: ContinuousClock.Instant) {
      self.busySeconds = busySeconds
      at = instant
    }
  }

  private let root: String

  /// Creates a probe.
  ///
  /// - Parameter root: The folder in which proc and sys are; "/" unless a test has its own.
  public init(root: String = "/") {
    self.root = root.hasSuffix("/") ? root : root + "/"
  }

  /// The busy time of all processors so far.
  package func processorTime() -> ProcessorTime? {
    guard let line = text("proc/stat")?.split(separator: "\n").first(where: { $0.hasPrefix("cpu ") }) else {
      return nil
    }
    let ticks = line.split(separator: " ").dropFirst().map { Double($0) ?? 0 }
    guard ticks.count >= 7 else { return nil }
    // user, nice, system, (idle, iowait,) irq, softirq, steal
    let busy = ticks[0] + ticks[1] + ticks[2] + ticks[5] + ticks[6] + (ticks.count > 7 ? ticks[7] : 0)
    return ProcessorTime(busySeconds: busy / Double(max(1, sysconf(Int32(_SC_CLK_TCK)))), at: .now)
  }

  /// Mean of the present frequencies of all processors, MHz.
  public func frequencyMegahertz() -> Double? {
    let folder = "sys/devices/system/cpu"
    let processors = entries(folder).filter { $0.hasPrefix("cpu") && $0.dropFirst(3).allSatisfy(\.isNumber) }
    let frequencies = processors.compactMap { number("\(folder)/\($0)/cpufreq/scaling_cur_freq") }
    guard !frequencies.isEmpty else { return nil }
    return frequencies.reduce(0, +) / Double(frequencies.count) / 1000
  }

  /// The hottest sensor of the machine, °C.
  public func temperatureCelsius() -> Double? {
    let folder = "sys/class/thermal"
    let zones = entries(folder).filter { $0.hasPrefix("thermal_zone") }
    return zones.compactMap { number("\(folder)/\($0)/temp") }.max().map { $0 / 1000 }
  }

  private func number(_ path: String) -> Double? {
    text(path).flatMap { Double($0.trimmingCharacters(in: .whitespacesAndNewlines)) }
  }

  private func text(_ path: String) -> String? { try? String(contentsOfFile: root + path, encoding: .utf8) }

  private func entries(_ folder: String) -> [String] {
    (try? FileManager.default.contentsOfDirectory(atPath: root + folder)) ?? []
  }
}

extension MachineProbe.ProcessorTime {
  /// Processors that were busy on average between an earlier reading and this one; nil if too little time has passed.
  package func busyProcessors(
    since earlier: Self, exceptSeconds own: Double = 0, atLeast shortest: Double = 0.15
  ) -> Double? {
    let seconds = (at - earlier.at) / .seconds(1)
    // The kernel counts in ticks of usually 10 ms.
    guard seconds >= shortest else { return nil }
    return max(0, (busySeconds - earlier.busySeconds - own) / seconds)
  }
}
