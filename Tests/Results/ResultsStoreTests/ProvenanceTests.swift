import AttemptModel
import Digest
import Foundation
import Glibc
import JSON
import ResultsStore
import Spawning
import Testing

@Suite struct ProvenanceTests {
  let fixture = StoreFixture()

  @Test func `this machine has a stable fingerprint`() {
    let machine = MachineFingerprint.current()
    #expect(machine == MachineFingerprint.current())
    #expect(
      !machine.cpuModel.isEmpty && machine.cores > 0 && machine.memoryBytes > 0 && machine.kernel.hasPrefix("Linux "))
    #expect(machine.json["fingerprint"]?.stringValue == machine.digest.hex)
    var other = machine
    other.cores += 1
    #expect(other.digest != machine.digest)
    var rebooted = machine
    rebooted.memoryBytes = machine.memoryBytes / (1 << 30) * (1 << 30) + 1
    var again = rebooted
    again.memoryBytes += 4096
    #expect(again.digest == rebooted.digest)
  }

  @Test func `pressure files are read`() {
    let text = "some avg10=1.25 avg60=0.50 avg300=0.10 total=12345\nfull avg10=9.00 avg60=0.00 avg300=0.00 total=1\n"
    #expect(LoadReading.someAverage(in: text) == 1.25)
    #expect(LoadReading.someAverage(in: "") == nil)
    #expect((LoadReading.current().loadAverage ?? 0) >= 0)
    // A machine that does not tell is not an idle one.
    let silent = LoadReading(loadAverage: nil, cpuPressure: nil, memoryPressure: nil, ioPressure: nil)
    #expect(silent.storedLoadAverage == -1)
  }

  @Test func `a process is alive only with its own start time and boot`() {
    let own = ProcessIdentity.current
    #expect(own.isAlive)
    #expect(!ProcessIdentity(bootID: own.bootID, pid: own.pid, startTicks: own.startTicks + 1).isAlive)
    #expect(!ProcessIdentity(bootID: "another boot", pid: own.pid, startTicks: own.startTicks).isAlive)
    #expect(!ProcessIdentity(bootID: own.bootID, pid: Int32.max, startTicks: own.startTicks).isAlive)
  }

  @Test func `times are written as ISO 8601`() {
    let time = TimePoint(utcNanoseconds: 1_709_210_096_789_999_999, monotonicNanoseconds: 0)
    #expect(time.iso8601 == "2024-02-29T12:34:56.789Z")
  }

  @Test func `times outside the usual centuries are written too`() {
    #expect(TimePoint.nanoseconds(of: timespec(tv_sec: 100_000_000_000, tv_nsec: 0)) == .max)
    #expect(TimePoint.nanoseconds(of: timespec(tv_sec: -100_000_000_000, tv_nsec: 0)) == .min)
    #expect(TimePoint(utcNanoseconds: .max, monotonicNanoseconds: 0).iso8601 == "2262-04-11T23:47:16.854Z")
    #expect(TimePoint(utcNanoseconds: -1, monotonicNanoseconds: 0).iso8601 == "1969-12-31T23:59:59.999Z")
    #expect(TimePoint(utcNanoseconds: .min, monotonicNanoseconds: 0).iso8601 == "1677-09-21T00:12:43.145Z")
  }

  @Test func `a folder without repository has an unknown state`() {
    #expect(CodeState.current(projectRoot: fixture.folder) == .unknown)
  }

  @Test func `commit and difference of a repository are read`() throws {
    try git("init", "-q")
    try StoreFixture.write("one\n", to: "\(fixture.folder)/file.txt")
    try git("add", "file.txt")
    try git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "-q", "-m", "First")
    let clean = CodeState.current(projectRoot: fixture.folder)
    #expect(clean.commit.count == 40 && !clean.isDirty && clean.differenceDigest.isEmpty)
    try StoreFixture.write("two\n", to: "\(fixture.folder)/file.txt")
    let dirty = CodeState.current(projectRoot: fixture.folder)
    #expect(dirty.commit == clean.commit && dirty.isDirty && dirty.difference.contains("+two"))
    try StoreFixture.write("three\n", to: "\(fixture.folder)/file.txt")
    #expect(CodeState.current(projectRoot: fixture.folder).differenceDigest != dirty.differenceDigest)
  }

  @Test func `a commit is not clean because git could not compare it`() throws {
    try git("init", "-q")
    try StoreFixture.write("one\n", to: "\(fixture.folder)/file.txt")
    try git("add", "file.txt")
    try git("-c", "user.name=Test", "-c", "user.email=test@example.org", "commit", "-q", "-m", "First")
    try StoreFixture.write("no index", to: "\(fixture.folder)/.git/index")
    let state = CodeState.current(projectRoot: fixture.folder)
    #expect(state.commit.count == 40 && state.isDirty)
    #expect(state.difference == "git cannot tell what differs from this commit")
  }

  private func git(_ arguments: String...) throws {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["git", "-C", fixture.folder] + arguments
    try process.run()
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
  }

  @Test func `a command that does not answer is killed`() {
    let path = ["PATH=/usr/bin:/bin"]
    #expect(ChildProcess.output(of: ["sh", "-c", "echo a; exec sleep 600"], environment: path, within: 1) == nil)
    // What it leaves behind may have the pipe.
    #expect(ChildProcess.output(of: ["sh", "-c", "echo a; sleep 3 & exit"], environment: path, within: 1) == nil)
    #expect(
      ChildProcess.output(of: ["sh", "-c", "echo a; exec >&-; sleep 0.01"], environment: path) == Array("a\n".utf8))
    #expect(ChildProcess.output(of: ["false"], environment: path) == nil)
  }
}
