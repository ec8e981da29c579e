import Foundation
import PNGImage
import Testing

@Suite struct `Data sets of the user` {
  private let project: Project

  init() throws {
    project = try Project()
    for folder in ["plain", "captioned", "classes/red_ball", "classes/blue_box", "coco", "cifar"] {
      try FileManager.default.createDirectory(
        atPath: "\(project.folder)/\(folder)", withIntermediateDirectories: true)
    }
    for (number, path) in [
      "plain/a.png", "plain/b.png", "captioned/a.png", "captioned/b.png", "captioned/c.png", "classes/red_ball/1.png",
      "classes/red_ball/2.png", "classes/blue_box/1.png", "coco/x.png", "coco/y.png",
    ].enumerated() {
      try Image(width: 24, height: 16 + number % 2 * 8, colour: [UInt8(20 * number), 200, 90]).write(
        to: "\(project.folder)/\(path)")
    }
    for name in ["a", "b", "c"] {
      try Image(width: 16, height: 16, colour: [9, 9, 200]).write(to: "\(project.folder)/captioned/\(name).png")
    }
    let lines = ["a", "b", "c"].map { "{\"file\": \"\($0).png\", \"caption\": \"letter \($0)\"}" }
    try project.write(lines.joined(separator: "\n"), to: "captioned/captions.jsonl")
    try project.write(
      """
      { "images": [{ "id": 1, "file_name": "x.jpg" }, { "id": 2, "file_name": "y.jpg" }],
        "annotations": [{ "image_id": 1, "caption": "A sea" }, { "image_id": 2, "caption": "A tree" }] }
      """, to: "captions.json")
    let record = [UInt8](repeating: 3, count: 3073)
    try Data(record + record).write(to: URL(fileURLWithPath: "\(project.folder)/cifar/data_batch_1.bin"))
  }

  private func run(_ kind: String, _ source: String, captions: Bool = false) throws -> Project.Outcome {
    let extra = captions ? #", "captions": "captions.json""# : ""
    try project.write(
      """
      { "name": "\(kind)", "workers": { "priorbrush": { "command": ["priorbrush-worker"] } },
        "stages": { "data": { "task": "priorbrush/build-dataset", "with": { "kind": "\(kind)" },
          "inputs": { "source": "\(source)"\(extra) } } },
        "report": { "tables": [{ "id": "t", "title": "T", "columns": [
          { "label": "Examples", "stage": "data", "metric": "examples", "digits": 0 }] }] } }
      """, to: "\(kind).json")
    return try project.run("orchestrate", "run", "\(kind).json")
  }

  @Test(arguments: [
    ("images", "plain", 2), ("folder", "captioned", 3), ("classes", "classes", 3), ("coco", "coco", 2),
    ("cifar10", "cifar", 2),
  ])
  func `of every layout become a data set`(kind: String, source: String, count: Int) throws {
    let outcome = try run(kind, source, captions: kind == "coco")
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(try project.run("report", "build", "--output", "reports").status == 0)
    let page = try project.text(of: "reports/\(kind).md")
    #expect(page.split(separator: "\n").contains { $0.hasPrefix("| all ") && $0.contains(" \(count) ") }, "\(page)")
  }

  @Test(arguments: [
    ("images", "captions.json", "there is no folder"), ("folder", "plain", "captions.jsonl"),
    ("classes", "plain", "holds no class folder"), ("cifar10", "plain", "holds no data_batch_"),
    ("coco", "plain", "there is no image"),
  ])
  func `of the wrong layout fail with one clear error`(kind: String, source: String, reason: String) throws {
    let outcome = try run(kind, source, captions: kind == "coco")
    #expect(outcome.status == 1 && outcome.errors.contains(reason), "\(outcome.errors)")
  }
}
