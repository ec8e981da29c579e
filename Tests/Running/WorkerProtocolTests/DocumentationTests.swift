import Foundation
import JSON
import Testing
import WorkerProtocol
import TestSupport

@Suite struct DocumentationTests {
  @Test func `every message in the protocol's documentation is one`() throws {
    let text = try String(contentsOfFile: "\(packageFolder)/Docs/WorkerProtocol.md", encoding: .utf8)
    let lines = text.split(separator: "\n").filter { $0.hasPrefix("{\"type\"") }.map { Array($0.utf8) }
    var types: Set<String> = []
    for line in lines {
      let type = try #require(JSONValue(parsing: line)["type"]?.stringValue)
      types.insert(type)
      if ["run", "cancel", "shutdown"].contains(type) {
        _ = try OrchestratorMessage(line: line)
      } else {
        _ = try WorkerMessage(line: line)
      }
    }
    #expect(types == ["hello", "progress", "result", "error", "run", "cancel", "shutdown"])
  }
}
