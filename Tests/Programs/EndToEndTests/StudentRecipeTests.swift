import Foundation
import Testing

@Suite struct `Students end to end` {
  @Test func `a regression on the teacher's pairs is the start of a distillation that is watched on its way`() throws {
    let project = try Project()
    let models = """
      "vocabulary": { "stage": "dataset", "artifact": "vocabulary" }, "teacher": { "stage": "teacher", "artifact": "teacher" }
      """
    let dataset = "\"dataset\": { \"stage\": \"dataset\", \"artifact\": \"dataset\" }"
    let pairs = "\"pairs\": { \"stage\": \"pairs\", \"artifact\": \"pairs\" }"
    try project.write(
      """
      { "name": "students", "workers": { "priorbrush": { "command": ["priorbrush-worker"] } },
        "zip": { "variants": { "variant": ["plain", "pairs"], "regressionImages": [0, 64], "pairShare": [0, 0.5] } }, "stages": {
        "dataset": { "task": "priorbrush/build-dataset", "with": { "kind": "shapes", "count": 300 } },
        "teacher": { "task": "priorbrush/train-teacher", "with": { "preset": "micro", "images": 320 },
          "inputs": { \(dataset), "vocabulary": { "stage": "dataset", "artifact": "vocabulary" } } },
        "pairs": { "task": "priorbrush/draw-pairs", "with": { "pairs": 300, "steps": 2 }, "inputs": { \(dataset), \(models) } },
        "start": { "task": "priorbrush/regress-student", "with": { "images": "${regressionImages}" }, "inputs": { \(pairs), \(models) } },
        "student": { "task": "priorbrush/distil-student",
          "with": { "images": 128, "captions": 16, "studentTime": 0.88, "pairShare": "${pairShare}", "fineTimes": 0.5,
            "fakeFineTimes": 0.5, "normaliserFloor": 0.01, "decayShare": 0.7, "probeEvery": 3 },
          "inputs": { \(dataset), \(pairs), "start": { "stage": "start", "artifact": "student" }, \(models) } },
        "other-time": { "task": "priorbrush/distil-student", "with": { "images": 128, "captions": 16 },
          "inputs": { \(dataset), "start": { "stage": "start", "artifact": "student" }, \(models) } },
        "noise": { "task": "priorbrush/audit-noise", "with": { "system": "student", "prompts": 8, "perPrompt": 2, "seed": 1 },
          "inputs": { \(dataset), "student": { "stage": "student", "artifact": "student" }, \(models) } },
        "real": { "task": "priorbrush/audit-noise", "with": { "system": "real", "prompts": 8, "perPrompt": 2, "seed": 1 },
          "inputs": { \(dataset), \(models) } } } }
      """, to: "students.json")
    let run = try project.run("orchestrate", "run", "students.json", "--keep-going")
    #expect(
      run.errors.contains("sees its noise at time 0.88, parameter 'studentTime' is 1.0; make both equal"),
      "\(run.errors)")
    #expect(run.errors.contains("10 done") && run.errors.contains("2 failed"), "\(run.errors)")

    func rows(_ question: String) throws -> [String] {
      let answer = try project.run("orchestrate", "query", question, "--format", "csv")
      return answer.output.split(whereSeparator: \.isNewline).dropFirst().map(String.init)
    }
    let metrics = try rows(
      "SELECT DISTINCT stage || ' ' || metric FROM summary WHERE stage IN ('noise', 'real') ORDER BY 1")
    let ofReal = ["border.deviation", "variety.coarse"]
    let ofNoise = ["border.deviation", "leak.correlation", "leak.slope", "variety.coarse"]
    #expect(metrics == ofNoise.map { "noise \($0)" } + ofReal.map { "real \($0)" })
    let digests = try rows("SELECT DISTINCT sha256 FROM artifact WHERE name = 'probe'")
    #expect(digests.count == 2)
    for digest in digests {
      let lines = try project.text(of: "results/artifacts/\(digest.prefix(2))/\(digest.dropFirst(2))")
        .split(separator: "\n").map { $0.split(separator: ",") }
      #expect(lines.map(\.first) == ["step", "3", "4"])
      #expect(lines.allSatisfy { $0.count == 6 })
    }
  }
}
