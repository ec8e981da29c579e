import Foundation
import PNGImage
import Testing
import TestSupport

@Suite struct `Preference worker` {
  private static let worker = "\(packageFolder)/Examples/hpsv2_worker.py"

  private let project: Project

  init() throws {
    project = try Project()
    for folder in ["set", "package"] {
      try FileManager.default.createDirectory(
        atPath: "\(project.folder)/\(folder)", withIntermediateDirectories: true)
    }
    for name in ["a", "b"] {
      try Image(width: 8, height: 8, colour: [1, 2, 3]).write(to: "\(project.folder)/set/\(name).png")
    }
    let lines = ["a", "b"].map { "{\"file\": \"\($0).png\", \"caption\": \"letter \($0)\"}" }
    try project.write(lines.joined(separator: "\n"), to: "set/captions.jsonl")
  }

  private func run(package: String) throws -> Project.Outcome {
    try project.write(package, to: "package/hpsv2.py")
    try project.write(
      """
      { "name": "preference", "workers": { "hpsv2": { "command": ["python3", "\(Self.worker)"],
          "environment": { "PYTHONPATH": "\(packageFolder)/Python/src:\(project.folder)/package" } } },
        "stages": { "score": { "task": "hpsv2/score", "inputs": { "images": "set" } } },
        "report": { "tables": [{ "id": "t", "title": "T", "columns": [
          { "label": "HPSv2", "stage": "score", "metric": "hpsv2", "digits": 3 }] }] } }
      """, to: "preference.json")
    return try project.run("orchestrate", "run", "preference.json")
  }

  @Test func `says which package is missing`() throws {
    let outcome = try run(package: "raise ImportError('no weights')")
    #expect(outcome.status == 1)
    #expect(
      outcome.errors.contains("HPSv2 is not evaluated: the package hpsv2 cannot be imported"), "\(outcome.errors)")
  }

  @Test func `averages what the package says, even if the package prints`() throws {
    let outcome = try run(
      package: """
        def score(image, caption, hps_version):
            print("loading")
            return [0.25 if caption == "letter a" else 0.35]
        """)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try project.run("report", "build", "--output", "reports").status == 0)
    #expect(try project.text(of: "reports/preference.md").contains("0.300"))
  }

  @Test func `names a folder without captions`() throws {
    try FileManager.default.removeItem(atPath: "\(project.folder)/set/captions.jsonl")
    let outcome = try run(package: "def score(*a, **k): return [0]")
    #expect(outcome.status == 1 && outcome.errors.contains("captions.jsonl"), "\(outcome.errors)")
  }
}
