import Foundation
import Testing
import TestSupport

/// Docs/Tasks.md as its readers use it.
@Suite struct `The reference of tasks` {
  private struct Parameter {
    var name: String
    /// JSON of a value that works, for parameters without default.
    var required: String?
  }

  private static func sections() throws -> [(task: String, parameters: [Parameter])] {
    let page = try String(contentsOfFile: "\(packageFolder)/Docs/Tasks.md", encoding: .utf8)
    return page.components(separatedBy: "\n## ").dropFirst().map { section in
      let lines = section.split(separator: "\n")
      let parameters = lines.filter { $0.hasPrefix("| `") }.map { line in
        let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        return Parameter(
          name: cells[0].trimmingCharacters(in: ["`"]),
          required: cells[1].hasPrefix("required: ")
            ? cells[1].dropFirst("required: ".count).trimmingCharacters(in: ["`"]) : nil)
      }
      return (String(lines[0]), parameters)
    }
  }

  @Test func `has every task of the worker`() throws {
    let hello = try Project().run("priorbrush-worker").output
    let json = try #require(try JSONSerialization.jsonObject(with: Data(hello.utf8)) as? [String: Any])
    let tasks = try #require(json["tasks"] as? [[String: String]]).compactMap { $0["name"] }
    #expect(try Self.sections().map(\.task).sorted() == tasks.sorted())
  }

  @Test func `names the parameters that each task knows and gives values that work`() throws {
    let sections = try Self.sections()
    let project = try Project()
    let stages = sections.map { task, parameters in
      let values = parameters.compactMap { parameter in parameter.required.map { "\"\(parameter.name)\": \($0)" } }
      return """
        "\(task)": { "task": "priorbrush/\(task)", "with": { \((values + ["\"?\": 0"]).joined(separator: ", ")) } }
        """
    }
    try project.write(
      """
      { "name": "reference", "workers": { "priorbrush": { "command": ["priorbrush-worker"] } },
        "stages": { \(stages.joined(separator: ",\n")) } }
      """, to: "reference.json")
    let run = try project.run("orchestrate", "run", "reference.json", "--keep-going")
    for (task, parameters) in sections {
      let names = parameters.map(\.name).sorted().joined(separator: ", ")
      let reason = names.isEmpty ? "the task takes none" : "known are \(names); "
      #expect(run.errors.contains("task \(task): unknown parameter '?'; \(reason)"), "\(task): \(run.errors)")
    }
  }
}
