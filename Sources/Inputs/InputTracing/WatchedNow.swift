/// What a job is known to depend on now, as the plan tells it, for a comparison with what an earlier attempt depended on.
public struct WatchedNow: Sendable {
  /// What an attempt must have had among its inputs: everything but declared ones and what only the plan tells.
  public let files: [WatchedInput]
  private let ofPlan: [WatchedInput]
  private let excluded: [PathPattern]

  /// Takes a list apart.
  ///
  /// - Parameter list: What the plan knows.
  public init(_ list: [WatchedInput]) {
    files = list.filter { $0.kind != .input && !$0.isOfPlan }
    ofPlan = list.filter(\.isOfPlan)
    excluded = ofPlan.filter { $0.kind == .excluded }.map { PathPattern(excluding: $0.name) }
  }

  /// Whether `sources` takes out something that an earlier attempt depended on.
  ///
  /// - Parameter entry: An entry of a trace.
  /// - Returns: Whether it does not count any more.
  public func isExcluded(_ entry: WatchedInput) -> Bool {
    guard !excluded.isEmpty, [.file, .folder, .link].contains(entry.kind) else { return false }
    return excluded.contains { $0.matches(entry.name) }
  }

  /// Returns what people call a change of the spec that no fingerprint shows.
  ///
  /// - Parameter entry: An entry of a trace.
  /// - Returns: Its label; `nil` if it is none, or the spec says the same as then.
  public func change(since entry: WatchedInput) -> String? {
    entry.isOfPlan && !ofPlan.contains(entry) ? entry.label : nil
  }
}
