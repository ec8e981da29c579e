import Foundation
import TestSupport
import Testing

/// What the README tells newcomers to type, typed.
@Suite struct `The README` {
  private let text: String

  init() throws { text = try String(contentsOfFile: "\(packageFolder)/README.md", encoding: .utf8) }

  @Test func `the first experiment runs as it is described`() throws {
    let section = try #require(text.components(separatedBy: "## A first experiment of one's own\n").last)
    let spec = try #require(section.components(separatedBy: "```json\n").last?.components(separatedBy: "```").first)
    let project = try Project()
    try project.write(spec, to: "coin.json")
    let lines = section.split(separator: "\n").drop { !$0.hasPrefix("    orchestrate") }
      .prefix { $0.hasPrefix("    orchestrate") || $0.hasPrefix("    report") }
    #expect(lines.count == 5)
    var outcomes: [Project.Outcome] = []
    for line in lines {
      let words = line.split(separator: "#")[0].split(separator: " ").map(String.init)
      let outcome = try project.start(words[0], Array(words.dropFirst())).outcome()
      #expect(outcome.status == 0, "\(line): \(outcome.errors)")
      outcomes.append(outcome)
    }
    #expect(outcomes[0].output.contains("10 jobs"), "\(outcomes[0].output)")
    #expect(outcomes[2].errors.contains("5 done, 10 reused"), "\(outcomes[2].errors)")
    #expect(try project.text(of: "reports/coin.md").contains("Mean value"))
  }

  @Test func `a mistake looks as it is shown`() throws {
    let shown = try #require(text.components(separatedBy: "with the cure, and nothing is created:\n\n").last)
      .split(separator: "\n").prefix(3).map { $0.dropFirst(4) }.joined(separator: "\n")
    let spec = try #require(text.components(separatedBy: "```json\n").dropFirst().first).components(separatedBy: "```")[
      0]
    let project = try Project()
    try project.write(spec.replacingOccurrences(of: "[2, 6]", with: "[]"), to: "coin.json")
    let outcome = try project.run("orchestrate", "plan", "coin.json")
    #expect(outcome.status == 2)
    #expect(outcome.errors.contains(shown), "\(outcome.errors)")
  }

  @Test func `every command in the table of commands exists`() throws {
    let project = try Project()
    let rows = text.components(separatedBy: "## Commands\n").last?.split(separator: "\n").filter { $0.hasPrefix("| `") }
    var tried = 0
    for row in rows ?? [] {
      let cells = row.split(separator: "|")[0].split(separator: "`").filter { $0.first?.isLetter == true }
      var program = ""
      for cell in cells {
        var words = cell.split(separator: " ").map(String.init)
        if ["orchestrate", "report"].contains(words[0]) { program = words.removeFirst() }
        let command = words.prefix { word in word.allSatisfy { $0.isLowercase } }
        let outcome = try project.start(program, command + ["--help"]).outcome()
        #expect(
          outcome.status == 0 && outcome.output.contains("USAGE: \(program) \(command.joined(separator: " "))"),
          "\(cell)")
        tried += 1
      }
    }
    #expect(tried > 15)
  }
}
