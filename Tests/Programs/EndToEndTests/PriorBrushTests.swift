import Foundation
import Testing
import TestSupport

@Suite struct `PriorBrush end to end` {
  private static let experiments = "\(packageFolder)/experiments"

  @Test func `the whole chain trains, measures and reports, and the same database gives the same bytes`() throws {
    let project = try Project()
    var arguments = ["run", "\(Self.experiments)/micro.json"]
    for value in [
      "encoderImages=1920", "teacherImages=6400", "sentenceImages=640", "studentImages=640", "refinerImages=640",
      "degradationPairs=64",
      "degradationSteps=10", "evaluationPrompts=48", "system=[\"real\",\"teacher:4\",\"student\",\"priorbrush:2\"]",
    ] {
      arguments += ["--set", value]
    }
    let run = try project.start("orchestrate", arguments).outcome()
    #expect(run.status == 0, "\(run.errors)")
    #expect(run.errors.contains("13 done"), "\(run.errors)")

    #expect(try project.run("report", "build", "--output", "first").status == 0)
    #expect(try project.run("report", "build", "--output", "second").status == 0)
    let page = try project.text(of: "first/micro.md")
    #expect(page.contains("| priorbrush:2 "), "\(page)")
    for file in ["micro.md", "index.md", "micro/sheet.png"] {
      let pair = ["first", "second"].map { FileManager.default.contents(atPath: "\(project.folder)/\($0)/\(file)") }
      #expect(pair[0] != nil && pair[0] == pair[1], "\(file) differs")
    }
    #expect(try project.run("orchestrate", "verify").status == 0)
    let again = try project.start("orchestrate", arguments).outcome()
    #expect(again.errors.contains("13 jobs reused, nothing to run"), "\(again.errors)")
  }

  @Test func `a parameter that a task does not know fails its job with the known names`() throws {
    let project = try Project()
    try project.write(
      """
      { "name": "wrong", "workers": { "priorbrush": { "command": ["priorbrush-worker"] } },
        "stages": { "data": { "task": "priorbrush/build-dataset", "with": { "kind": "shapes", "cuont": 8 } } } }
      """, to: "wrong.json")
    let outcome = try project.run("orchestrate", "run", "wrong.json")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("unknown parameter 'cuont'"), "\(outcome.errors)")
  }

  @Test func `a training that is told to end writes its checkpoint and ends by itself`() throws {
    let project = try Project()
    try project.write(
      """
      { "name": "long", "workers": { "priorbrush": { "command": ["priorbrush-worker"] } },
        "stages": {
          "data": { "task": "priorbrush/build-dataset", "with": { "kind": "shapes", "count": 16, "resolution": 16 } },
          "train": { "task": "priorbrush/train-teacher", "with": { "preset": "micro", "images": 900000000, "batch": 2 },
            "timeLimit": "3s", "grace": "600s", "inputs": {
              "dataset": { "stage": "data", "artifact": "dataset" },
              "vocabulary": { "stage": "data", "artifact": "vocabulary" } } } } }
      """, to: "long.json")
    let outcome = try project.run("orchestrate", "run", "long.json")
    #expect(outcome.status == 1)
    #expect(outcome.errors.contains("the task exceeded its time limit of 3 s"), "\(outcome.errors)")
    #expect(!outcome.errors.contains("killed"), "\(outcome.errors)")
    let files = FileManager.default.enumerator(atPath: "\(project.folder)/results/scratch")?.compactMap {
      $0 as? String
    }
    #expect(files?.contains { $0.hasSuffix("/checkpoint.safetensors") } == true, "\(files ?? [])")
  }
}
