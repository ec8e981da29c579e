/// What a process and its finished descendants consumed.
public struct ResourceUsage: Sendable, Hashable {
  /// Processor time in user mode, seconds.
  public var userSeconds: Double
  /// Processor time in the kernel, seconds.
  public var systemSeconds: Double
  /// Largest resident set of one process, bytes.
  public var maximumResidentBytes: Int64
  /// Page faults served without input or output.
  public var minorPageFaults: Int64
  /// Page faults that had to wait for a disk.
  public var majorPageFaults: Int64

  /// Makes a reading.
  public init(
    userSeconds: Double, systemSeconds: Double, maximumResidentBytes: Int64, minorPageFaults: Int64,
    majorPageFaults: Int64
  ) {
    self.userSeconds = userSeconds
    self.systemSeconds = systemSeconds
    self.maximumResidentBytes = maximumResidentBytes
    self.minorPageFaults = minorPageFaults
    self.majorPageFaults = majorPageFaults
  }
}
