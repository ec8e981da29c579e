import Foundation
import Glibc
import Testing

/// What a job only looks at, reads before it writes it, or knows by another name.
@Suite struct `What results depend on that is not simply read` {
  /// A project whose only job runs a script of the shell.
  private func project(_ script: String, sources: String = "", files: [String: String] = [:]) throws -> Project {
    let project = try Project()
    for (file, text) in files { try project.write(text, to: file) }
    try project.write(script + "\n", to: "job.sh")
    try setSources(sources, of: project)
    return project
  }

  private func setSources(_ sources: String, of project: Project) throws {
    let more = sources.isEmpty ? "" : #", "sources": [\#(sources)]"#
    try project.write(
      #"{ "name": "p", "stages": { "s": { "command": ["bash", "job.sh"]\#(more) } } }"#, to: "s.json")
  }

  private func run(_ project: Project) throws {
    let run = try project.run("orchestrate", "run", "s.json")
    #expect(run.status == 0, "\(run.errors)")
  }

  @Test func `make decides by times alone, and its sources count`() throws {
    let project = try project(
      "make -s && ./tool",
      files: ["tool.c": "int main(void) { return 0; }\n", "Makefile": "tool: tool.c\n\tcc -o tool tool.c\n", "a": "1"])
    // The second run finds everything made.
    for _ in 1...2 {
      try run(project)
      #expect(try project.statusOfFirstJob() == "reused")
      try project.write("make -s && ./tool # again\n", to: "job.sh")
    }
    try run(project)
    try project.write("int main(void) { return 0 * 1; }\n", to: "tool.c")
    #expect(try project.statusOfFirstJob() == "changed: tool.c, read by attempt 2")
    try project.write("other\n", to: "a")
    try run(project)
    // What was made then was looked at before: it is a product, not an input.
    #expect(try project.statusOfFirstJob() == "reused")
  }

  @Test(arguments: [
    "[ -e seen ]", "[ -s seen ]", "ls -l seen >/dev/null", "python3 -c 'import os; os.path.getmtime(\"seen\")'",
    "[ seen -nt job.sh ]; true", "stat seen >/dev/null", "find seen -newer job.sh >/dev/null",
  ])
  func `what a job only looks at counts by its content`(script: String) throws {
    let project = try project(script, files: ["seen": "1\n"])
    try run(project)
    #expect(try project.statusOfFirstJob() == "reused")
    try project.write("1\n", to: "seen")
    #expect(try project.statusOfFirstJob() == "reused", "only touched")
    try project.write("2\n", to: "seen")
    #expect(try project.statusOfFirstJob().hasPrefix("changed: seen"))
    try setSources(#""!seen""#, of: project)
    #expect(try project.statusOfFirstJob() == "reused", "taken out")
  }

  @Test(arguments: [
    "ls >/dev/null", "[ -e other ]; true", "[ -d . ]", "python3 -c 'import os; list(os.walk(\".\"))'",
    "python3 -c 'import glob; glob.glob(\"*\")'", "echo *", "python3 -c pass", "perl -e 1", "ls -l >/dev/null",
    "python3 -c 'import os; [f for f in os.listdir() if os.path.isfile(f)]'", "du . >/dev/null",
    "find . -newer job.sh >/dev/null",
  ])
  func `what a folder lists, and what is not there, is no input`(script: String) throws {
    let project = try project(script, files: ["seen": "1\n"])
    try run(project)
    try project.write("2\n", to: "seen")
    #expect(try project.statusOfFirstJob() == "reused")
  }

  @Test func `of a large file that a job only looks at the size and the time count`() throws {
    let project = try project("[ -s big ]", files: ["big": String(repeating: "x", count: 2_000_000)])
    try run(project)
    #expect(try project.statusOfFirstJob() == "reused")
    try project.write(String(repeating: "y", count: 2_000_001), to: "big")
    #expect(try project.statusOfFirstJob() == "changed: big, read by attempt 1")
  }

  @Test func `what version control compares with its own files is no input`() throws {
    let project = try project(
      "git status --short >/dev/null; git describe --always --dirty >/dev/null; git ls-files -m >/dev/null",
      files: ["seen": "1\n"])
    // Old enough for git not to read it again.
    let setUp = "touch -d 2020-01-01 seen; git init -q; git add seen; git -c user.name=a -c user.email=b commit -qm 1"
    let made = try RunningProgram(path: "/bin/sh", arguments: ["-c", setUp], folder: project.folder).outcome()
    #expect(made.status == 0, "\(made.errors)")
    try run(project)
    try project.write("2\n", to: "seen")
    #expect(try project.statusOfFirstJob() == "reused")
  }

  @Test(arguments: [
    "sed -i 's/1/2/' state", "n=$(cat state); echo $((n + 1)) > state", "cat state >/dev/null; touch state",
    "python3 -c 'f = open(\"state\", \"r+\"); f.read(); f.write(\"x\")'", "cat state >/dev/null; rm state",
    "mv state old; cat old >/dev/null", "echo more >> state; cat state >/dev/null",
    "cat state > other; ln state name; echo 5 > name",
    "for m in r+ r+; do python3 -c \"f = open('state', '$m'); f.read(); f.write('x')\"; done; : <> state",
  ])
  func `a file that a job reads and rewrites was an input, and its result does not stand for another`(
    script: String
  ) throws {
    let project = try project(script, files: ["state": "1\n"])
    try run(project)
    let status = try project.statusOfFirstJob()
    #expect(status.hasPrefix("changed: state") && status.hasSuffix("read by attempt 1"), "\(status)")
    try setSources(#""!state""#, of: project)
    #expect(try project.statusOfFirstJob() == "reused", "taken out")
    // An attempt that did not look at it does not stand for one that does.
    try project.write("# another\n" + script + "\n", to: "job.sh")
    try project.write("1\n", to: "state")
    try run(project)
    try setSources("", of: project)
    #expect(try project.statusOfFirstJob().contains("sources, which left out !state"))
  }

  @Test func `the reason names the cure, and the content that was known stands`() throws {
    let project = try project("n=$(cat state); echo $((n + 1)) > state", files: ["state": "1\n"])
    try run(project)
    #expect(
      try project.statusOfFirstJob()
        == #"changed: state (which the job itself rewrote; say "sources": ["!state"] if it is no input), read by attempt 1"#
    )
    // Named by the command, it is known before the job runs.
    try project.write(
      #"{ "name": "p", "stages": { "s": { "command": ["sh", "-c", "n=$(cat state); echo $((n + 1)) > state"] } } }"#,
      to: "s.json")
    try project.write("1\n", to: "state")
    try run(project)
    #expect(try project.statusOfFirstJob() == "changed: state, read by attempt 2")
    try project.write("1\n", to: "state")
    #expect(try project.statusOfFirstJob() == "reused")
  }

  @Test(arguments: [
    "echo 1 > made; cat made; sed -i s/1/2/ made; cat made",
    "rm -rf d; mkdir d.tmp; echo 1 > d.tmp/f; mv d.tmp d; cat d/f",
    "cp job.sh made; mv made other; cat other; rm other", "date +%N >> log", "date +%N > log; cat log",
    #"python3 -c 'import sqlite3; c = sqlite3.connect("made.db"); c.execute("create table t (a)")'; rm made.db"#,
  ])
  func `what a job makes itself is no input, whatever it does with it`(script: String) throws {
    let project = try project(script)
    for _ in 1...2 {
      try run(project)
      #expect(try project.statusOfFirstJob() == "reused")
      try project.write("# again\n" + script + "\n", to: "job.sh")
    }
  }

  @Test func `a file whose name is no text counts like any other`() throws {
    let project = try project("cat data/*")
    func write(_ text: String) throws {
      let script = "mkdir -p data; printf \(text) > data/$(printf 'caf\\351')"
      _ = try RunningProgram(path: "/bin/sh", arguments: ["-c", script], folder: project.folder).outcome()
    }
    try write("1")
    try run(project)
    #expect(try project.statusOfFirstJob() == "reused")
    try write("2")
    #expect(try project.statusOfFirstJob() == #"changed: data/caf\xE9, read by attempt 1"#)
  }

  @Test func `a library that was given back before the end counts`() throws {
    let project = try project("cc -shared -fPIC -o kept.so lib.c", files: ["lib.c": "int f(void) { return 1; }\n"])
    try run(project)
    let code = "import ctypes, _ctypes; _ctypes.dlclose(ctypes.CDLL('./kept.so')._handle); open('job.sh').close()"
    try project.write("python3 -c \"\(code)\"\n", to: "job.sh")
    try run(project)
    #expect(try project.statusOfFirstJob() == "reused")
    try project.write("other", to: "kept.so")
    #expect(try project.statusOfFirstJob() == "changed: kept.so, read by attempt 2")
  }
}
