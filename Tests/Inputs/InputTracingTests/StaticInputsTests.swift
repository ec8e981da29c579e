import Digest
import Foundation
import InputTracing
import JSON
import Testing

@Suite final class StaticInputsTests {
  private let folder = NSTemporaryDirectory() + "inputs-\(UUID().uuidString)"

  init() throws {
    for path in [
      "lib/a/b.py", "lib/c.py", "lib/.hidden.py", "lib/__pycache__/c.pyc", "conf.yaml", "results/x", ".git/x",
    ] {
      let file = URL(fileURLWithPath: "\(folder)/\(path)")
      try FileManager.default.createDirectory(at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(path.utf8).write(to: file)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private var inputs: StaticInputs {
    StaticInputs(
      project: ProjectFolder(root: folder, results: ["\(folder)/results"]), programs: ProgramSearch(searchPath: "/bin"))
  }

  @Test func `patterns name files, and take some out again`() throws {
    #expect(try inputs.sources(["lib/**/*.py"]).files.map(\.name) == ["lib/a/b.py", "lib/c.py"])
    #expect(try inputs.sources(["lib/*.py", "!lib/c.py"]).files.isEmpty)
    #expect(try inputs.sources(["*.txt", "conf.yaml"]).unmatched == ["*.txt"])
    let deep = Array(repeating: "**", count: 200).joined(separator: "/") + "/c.py"
    #expect(try inputs.sources([deep]).files.map(\.name) == ["lib/c.py"])
  }

  @Test func `words that name files of the project are inputs, results and caches are not`() throws {
    let words = ["sh", "-c", "cat conf.yaml results/x .git/x lib/__pycache__/c.pyc nothing; ls lib"]
    let found = try inputs.inputs(of: words)
    #expect(found.map(\.name) == ["sh", "conf.yaml", "lib"])
    #expect(found.map(\.kind) == [.program, .file, .folder])
    #expect(found[1].value == SHA256Digest(of: "conf.yaml").hex)
  }

  @Test func `an entry is read back as it was written, and nothing else is one`() {
    let entry = WatchedInput(.package, "site:six", "1.17.0")
    #expect(WatchedInput(json: entry.json) == entry && entry.label == "six")
    for json in ["[]", "[\"file\"]", "[\"file\", \"a\", 1]", "[\"other\", \"a\", \"b\"]", "{}"] {
      #expect((try? WatchedInput(json: .init(parsing: json))) == .some(nil), "\(json)")
    }
  }
}
