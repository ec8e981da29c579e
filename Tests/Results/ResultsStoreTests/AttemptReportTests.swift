import AttemptModel
import Glibc
import JSON
import ResultsStore
import Testing

/// A report that breaks a rule is refused before anything of it is on the disk.
@Suite struct AttemptReportTests {
  let fixture = StoreFixture()

  private static let sample = SampleResult(metric: "m", unit: "s", value: 1)

  private static let broken: [AttemptReport] = [
    AttemptReport(
      exitKind: .succeeded, samples: [sample, SampleResult(metric: "m", unit: "", repetition: -1, value: 1)]),
    AttemptReport(exitKind: .succeeded, samples: [SampleResult(metric: "", unit: "", value: 1)]),
    AttemptReport(exitKind: .succeeded, samples: [SampleResult(metric: "m ", unit: "", value: 1)]),
    AttemptReport(exitKind: .succeeded, samples: [SampleResult(metric: "m", unit: "", block: -1, value: 1)]),
    AttemptReport(exitKind: .succeeded, samples: [SampleResult(metric: "m", unit: "", position: .max, value: 1)]),
    AttemptReport(exitKind: .succeeded, samples: [SampleResult(metric: "a\u{0}b", unit: "", value: 1)]),
    AttemptReport(exitKind: .succeeded, samples: [SampleResult(metric: "a", unit: "\u{0}", value: 1)]),
    AttemptReport(exitKind: .succeeded, files: [ProducedFile(name: "", path: "/etc/hostname", mediaType: "a/b")]),
    AttemptReport(
      exitKind: .succeeded, files: [ProducedFile(name: "a\u{0}b", path: "/etc/hostname", mediaType: "a/b")]),
  ]

  @Test(arguments: broken.indices)
  func `it leaves no manifest, and the attempt can be finished as failed`(index: Int) async throws {
    var report = Self.broken[index]
    // An attempt of a second or more is worth a manifest.
    report.start = TimePoint(utcNanoseconds: 0, monotonicNanoseconds: 0)
    do {
      let store = try fixture.open()
      let run = try StoreFixture.begin(in: store)
      let lease: AttemptPlace = try await store.beginAttempt(run: run, job: 0, seed: 1, toolVersion: "t")
      let error = await #expect(throws: StoreError.self) { try await store.finishAttempt(lease.id, with: report) }
      #expect(error?.code == .inconsistent, "\(error?.message ?? "")")
      #expect(access("\(lease.folder)/manifest.json", F_OK) != 0)
      _ = try await store.finishAttempt(
        lease.id, with: AttemptReport(exitKind: .failed, message: "\(error?.message ?? "")"))
      try store.endRun(run, state: .failed)
      #expect(try store.query("SELECT state FROM attempt").rows == [[.text("failed")]])
    }
    // The next run finds nothing to settle.
    let store = try fixture.open()
    #expect(try store.query("SELECT count(*) FROM sample").rows == [[.integer(0)]])
    _ = try StoreFixture.begin(in: store)
  }
}
