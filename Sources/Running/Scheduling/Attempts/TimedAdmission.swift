public import AttemptModel

extension TimingConditions {
  /// What is to be said of an attempt on a busy machine.
  public var warning: String { "timed on a busy machine: \(loads)" }

  /// How busy the machine was and might have been, as a clause.
  public var loads: String {
    let known = [("before", loadBefore), ("during", loadDuring)].compactMap { when, load in
      load.map { "\(($0 * 10).rounded() / 10) \(when)" }
    }
    return "other work kept so many processors busy: \(known.joined(separator: ", ")) it; \(rule.load) are allowed"
  }
}

/// Lets timed attempts begin on a quiet machine, or after a bounded wait on a busy one.
///
/// After a wait in vain the next attempts look only once, until the machine is found quiet again: a machine that is always busy delays a
/// run by one wait.
public struct TimedAdmission: Sendable {
  /// How long one look takes.
  static let window = Duration.milliseconds(200)

  private let probe: MachineProbe
  private let processorTime: @Sendable () -> MachineProbe.ProcessorTime?
  private var hasWaitedInVain = false
  private var beginning: MachineProbe.ProcessorTime?

  /// Creates an admission that nobody has passed yet.
  ///
  /// - Parameter probe: Reads the machine.
  public init(probe: MachineProbe = MachineProbe()) {
    self.init(probe: probe, processorTime: probe.processorTime)
  }

  /// Creates an admission that is told the busy time of the processors.
  package init(probe: MachineProbe, processorTime: @escaping @Sendable () -> MachineProbe.ProcessorTime?) {
    self.probe = probe
    self.processorTime = processorTime
  }

  /// Waits for a quiet machine and reads its state.
  ///
  /// - Parameters:
  ///   - rule: When the machine is quiet, and how long to wait at most.
  ///   - isWanted: Whether waiting still makes sense; asked after every look.
  /// - Returns: What is known before the attempt.
  package mutating func admit(
    _ rule: QuietRule, while isWanted: @Sendable () async -> Bool = { true }
  ) async -> TimingConditions {
    let start = ContinuousClock.now
    let patience = hasWaitedInVain ? 0 : rule.waitSeconds
    var conditions = TimingConditions(rule: rule, waitedSeconds: 0)
    var last = processorTime()
    while let earlier = last {
      try? await Task.sleep(for: Self.window)
      guard let now = processorTime() else { break }
      last = now
      conditions.loadBefore = now.busyProcessors(since: earlier)
      conditions.waitedSeconds = (ContinuousClock.now - start) / .seconds(1)
      let isQuiet = conditions.loadBefore.map { $0 <= rule.load } ?? true
      if isQuiet { hasWaitedInVain = false }
      if isQuiet || conditions.waitedSeconds >= patience { break }
      guard await isWanted() else { break }
    }
    if let load = conditions.loadBefore, load > rule.load { hasWaitedInVain = true }
    conditions.frequency.start = probe.frequencyMegahertz()
    conditions.temperature.start = probe.temperatureCelsius()
    beginning = processorTime()
    return conditions
  }

  /// Completes what is known when the attempt is over.
  ///
  /// - Parameters:
  ///   - conditions: What was known before it.
  ///   - usage: What the attempt itself used; without it the load during the attempt stays unknown.
  /// - Returns: What is known after it.
  package func completed(_ conditions: TimingConditions, usage: ResourceUsage?) -> TimingConditions {
    var complete = conditions
    if let usage, let beginning, let end = processorTime() {
      // In less time the orchestrator's own bookkeeping would count as other work.
      complete.loadDuring = end.busyProcessors(
        since: beginning, exceptSeconds: usage.userSeconds + usage.systemSeconds, atLeast: 0.5)
    }
    complete.frequency.end = probe.frequencyMegahertz()
    complete.temperature.end = probe.temperatureCelsius()
    return complete
  }
}
