import Foundation
import Glibc
import Testing

/// What a job reads by a name that leads elsewhere.
@Suite struct `What results depend on through links` {
  private func project(_ command: String) throws -> Project {
    let project = try Project()
    for (folder, value) in [("v1", "1"), ("v2", "2")] {
      try FileManager.default.createDirectory(
        atPath: "\(project.folder)/\(folder)", withIntermediateDirectories: true)
      try project.write(value + "\n", to: "\(folder)/d.txt")
    }
    symlink("v1", "\(project.folder)/current")
    try project.write(command + "\n", to: "job.sh")
    try project.write(
      """
      import json, os, sys
      json.dump({"metrics": [{"name": "v", "value": int(sys.argv[1])}]}, open(os.environ["ORCHESTRATE_RESULT"], "w"))
      """, to: "report.py")
    try project.write(#"{ "name": "p", "stages": { "s": { "command": ["bash", "job.sh"] } } }"#, to: "s.json")
    let run = try project.run("orchestrate", "run", "s.json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try project.statusOfFirstJob() == "reused")
    return project
  }

  @Test(arguments: [
    "cd current; python3 ../report.py $(cat d.txt)",
    #"python3 -c 'import os; os.chdir("current"); os.system("python3 ../report.py " + open("d.txt").read())'"#,
  ])
  func `a link through which a job has gone to its folder counts`(command: String) throws {
    let project = try project(command)
    unlink("\(project.folder)/current")
    symlink("v2", "\(project.folder)/current")
    #expect(try project.statusOfFirstJob() == "changed: current/d.txt, link current: v1 -> v2, read by attempt 1")
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    #expect(try project.run("orchestrate", "query", "SELECT value FROM latest_result").output.contains("2.0"))
  }

  @Test(arguments: [
    "D=$(realpath current); python3 report.py $(cat $D/d.txt)", "python3 report.py $(cat $(readlink -f current)/d.txt)",
    "python3 report.py $(cat $(readlink current)/d.txt)", "D=$(cd current; pwd -P); python3 report.py $(cat $D/d.txt)",
    #"python3 report.py $(python3 -c 'import os; print(open(os.path.realpath("current") + "/d.txt").read())')"#,
    #"python3 report.py $(python3 -c 'import pathlib; print(pathlib.Path("current").resolve().joinpath("d.txt").read_text())')"#,
    #"python3 report.py $(python3 -c 'import os; d = os.open("current", 0); print(os.read(os.open("d.txt", 0, dir_fd=d), 9).decode())')"#,
    #"python3 report.py $(python3 -c 'import subprocess; print(subprocess.check_output(["cat", "d.txt"], cwd="current").decode())')"#,
  ])
  func `a link that a job resolves itself is an input, by what it names`(command: String) throws {
    let project = try project(command)
    unlink("\(project.folder)/current")
    symlink("v2", "\(project.folder)/current")
    let status = try project.statusOfFirstJob()
    #expect(status.contains("link current: v1 -> v2") && status.hasSuffix("read by attempt 1"), "\(status)")
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    #expect(try project.run("orchestrate", "query", "SELECT value FROM latest_result").output.contains("2.0"))
    unlink("\(project.folder)/current")
    symlink("\(project.folder)/v2", "\(project.folder)/current")
    #expect(try project.statusOfFirstJob().contains("link current"))
  }

  @Test func `a file that a job reads through a link of its own counts`() throws {
    let project = try project(
      "P=$PWD; cd $ORCHESTRATE_OUTPUT_DIRECTORY; ln -s $P/v1/d.txt x; python3 $P/report.py $(cat x)")
    try project.write("9\n", to: "v1/d.txt")
    #expect(try project.statusOfFirstJob() == "changed: v1/d.txt, read by attempt 1")
  }

  @Test func `two environments of one interpreter are two programs, and each finds its own result again`() throws {
    let project = try Project()
    for name in ["a", "b"] {
      let folder = "\(project.folder)/\(name)"
      try FileManager.default.createDirectory(atPath: folder + "/bin", withIntermediateDirectories: true)
      try project.write("home = /usr/bin\n", to: "\(name)/pyvenv.cfg")
      symlink("/bin/sh", folder + "/bin/interpreter")
    }
    try project.write(
      #"{ "name": "p", "stages": { "s": { "command": ["interpreter", "-c", "true"] } } }"#, to: "s.json")
    func run(_ environment: String) throws -> String {
      let path = "\(project.folder)/\(environment)/bin:" + (ProcessInfo.processInfo.environment["PATH"] ?? "")
      return try project.start("orchestrate", ["run", "s.json"], environment: ["PATH": path]).outcome().errors
    }
    #expect(try run("a").contains("1 done"))
    #expect(try run("b").contains("1 done"))
    #expect(try run("a").contains("1 reused"))
    #expect(try run("b").contains("1 reused"))
  }
}
