import AttemptModel
import Digest
import Dispatch
import ExperimentSpec
import Glibc
import JSON
import JobGraph
import WorkerProtocol

@testable import Scheduling

/// A stored plan and, behind a zero byte, what its jobs watch: read, shown, compared, and run with jobs that do nothing.
final class PlanEntrance: Entrance {
  private let original: Plan

  init() throws { original = try Self.plan }

  private static var plan: Plan {
    get throws {
      let reading = SpecReading(SourceText(name: "x.json", text: SampleSpec.text))
      let versions = ToolVersions(tasks: ["w": ["generate": "1", "refine": "1", "time": "1"]])
      guard let experiment = reading.experiment,
        let plan = Planning(of: experiment, versions: versions, files: AnyFile(), projectRoot: "/p", cores: 2).plan
      else { fatalError(DiagnosticRenderer().text(of: reading.diagnostics)) }
      return plan
    }
  }

  static var seeds: [[UInt8]] {
    get throws {
      [Array(try plan.canonicalJSON.utf8), Array((try plan.canonicalJSON + "\0" + (plan.watchedJSON ?? "")).utf8)]
    }
  }

  func take(_ bytes: [UInt8]) throws {
    let texts = bytes.texts
    guard var plan = try? Plan(parsing: texts[0]) else { return }
    if texts.count > 1 { plan = plan.watching(texts[1]) }
    _ = (plan.graphText(), plan.dot(), plan.svg(), plan.watchedJSON)
    _ = plan.selection(["seed=43"])
    _ = plan.staleness(versions: ToolVersions(), files: AnyFile())
    _ = PlanDifference(from: original, to: plan).text(from: original, to: plan)
    _ = PlanEstimate(of: plan, runs: plan.jobs.map { _ in true }, stageSeconds: [:])
    for job in plan.jobs.prefix(20) {
      _ = (plan.label(ofJob: job.index), job.arguments(inputPaths: [:], outputDirectory: "/o"))
    }
    guard plan.jobs.count <= 200 else { return }
    let scheduler: Scheduler
    do throws(SchedulingError) {
      scheduler = try Scheduler(
        plan: plan, executor: IdleExecutor(), recording: IdleRecording(), options: Scheduler.Options(projectRoot: "/p"))
    } catch {
      return
    }
    _ = try waiting { await scheduler.run() }
  }
}

/// Ends every attempt at once, with the artifacts that others ask for.
private struct IdleExecutor: JobExecutor {
  func start(
    _ attempt: AttemptRequest, onProgress: @escaping @Sendable (TaskProgress) -> Void,
    completion: @escaping @Sendable (AttemptOutcome) -> Void
  ) {
    let image = TaskMeasurements.Artifact(name: "image", path: "/i", mediaType: "image/png")
    DispatchQueue.global().async {
      completion(
        AttemptOutcome(.succeeded, period: AttemptPeriod(), measurements: TaskMeasurements(artifacts: [image])))
    }
  }

  func cancel(_ id: String, how: CancellationManner) {}
  func shutDown() async {}
}

private struct IdleRecording: AttemptRecording {
  func began(_ job: Job, attemptNumber: Int) async throws -> AttemptPlace {
    AttemptPlace(
      id: 1, outputDirectory: "/o", standardOutputPath: "/o", standardErrorPath: "/o", scratchDirectory: "/s")
  }

  func finished(_ job: Job, at place: AttemptPlace, outcome: AttemptOutcome) async throws -> [String: String] {
    Dictionary(outcome.measurements.artifacts.map { ($0.name, $0.path) }, uniquingKeysWith: { first, _ in first })
  }
}
