import AttemptModel
import Digest
import Foundation
import Glibc
import JSON
import ResultsStore

/// A small results folder with one run of everything.
enum SampleResults {
  static let plan = PlanRecord(
    experiment: "exp1", canonicalSpec: #"{"name":"exp1","report":{}}"#, hash: SHA256Digest(of: "plan"),
    canonicalPlan: "{}", trials: [TrialRecord(assignment: [("seed", 43)]), TrialRecord(assignment: [("seed", 44)])],
    jobs: ["coarse", "time"].map { stage in
      JobRecord(
        stage: stage, fingerprint: SHA256Digest(of: stage), parts: [("task", SHA256Digest(of: "task \(stage)"))],
        isTimed: stage == "time", parameters: ["text": "t"], trials: [0, 1])
    })

  /// Makes the folder, and beside it, named with ".bundle", a bundle of the same.
  static func write(to folder: String) throws {
    mkdir(folder, 0o755)
    let path = "\(folder)/results.sqlite"
    try waiting {
      let store = try ResultsStore(path: path, mode: .readWrite)
      let run = try store.beginRun(
        plan: try store.register(plan), code: CodeState(commit: "c0ffee", isDirty: true, difference: "+"),
        toolVersion: "1.0")
      for job in 0..<2 {
        let lease = try await store.beginAttempt(run: run, job: job, seed: 1, toolVersion: "t")
        let image = "\(lease.outputDirectory)/image.png"
        try Data("content \(job)".utf8).write(to: URL(fileURLWithPath: image))
        var report = AttemptReport(
          exitKind: .succeeded,
          samples: [
            SampleResult(metric: "x", unit: "s", value: 1.5),
            SampleResult(metric: "x", unit: "s", repetition: 1, value: 2),
            SampleResult(metric: "y", value: .nan),
          ],
          files: [ProducedFile(name: "image", path: image, mediaType: "image/png")])
        report.warnings = ["warm"]
        _ = try await store.finishAttempt(lease.id, with: report)
      }
      try store.endRun(run, state: .finished)
      try store.accept([
        BaselineRecord(
          experiment: "exp1", cell: "time:x", run: run, value: 2, unit: "s", nights: 3, acceptedBy: "Ada", reason: "ok")
      ])
      try store.exportBundle(to: "\(folder).bundle")
    }
  }
}
