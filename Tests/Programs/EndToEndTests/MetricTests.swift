import Foundation
import NeuralNetwork
import PNGImage
import Testing

@Suite struct `Metrics end to end` {
  private static let worker = #""workers": { "priorbrush": { "command": ["priorbrush-worker"] } }"#

  @Test func `a folder of images is judged by published networks once their weights are there`() throws {
    let project = try Project()
    for (folder, seed) in [("made", 1), ("real", 50)] {
      try FileManager.default.createDirectory(
        atPath: "\(project.folder)/\(folder)", withIntermediateDirectories: true)
      for number in 0..<5 {
        try Self.image(seed: seed + number).write(to: "\(project.folder)/\(folder)/\(number).png")
      }
    }
    let captions = (0..<5).map { "{\"file\": \"\($0).png\", \"caption\": \"a red circle number \($0)\"}" }
    try project.write(captions.joined(separator: "\n") + "\n", to: "made/captions.jsonl")
    try FileManager.default.createDirectory(
      atPath: "\(project.folder)/weights", withIntermediateDirectories: true)
    try project.write("put published weights here", to: "weights/README.md")
    func column(_ label: String, _ metric: String, _ supply: String? = nil) -> String {
      let missing = supply.map { ", \"missing\": \"Supply \($0) in weights.\"" } ?? ""
      return #"{ "label": "\#(label)", "stage": "judge", "metric": "\#(metric)", "digits": 5\#(missing) }"#
    }
    let columns = [
      column("SSIM", "ssim"), column("LPIPS", "lpips.alex.64px", "alex.pth"),
      column("LPIPS (VGG)", "lpips.vgg.64px", "vgg.pth"),
      column("FID", "fid", "pt_inception-2015-12-05"), column("KID", "kid", "pt_inception-2015-12-05"),
      column("CLIP score", "clip.score", "clip"),
    ]
    try project.write(
      """
      { "name": "folders", \(Self.worker), "stages": { "judge": { "task": "priorbrush/evaluate-images",
        "inputs": { "images": "made", "reference": "real", "weights": "weights" } } },
        "report": { "tables": [{ "id": "t", "title": "T", "columns": [\(columns.joined(separator: ", "))] }] } }
      """, to: "folders.json")

    func row() throws -> (cells: [String], page: String) {
      let run = try project.run("orchestrate", "run", "folders.json")
      #expect(run.status == 0, "\(run.errors)")
      #expect(try project.run("report", "build", "--output", "reports").status == 0)
      let page = try project.text(of: "reports/folders.md")
      let line = page.split(separator: "\n").first { $0.hasPrefix("| all ") } ?? ""
      return (line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }, page)
    }
    let before = try row()
    #expect(before.cells.count == 2 && Double(before.cells[1]) != nil, "\(before.page)")
    #expect(before.page.contains("Supply vgg.pth in weights."), "\(before.page)")

