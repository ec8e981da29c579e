import Foundation
import Testing

/// Packages count by version and contents, and what no package stands for by content.
@Suite struct `What results depend on in folders of packages` {
  private func project() throws -> Project {
    let project = try Project()
    for folder in ["env/site-packages/pack-1.0.dist-info", "one", "two"] {
      try FileManager.default.createDirectory(atPath: "\(project.folder)/\(folder)", withIntermediateDirectories: true)
    }
    try project.write("V = 1\n", to: "env/site-packages/pack.py")
    try project.write("pack.py,sha256=a,6\n../../bin/x,sha256=b,1\n", to: "env/site-packages/pack-1.0.dist-info/RECORD")
    try project.write("V = 1\n", to: "env/site-packages/lone.py")
    for folder in ["one", "two"] { try project.write("V = '\(folder)'\n", to: "\(folder)/edited.py") }
    try point(to: "one", of: project)
    try project.write(
      """
      import site, sys
      site.addsitedir("env/site-packages")
      __import__(sys.argv[1])
      """, to: "main.py")
    try project.write(
      #"{ "name": "p", "axes": { "m": ["pack", "lone", "edited"] }, "stages": { "s": { "command": ["python3", "main.py", "${m}"] } } }"#,
      to: "s.json")
    let run = try project.run("orchestrate", "run", "s.json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try statuses(project) == ["reused", "reused", "reused"])
    return project
  }

  private func point(to folder: String, of project: Project) throws {
    try project.write("\(project.folder)/\(folder)\n", to: "env/site-packages/__editable__.edited.pth")
  }

  private func statuses(_ project: Project) throws -> [String] {
    let plan = try project.run("orchestrate", "plan", "s.json")
    #expect(plan.status == 0, "\(plan.errors)")
    return plan.output.split(separator: "\n").filter { $0.hasPrefix("#") }.map { line in
      // Which job is the first attempt depends on the machine.
      String(line.drop { $0 != ":" }.dropFirst(2)).replacing(/attempt [0-9]+/, with: "attempt N")
    }
  }

  @Test func `the same version with other contents runs the jobs that import it again`() throws {
    let project = try project()
    try project.write("pack.py,sha256=c,6\n../../bin/x,sha256=b,1\n", to: "env/site-packages/pack-1.0.dist-info/RECORD")
    #expect(
      try statuses(project) == [
        "changed: pack 1.0, installed with other contents, read by attempt N", "reused", "reused",
      ])
    try project.write("pack.py,sha256=a,6\n../../bin/x,sha256=d,1\n", to: "env/site-packages/pack-1.0.dist-info/RECORD")
    #expect(try statuses(project) == ["reused", "reused", "reused"], "only its programs differ")
  }

  @Test func `a module that no package has brought counts by content`() throws {
    let project = try project()
    try project.write("V = 22\n", to: "env/site-packages/lone.py")
    #expect(
      try statuses(project) == ["reused", "changed: env/site-packages/lone.py, read by attempt N", "reused"])
  }

  @Test func `an editable installation that leads elsewhere runs the jobs that import from it again`() throws {
    let project = try project()
    try point(to: "two", of: project)
    #expect(
      try statuses(project) == [
        "reused", "reused", "changed: env/site-packages/__editable__.edited.pth, read by attempt N",
      ])
  }
}
