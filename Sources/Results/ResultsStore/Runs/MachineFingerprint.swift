public import Digest
import Glibc
public import JSON

/// The facts of a machine that decide whether two timings may be compared.
public struct MachineFingerprint: Sendable, Hashable {
  /// Processor model as the kernel names it.
  public var cpuModel: String
  /// Processors online.
  public var cores: Int
  /// Main memory in bytes.
  public var memoryBytes: Int64
  /// Kernel name and release.
  public var kernel: String
  /// Whether a hypervisor is present.
  public var isVirtualized: Bool

  /// Makes a fingerprint from known facts.
  public init(cpuModel: String, cores: Int, memoryBytes: Int64, kernel: String, isVirtualized: Bool) {
    self.cpuModel = cpuModel
    self.cores = cores
    self.memoryBytes = memoryBytes
    self.kernel = kernel
    self.isVirtualized = isVirtualized
  }

  /// Reads the facts of this machine from /proc and uname.
  public static func current() -> MachineFingerprint {
    let processors = FileSystem.text(of: "/proc/cpuinfo") ?? ""
    let memory = FileSystem.text(of: "/proc/meminfo") ?? ""
    var system = utsname()
    uname(&system)
    func text<Field>(_ field: Field) -> String {
      withUnsafeBytes(of: field) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
    }
    let kilobytes = value(of: "MemTotal", in: memory)?.split(separator: " ").first.flatMap { Int64($0) }
    let flags = value(of: "flags", in: processors)?.split(separator: " ") ?? []
    return MachineFingerprint(
      cpuModel: value(of: "model name", in: processors) ?? text(system.machine),
      cores: max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))), memoryBytes: (kilobytes ?? 0) * 1024,
      kernel: "\(text(system.sysname)) \(text(system.release))", isVirtualized: flags.contains("hypervisor"))
  }

  /// Digest of the facts; memory counts in whole GiB, since the kernel's own share of it varies.
  public var digest: SHA256Digest {
    let gibibytes = (memoryBytes + (1 << 29)) >> 30
    let facts: JSONValue = [
      "cpuModel": .string(cpuModel), "cores": .integer(Int64(cores)), "memoryGiB": .integer(gibibytes),
      "kernel": .string(kernel), "virtualized": .bool(isVirtualized),
    ]
    return SHA256Digest(of: CanonicalJSON.bytes(of: facts))
  }

  /// The facts as an object with the members cpuModel, cores, memoryBytes, kernel, virtualized and fingerprint.
  public var json: JSONValue {
    [
      "cpuModel": .string(cpuModel), "cores": .integer(Int64(cores)), "memoryBytes": .integer(memoryBytes),
      "kernel": .string(kernel), "virtualized": .bool(isVirtualized), "fingerprint": .string(digest.hex),
    ]
  }

  private static func value(of key: String, in text: String) -> String? {
    for line in text.split(separator: "\n") {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let name = line[..<colon].trimmed
      if name == key { return String(line[line.index(after: colon)...].trimmed) }
    }
    return nil
  }
}

extension Substring {
  fileprivate var trimmed: Substring {
    let start = drop { $0 == " " || $0 == "\t" }
    guard let last = start.lastIndex(where: { $0 != " " && $0 != "\t" }) else { return "" }
    return start[...last]
  }
}
