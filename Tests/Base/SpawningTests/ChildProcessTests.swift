import Glibc
import Spawning
import TestSupport
import Testing

@Suite struct `A child process` {
  @Test func `prints what is collected, in the environment that it is given`() {
    let output = ChildProcess.output(
      of: ["sh", "-c", "echo $A; cat; echo lost >&2"], environment: ["A=1", "PATH=/bin"])
    #expect(output.map { String(decoding: $0, as: UTF8.self) } == "1\n")
  }

  @Test func `that fails, or does not exist, has no output`() {
    #expect(ChildProcess.output(of: ["sh", "-c", "echo 1; exit 1"], environment: []) == nil)
    #expect(ChildProcess.output(of: ["no-such-program"], environment: []) == nil)
    #expect(ChildProcess.output(of: ["sleep", "600"], environment: ["PATH=/bin"], within: 1) == nil)
    let failure = #expect(throws: ChildProcess.Failure.self) {
      try ChildProcess.start(["/no/such/program"], environment: [], descriptors: [], hasOwnSession: false)
    }
    #expect(failure?.number == ENOENT && failure?.reason.isEmpty == false)
  }

  @Test(arguments: [false, true])
  func `has the descriptors that it is given and no others, and a session of its own if wanted`(isAlone: Bool) throws {
    let folder = try TemporaryFolder()
    let file = open(folder.file("out"), O_WRONLY | O_CREAT, 0o644)
    defer { close(file) }
    // Without the flag that closes it, for the child to inherit.
    let stray = open("/dev/null", O_RDONLY)
    defer { close(stray) }
    let pid = try ChildProcess.start(
      ["sh", "-c", #"ls /proc/$$/fd; cut -d " " -f 6 /proc/$$/stat"#], environment: ["PATH=/usr/bin:/bin"],
      descriptors: [file, file, file], hasOwnSession: isAlone)
    #expect(ChildProcess.end(of: pid) == 0)
    #expect(ChildProcess.end(of: pid) == nil)
    let words = folder.read("out").split { $0.isWhitespace }.map(String.init)
    #expect(words == ["0", "1", "2", isAlone ? "\(pid)" : "\(getsid(0))"])
  }
}
