import Foundation
import Testing

@Suite struct `Latent teachers end to end` {
  @Test func `pixels and latents go through the same stages, and students refuse latents`() throws {
    let project = try Project()
    try project.write(
      """
      { "name": "latent", "workers": { "priorbrush": { "command": ["priorbrush-worker"] } },
        "zip": { "variants": { "variant": ["pixels", "latents"], "autoencoderImages": [0, 800] } }, "stages": {
        "dataset": { "task": "priorbrush/build-dataset", "with": { "kind": "shapes", "count": 300 } },
        "encoder": { "task": "priorbrush/train-encoder", "with": { "preset": "micro", "images": 480 },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" } } },
        "autoencoder": { "task": "priorbrush/train-autoencoder",
          "with": { "resolution": 32, "images": "${autoencoderImages}", "batch": 4, "learningRate": 0.006, "heldOut": 40 },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" } } },
        "teacher": { "task": "priorbrush/train-teacher", "with": { "preset": "micro", "images": 640, "snapshots": 2 },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
            "autoencoder": { "stage": "autoencoder", "artifact": "autoencoder" } } },
        "quality": { "task": "priorbrush/evaluate", "with": { "system": "teacher:2", "prompts": 40, "seed": 1, "snapshot": 2 },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
            "encoder": { "stage": "encoder", "artifact": "encoder" },
            "autoencoder": { "stage": "autoencoder", "artifact": "autoencoder" },
            "snapshots": { "stage": "teacher", "artifact": "snapshots" } } },
        "sheet": { "task": "priorbrush/contact-sheet", "with": { "prompts": ["red circle"], "systems": ["teacher:2"] },
          "inputs": { "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
            "autoencoder": { "stage": "autoencoder", "artifact": "autoencoder" },
            "teacher": { "stage": "teacher", "artifact": "teacher" } } },
        "student": { "task": "priorbrush/distil-student", "with": { "images": 64, "captions": 16 },
          "inputs": { "dataset": { "stage": "dataset", "artifact": "dataset" },
            "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
            "autoencoder": { "stage": "autoencoder", "artifact": "autoencoder" },
            "teacher": { "stage": "teacher", "artifact": "teacher" } } },
        "alone": { "task": "priorbrush/contact-sheet", "with": { "prompts": ["red circle"], "systems": ["teacher:2"] },
          "when": { "variant": "latents" }, "inputs": { "vocabulary": { "stage": "dataset", "artifact": "vocabulary" },
            "teacher": { "stage": "teacher", "artifact": "teacher" } } } },
        "report": { "tables": [{ "id": "t", "title": "T", "rows": "variant", "rowNames": "value", "columns": [
          { "label": "PSNR", "stage": "autoencoder", "metric": "psnr.heldout", "digits": 1 },
          { "label": "Images", "stage": "quality", "metric": "teacher.images", "digits": 0 },
          { "label": "Kernel distance", "stage": "quality", "metric": "kernel", "digits": 4 }] }] } }
      """, to: "latent.json")
    let run = try project.run("orchestrate", "run", "latent.json", "--keep-going")
    #expect(run.status == 1, "\(run.errors)")
    #expect(run.errors.contains("only the system 'teacher' works on them"), "\(run.errors)")
    #expect(run.errors.contains("name its file as input 'autoencoder'"), "\(run.errors)")
    #expect(run.errors.contains("11 done") && run.errors.contains("2 failed"), "\(run.errors)")

    #expect(try project.run("report", "build", "--output", "reports").status == 0)
    let page = try project.text(of: "reports/latent.md")
    let rows = ["pixels", "latents"].map { name in
      (page.split(separator: "\n").first { $0.hasPrefix("| \(name) ") } ?? "").split(separator: "|").map {
        $0.trimmingCharacters(in: .whitespaces)
      }
    }
    #expect(rows.allSatisfy { $0.count == 4 && $0[2] == "640" && Double($0[3]) != nil }, "\(page)")
    #expect(Double(rows[0][1]) == nil && (Double(rows[1][1]) ?? 0) > 11, "\(page)")
  }
}
