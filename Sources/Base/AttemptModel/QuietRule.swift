/// When a machine is quiet enough for a timed attempt, and how long to wait for it.
public struct QuietRule: Sendable, Hashable {
  /// Most processors that other work may keep busy; above 0.
  public var load: Double
  /// Longest wait in seconds; 0 only looks.
  public var waitSeconds: Double

  /// Makes a rule.
  ///
  /// - Parameters:
  ///   - load: Most processors that other work may keep busy.
  ///   - waitSeconds: Longest wait in seconds.
  public init(load: Double, waitSeconds: Double) {
    self.load = load
    self.waitSeconds = waitSeconds
  }

  /// What holds for a job that says nothing: half a processor, 30 seconds.
  public static let standard = QuietRule(load: 0.5, waitSeconds: 30)
}
