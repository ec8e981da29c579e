import Foundation
import Testing

/// Exactly the jobs that read what has changed run again, by commands and by workers, wherever the project lies.
@Suite struct `The inputs of a whole project` {
  @Test func `an edit of any one file runs exactly the jobs that read it, with its name as the reason`() throws {
    let inputs = try InputProject()
    let project = inputs.project
    let first = try project.run("orchestrate", "run", "s.json")
    #expect(first.status == 0, "\(first.errors)")
    for (file, readers) in InputProject.readers {
      let before = try project.text(of: file)
      try project.write(before + "\n# edited\n", to: file)
      let statuses = InputProject.statuses(try project.run("orchestrate", "plan", "s.json"))
      #expect(Set(statuses.keys.filter { statuses[$0] != "reused" }) == readers, "\(file): \(statuses)")
      for stage in readers {
        #expect(statuses[stage]?.hasPrefix("changed: \(file), read by attempt ") == true, "\(statuses)")
      }
      try project.write(before, to: file)
    }
    let again = InputProject.statuses(try project.run("orchestrate", "plan", "s.json"))
    #expect(again.count == 5 && again.values.allSatisfy { $0 == "reused" }, "\(again)")
  }

  @Test func `another version of a package runs the jobs that import it, with both versions as the reason`() throws {
    let inputs = try InputProject()
    let project = inputs.project
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    try inputs.install("1.17.0")
    let statuses = InputProject.statuses(try project.run("orchestrate", "plan", "s.json"))
    for stage in ["train", "task"] {
      #expect(statuses[stage]?.hasPrefix("changed: six 1.16.0 -> 1.17.0, read by attempt ") == true, "\(statuses)")
    }
    #expect(statuses.values.count { $0 == "reused" } == 3, "\(statuses)")
    let run = try project.run("orchestrate", "run", "s.json")
    #expect(run.status == 0 && run.errors.contains("3 jobs reused, 2 to run"), "\(run.errors)")
    // The earlier version is back, and its results with it.
    try inputs.install("1.16.0")
    let back = InputProject.statuses(try project.run("orchestrate", "plan", "s.json"))
    #expect(back.values.allSatisfy { $0 == "reused" }, "\(back)")
  }

  @Test(arguments: ["copied with its results", "results named", "started from a subfolder", "through a link"])
  func `nothing runs again in another folder if nothing has changed`(how: String) throws {
    let inputs = try InputProject()
    let project = inputs.project
    #expect(try project.run("orchestrate", "run", "s.json").status == 0)
    let other = try Project()
    let copy = "\(other.folder)/copy"
    var folder = copy
    var options = ["s.json"]
    switch how {
    case "copied with its results":
      try FileManager.default.copyItem(atPath: project.folder, toPath: copy)
      try FileManager.default.removeItem(atPath: "\(project.folder)/pkg")
    case "results named":
      try FileManager.default.copyItem(atPath: project.folder, toPath: copy)
      try FileManager.default.moveItem(atPath: "\(copy)/results", toPath: "\(other.folder)/kept")
      options += ["--results", "../kept"]
    case "started from a subfolder":
      folder = "\(project.folder)/deep/down"
      options = ["../../s.json", "--project", "../..", "--results", "../../results"]
    default:
      try FileManager.default.createSymbolicLink(atPath: copy, withDestinationPath: project.folder)
      options += ["--project", copy, "--results", "\(copy)/results"]
    }
    func orchestrate(_ command: String) throws -> Project.Outcome {
      try RunningProgram(path: project.path(of: "orchestrate"), arguments: [command] + options, folder: folder)
        .outcome()
    }
    let statuses = InputProject.statuses(try orchestrate("plan"))
    #expect(statuses.count == 5 && statuses.values.allSatisfy { $0 == "reused" }, "\(statuses)")
    let run = try orchestrate("run")
    #expect(run.status == 0 && run.errors.contains("5 jobs reused, nothing to run"), "\(run.errors)")
    // An edit there is noticed there.
    let place = how == "started from a subfolder" ? project.folder : copy
    try "a: 2\n".write(toFile: "\(place)/conf.yaml", atomically: true, encoding: .utf8)
    let edited = InputProject.statuses(try orchestrate("plan"))
    #expect(edited.values.count { $0.hasPrefix("changed: conf.yaml, read by attempt") } == 2, "\(edited)")
  }
}
