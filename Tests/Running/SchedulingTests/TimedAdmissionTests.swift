import AttemptModel
import Foundation
import JobGraph
import RunningFakes
import Scheduling
import Synchronization
import Testing
import TestSupport

@Suite struct `Admission of timed jobs` {
  private let directory: TemporaryFolder

  init() throws { directory = try TemporaryFolder() }

  /// A machine whose processors are as busy as a list says, a fifth of a second a reading; the last entry goes on.
  private final class Machine: Sendable {
    private let state: Mutex<(loads: [Double], time: MachineProbe.ProcessorTime, readings: Int)>

    init(_ loads: Double...) {
      state = Mutex((loads, MachineProbe.ProcessorTime(busySeconds: 100, at: .now), 0))
    }

    var readings: Int { state.withLock { $0.readings } }

    @Sendable func read() -> MachineProbe.ProcessorTime? {
      state.withLock { state in
        let load = state.loads.count > 1 ? state.loads.removeFirst() : state.loads[0]
        state.time.busySeconds += 0.2 * load
        state.time.at += .milliseconds(200)
        state.readings += 1
        return state.time
      }
    }
  }

  private func admission(_ machine: Machine) -> TimedAdmission {
    TimedAdmission(probe: MachineProbe(root: directory.path), processorTime: machine.read)
  }

  @Test func `a quiet machine is looked at once`() async {
    var admission = admission(Machine(0.25))
    let conditions = await admission.admit(.standard)
    #expect(abs((conditions.loadBefore ?? 9) - 0.25) < 1e-9)
    #expect(conditions.isQuiet == true && conditions.rule == .standard)
    #expect(conditions.frequency.start == nil && conditions.temperature.start == nil)
  }

  @Test func `a busy machine is waited for until it is quiet`() async {
    let machine = Machine(0, 2, 2, 2, 0.1)
    var admission = admission(machine)
    let conditions = await admission.admit(QuietRule(load: 0.5, waitSeconds: 3600))
    #expect(conditions.isQuiet == true && conditions.waitedSeconds >= 0.8)
    #expect(machine.readings == 6)
  }

  @Test func `after a wait in vain the next one looks once, until the machine is quiet again`() async {
    let machine = Machine(2)
    var admission = admission(machine)
    let first = await admission.admit(QuietRule(load: 0.5, waitSeconds: 0.5))
    #expect(first.isQuiet == false && first.waitedSeconds >= 0.5)
    let before = machine.readings
    let second = await admission.admit(QuietRule(load: 0.5, waitSeconds: 3600))
    #expect(second.isQuiet == false)
    #expect(machine.readings - before == 3)
    let third = await admission.admit(QuietRule(load: 4, waitSeconds: 0))
    #expect(third.isQuiet == true)
  }

  @Test func `other work during an attempt counts, its own does not`() async {
    let machine = Machine(0, 0, 0, 1.5)
    var admission = admission(machine)
    let conditions = await admission.admit(QuietRule(load: 0.5, waitSeconds: 0))
    for _ in 0..<4 { _ = machine.read() }
    func usage(_ seconds: Double) -> ResourceUsage {
      ResourceUsage(
        userSeconds: seconds, systemSeconds: 0, maximumResidentBytes: 0, minorPageFaults: 0, majorPageFaults: 0)
    }
    #expect(conditions.isQuiet == true)
    #expect(admission.completed(conditions, usage: usage(1.3)).isQuiet == true)
    let disturbed = admission.completed(conditions, usage: usage(0.2))
    #expect(disturbed.isQuiet == false && (disturbed.loadDuring ?? 0) > 1)
    #expect(admission.completed(conditions, usage: nil).loadDuring == nil)
  }

  @Test func `what the system does not tell is unknown and never zero`() async {
    var admission = TimedAdmission(probe: MachineProbe(root: directory.path))
    let conditions = admission.completed(await admission.admit(.standard), usage: nil)
    #expect(conditions.isQuiet == nil && conditions.loadBefore == nil && conditions.waitedSeconds == 0)
    #expect(conditions.frequency.end == nil && conditions.temperature.end == nil)
  }

  @Test func `sensors are read`() throws {
    _ = try directory.folder("proc")
    _ = try directory.write("cpu  100 20 30 9999 50 6 4 40 0 0\ncpu0 1 1 1 1 1 1 1 1 0 0\n", to: "proc/stat")
    for (processor, frequency) in [2_400_000, 1_800_000].enumerated() {
      _ = try directory.folder("sys/devices/system/cpu/cpu\(processor)/cpufreq")
      _ = try directory.write(
        "\(frequency)\n", to: "sys/devices/system/cpu/cpu\(processor)/cpufreq/scaling_cur_freq")
      _ = try directory.folder("sys/class/thermal/thermal_zone\(processor)")
      _ = try directory.write("\(41_000 + 2_500 * processor)\n", to: "sys/class/thermal/thermal_zone\(processor)/temp")
    }
    _ = try directory.folder("sys/devices/system/cpu/cpufreq")
    let probe = MachineProbe(root: directory.path)
    #expect(probe.frequencyMegahertz() == 2100)
    #expect(probe.temperatureCelsius() == 43.5)
    #expect(probe.processorTime()?.busySeconds == 200 / Double(sysconf(Int32(_SC_CLK_TCK))))
    #expect(MachineProbe().processorTime() != nil)
  }

  @Test func `only timed jobs wait, and their attempts carry the conditions`() async throws {
    let recording = MemoryRecording(directory)
    let admission = admission(Machine(2))
    var busy = AttemptLimits()
    busy.quiet = QuietRule(load: 0.5, waitSeconds: 0)
    let jobs = [job(0), job(1, needs: [0], lane: .timed, limits: busy)]
    let scheduler = try Scheduler(
      plan: plan(jobs), executor: FakeExecutor(), recording: recording,
      options: .init(projectRoot: directory.path, admission: admission))
    let result = await scheduler.run()
    #expect(result.isComplete)
    #expect(recording.outcome(of: 0)?.conditions == nil)
    let outcome = try #require(recording.outcome(of: 1))
    #expect(outcome.conditions?.isQuiet == false)
    #expect(outcome.warnings.contains { $0.contains("busy machine") })
  }

  @Test func `an interruption ends the wait, and the job is not begun`() async throws {
    let recording = MemoryRecording(directory)
    let machine = Machine(2)
    var patient = AttemptLimits()
    patient.quiet = QuietRule(load: 0.5, waitSeconds: 3600)
    let scheduler = try Scheduler(
      plan: plan([job(0, lane: .timed, limits: patient)]), executor: FakeExecutor(), recording: recording,
      options: .init(projectRoot: directory.path, admission: admission(machine)))
    async let result = scheduler.run()
    while machine.readings < 2 { try await Task.sleep(for: .milliseconds(5)) }
    await scheduler.interrupt(.drain)
    #expect(await result.states == [.cancelled])
    #expect(recording.entries.isEmpty)
  }
}