    try Self.writeWeights(to: "\(project.folder)/weights")
    let after = try row()
    #expect(
      after.cells.count == 7 && after.cells.dropFirst().allSatisfy { Double($0)?.isFinite == true }, "\(after.page)")
    #expect((Double(after.cells[2]) ?? 0) > 0 && (Double(after.cells[4]) ?? 0) > 0)
    #expect(!after.page.contains("not evaluated"), "\(after.page)")

    try project.write("", to: "weights/unknown.pth")
    let wrong = try project.run("orchestrate", "run", "folders.json")
    #expect(wrong.status == 1 && wrong.errors.contains("unknown.pth has no name that is known"), "\(wrong.errors)")
  }

  @Test func `snapshots of a training are measured one by one`() throws {
    let project = try Project()
    try FileManager.default.createDirectory(
      atPath: "\(project.folder)/weights", withIntermediateDirectories: true)
    try Self.writeSmallWeights(to: "\(project.folder)/weights")
    try project.write(
      """
      { "name": "snapshots", \(Self.worker), "axes": { "snapshot": [1, 2] }, "stages": {
        "dataset": { "task": "priorbrush/build-dataset", "with": { "kind": "shapes", "count": 200 } },
        "encoder": { "task": "priorbrush/train-encoder", "with": { "preset": "micro", "images": 960 },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" } } },
        "teacher": { "task": "priorbrush/train-teacher", "with": { "preset": "micro", "images": 1600, "snapshots": 2 },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" } } },
        "plain": { "task": "priorbrush/train-teacher", "with": { "preset": "micro", "images": 1600 },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" } } },
        "same": { "command": ["sh", "-c", "cmp $0 $1 && cmp $0 $2/teacher-2.safetensors && ! cmp -s $0 $2/teacher-1.safetensors",
            "${inputs.plain}", "${inputs.kept}", "${inputs.snapshots}"],
          "inputs": { "plain": { "stage": "plain", "artifact": "teacher" }, "kept": { "stage": "teacher", "artifact": "teacher" },
            "snapshots": { "stage": "teacher", "artifact": "snapshots" } } },
        "quality": { "task": "priorbrush/evaluate",
          "with": { "system": "teacher:2", "prompts": 40, "seed": 1, "snapshot": "${snapshot}" },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
            "encoder": { "stage": "encoder", "artifact": "encoder" }, "weights": "weights",
            "snapshots": { "stage": "teacher", "artifact": "snapshots" } } },
        "audit": { "task": "priorbrush/audit", "with": { "system": "real", "prompts": 4, "perPrompt": 2, "seed": 1 },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
            "encoder": { "stage": "encoder", "artifact": "encoder" },
            "teacher": { "stage": "teacher", "artifact": "teacher" } } },
        "check": { "task": "priorbrush/validate-encoder", "with": { "check": "alignment:training", "images": 160 },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
            "encoder": { "stage": "encoder", "artifact": "encoder" } } },
        "blur": { "task": "priorbrush/validate-encoder", "with": { "check": "blur-against-speckle", "images": 160 },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
            "encoder": { "stage": "encoder", "artifact": "encoder" } } },
        "certify": { "task": "priorbrush/certify-encoder",
          "inputs": { "verdicts": { "stage": "check", "artifact": "verdict" } } },
        "set": { "task": "priorbrush/generate-set", "with": { "system": "real", "prompts": 40, "seed": 1 },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
            "teacher": { "stage": "teacher", "artifact": "teacher" } } },
        "refused": { "task": "priorbrush/evaluate-images",
          "inputs": { "images": { "stage": "set", "artifact": "images" }, "reference": { "stage": "set", "artifact": "images" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
            "encoder": { "stage": "encoder", "artifact": "encoder" },
            "battery": { "stage": "certify", "artifact": "battery" } } } },
        "report": { "tables": [
          { "id": "t", "title": "T", "rows": "snapshot", "rowNames": "value", "columns": [
            { "label": "Images", "stage": "quality", "metric": "teacher.images", "digits": 0 },
            { "label": "Kernel distance", "stage": "quality", "metric": "kernel", "digits": 6 },
            { "label": "All attributes", "stage": "quality", "metric": "attributes.all", "digits": 2 },
            { "label": "Copies", "stage": "audit", "metric": "copies.pixels", "digits": 2 },
            { "label": "Nearest", "stage": "audit", "metric": "nearest.pixels", "digits": 4 },
            { "label": "Failed", "stage": "certify", "metric": "failed", "digits": 0 },
            { "label": "Blur", "stage": "blur", "metric": "frechet.blur", "digits": 4 },
            { "label": "Speckle", "stage": "blur", "metric": "frechet.speckle", "digits": 4 },
            { "label": "LPIPS", "stage": "quality", "metric": "lpips.alex.64px", "digits": 4 },
            { "label": "CLIP", "stage": "quality", "metric": "clip.cosine", "digits": 4 }] }] } }
      """, to: "snapshots.json")
    let run = try project.run("orchestrate", "run", "snapshots.json", "--keep-going")
    // An encoder of 960 images fails its battery and may not judge.
    #expect(run.status == 1 && run.errors.contains("failed its battery (alignment:training)"), "\(run.errors)")
    #expect(run.errors.contains("12 done"), "\(run.errors)")
    #expect(try project.run("report", "build", "--output", "reports").status == 0)
    let page = try project.text(of: "reports/snapshots.md")
    let rows = page.split(separator: "\n").filter { $0.hasPrefix("| 1 ") || $0.hasPrefix("| 2 ") }.prefix(2).map {
      line in
      line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
    }
    #expect(rows.map { $0[1] } == ["800", "1600"], "\(page)")
    #expect(rows.allSatisfy { Double($0[2]) != nil && Double($0[3]) != nil }, "\(page)")
    // Real images of training prompts are training images.
    #expect(rows.allSatisfy { $0[4] == "1.00" && $0[5] == "0.0000" && $0[6] == "1" }, "\(page)")
    // Both have lost as much, in different ways: no distance may call either of them real.
    #expect(rows.allSatisfy { (Double($0[7]) ?? 0) > 0 && (Double($0[8]) ?? 0) > 0 && $0[7] != $0[8] }, "\(page)")
    #expect(rows.allSatisfy { (Double($0[9]) ?? 0) > 0 && Double($0[10])?.isFinite == true }, "\(page)")
  }

  private static func image(seed: Int) -> Image {
    let pixels = (0..<32 * 32 * 3).map { index in
      UInt8((index * (seed % 7 + 1) + index / 96 * seed * 5 + index % 3 * 40 + seed * 31) % 256)
    }
    return Image(width: 32, height: 32, channels: 3, pixels: pixels)
  }

  /// Weights of the right layout and no meaning, under the published names.
  private static func writeWeights(to folder: String) throws {
    try writeSmallWeights(to: folder)
    let networks = try PublishedShapes()
    try networks.writePerceptual("vgg", backbone: "vgg16-397923af.pth", to: folder)
    try networks.write(networks.inception.shapes, to: "\(folder)/pt_inception-2015-12-05-6726825d.pth")
  }

  /// Those of the quick networks only.
  private static func writeSmallWeights(to folder: String) throws {
    let networks = try PublishedShapes()
    try networks.writePerceptual("alex", backbone: "alexnet-owt-7be5be79.pth", to: folder)
    try networks.write(networks.contrastive.shapes, to: "\(folder)/clip-tiny.safetensors")
    try FileManager.default.copyItem(
      atPath: "\(PublishedShapes.fixtures)/merges.txt.gz", toPath: "\(folder)/bpe_simple_vocab_16e6.txt.gz")
  }
}
