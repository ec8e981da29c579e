/// Whether a job shares the machine or has it to itself.
public enum Lane: String, Sendable, Hashable, CaseIterable {
  /// Shares the machine.
  case throughput
  /// Has the machine to itself.
  case timed
}
