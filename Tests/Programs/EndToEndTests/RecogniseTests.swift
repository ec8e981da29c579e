import Foundation
import PNGImage
import Testing

/// Models and an encoder trained for a moment on plain colours that are named.
@Suite struct `Recognising what a system draws` {
  private static let colours: [(name: String, value: [UInt8])] = [
    ("red", [220, 20, 20]), ("green", [20, 180, 40]), ("blue", [20, 40, 220]), ("yellow", [240, 220, 30]),
    ("black", [5, 5, 5]), ("pink", [250, 150, 200]), ("gray", [128, 128, 128]), ("brown", [120, 70, 20]),
  ]
  private let project: Project

  init() throws {
    project = try Project()
    try FileManager.default.createDirectory(atPath: "\(project.folder)/plain", withIntermediateDirectories: true)
    for (name, value) in Self.colours {
      try Image(width: 16, height: 16, colour: value).write(to: "\(project.folder)/plain/\(name).png")
    }
    let lines = Self.colours.map { "{\"file\": \"\($0.name).png\", \"caption\": \"\($0.name) paint\"}" }
    try project.write(lines.joined(separator: "\n"), to: "plain/captions.jsonl")
  }

  private func spec(_ stages: String, encoderImages: Int = 960, report: String = "{}") -> String {
    """
    { "name": "paint", "workers": { "priorbrush": { "command": ["priorbrush-worker"] } }, "stages": {
      "dataset": { "task": "priorbrush/build-dataset", "with": { "kind": "folder" }, "inputs": { "source": "plain" } },
      "encoder": { "task": "priorbrush/train-encoder", "with": { "preset": "micro", "images": \(encoderImages) },
        "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
          "vocabulary": { "stage": "dataset", "artifact": "vocabulary" } } },
      "teacher": { "task": "priorbrush/train-teacher", "with": { "preset": "micro", "images": 640 },
        "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
          "vocabulary": { "stage": "dataset", "artifact": "vocabulary" } } },
      \(stages) }, "report": \(report) }
    """
  }

  private func drawing(_ name: String, concepts: String, inputs: String = "") -> String {
    """
    "\(name)": { "task": "priorbrush/recognise",
      "with": { "prompt": "a shiny red paint", "concepts": "\(concepts)", "system": "teacher:2", "images": 4 },
      "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
        "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
        "encoder": { "stage": "encoder", "artifact": "encoder" },
        "teacher": { "stage": "teacher", "artifact": "teacher" }\(inputs) } }
    """
  }

  @Test func `names every image and counts known and unknown words`() throws {
    let all = Self.colours.map { "\($0.name) paint" }.joined(separator: ", ")
    let quality = """
      "quality": { "task": "priorbrush/evaluate", "with": { "system": "real", "prompts": 40, "seed": 1 },
        "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
          "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
          "encoder": { "stage": "encoder", "artifact": "encoder" },
          "teacher": { "stage": "teacher", "artifact": "teacher" } } }
      """
    let columns = [
      ("drawing", "recognised"), ("drawing", "words.known"), ("drawing", "words.unknown"), ("quality", "top1"),
    ].map { #"{ "label": "\#($1)", "stage": "\#($0)", "metric": "\#($1)", "digits": 0 }"# }
    try project.write(
      spec(
        "\(drawing("drawing", concepts: all)),\n\(quality)", encoderImages: 9600,
        report: #"{ "tables": [{ "id": "t", "title": "T", "columns": [\#(columns.joined(separator: ", "))] }] }"#),
      to: "paint.json")
    let run = try project.run("orchestrate", "run", "paint.json")
    #expect(run.status == 0, "\(run.errors)")
    #expect(try project.run("report", "build", "--output", "reports").status == 0)
    let page = try project.text(of: "reports/paint.md")
    let row = page.split(separator: "\n").first { $0.hasPrefix("| all ") } ?? ""
    // Every caption counts as right here; of the prompt's words only "red" and "paint" stand in captions; plain colours are told apart.
    #expect(
      row.split(separator: "|").dropFirst().map { $0.trimmingCharacters(in: .whitespaces) } == ["1", "2", "2", "1"],
      "\(page)")
  }

  @Test func `refuses concepts that nobody could recognise, and an encoder that its battery does not know`() throws {
    try project.write(
      #"{ "format": 1, "encoder": "0123456789abcdef", "passed": true, "checks": [{ "check": "blur", "passed": true }] }"#,
      to: "battery.json")
    let stages = [
      drawing("nothing", concepts: " , "), drawing("unknown", concepts: "red paint, mauve paint"),
      drawing("unproved", concepts: "red paint", inputs: #", "battery": "battery.json""#),
    ]
    try project.write(spec(stages.joined(separator: ",\n")), to: "paint.json")
    let run = try project.run("orchestrate", "run", "paint.json", "--keep-going")
    #expect(run.status == 1 && run.errors.contains("3 done, 3 failed"), "\(run.errors)")
    for reason in ["'concepts' is empty", "no caption 'mauve paint'", "verdict is about the encoder 0123456789ab"] {
      #expect(run.errors.contains(reason), "\(run.errors)")
    }
  }
}
