import Glibc

/// A process, told apart from a later one with the same number: the lease proof of runs and attempts.
public struct ProcessIdentity: Sendable, Hashable {
  /// Identifies the boot of the machine, from /proc/sys/kernel/random/boot_id.
  public var bootID: String
  /// Process number.
  public var pid: Int32
  /// Start of the process in clock ticks since boot, field 22 of /proc/PID/stat.
  public var startTicks: Int64

  /// Makes an identity.
  public init(bootID: String, pid: Int32, startTicks: Int64) {
    self.bootID = bootID
    self.pid = pid
    self.startTicks = startTicks
  }

  /// This process.
  public static let current = ProcessIdentity(
    bootID: currentBootID, pid: getpid(), startTicks: startTicks(of: getpid()) ?? 0)

  /// Whether the very process still runs on this machine; false for zombies and after a reboot.
  public var isAlive: Bool {
    bootID == Self.currentBootID && Self.startTicks(of: pid) == startTicks
  }

  private static let currentBootID: String = {
    let text = FileSystem.text(of: "/proc/sys/kernel/random/boot_id") ?? "unknown"
    return String(text.prefix { !$0.isWhitespace })
  }()

  private static func startTicks(of pid: Int32) -> Int64? {
    guard let text = FileSystem.text(of: "/proc/\(pid)/stat"), let end = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: end)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z", fields[0] != "X" else { return nil }
    return Int64(fields[19])
  }
}
