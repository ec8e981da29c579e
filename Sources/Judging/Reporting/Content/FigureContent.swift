import AttemptModel
import ExperimentSpec
import PNGImage
import ResultsStore

/// The images and metrics of a requested figure.
struct FigureContent {
  /// Rows that a figure shows at most.
  static let maximumRows = 12

  let request: FigureRequest
  let rows: [FigureSheet.Row]
  /// Metrics by row, then in the requested order.
  let metrics: [[Measurement]]
  /// Sentences about images that could not be shown.
  let notes: [String]
  /// The attempts behind images and metrics.
  let attempts: Set<Int64>

  /// Looks a figure's images up and reads them.
  ///
  /// Trials that show the same jobs make one row.
  init(_ request: FigureRequest, index: ResultsIndex) {
    self.request = request
    let trials = index.trials(request.filter)
    var rows: [FigureSheet.Row] = []
    var metrics: [[Measurement]] = []
    var notes: [String] = []
    var attempts: Set<Int64> = []
    var seen: Set<[Int]> = []
    var chosen: [TrialResults] = []
    for trial in trials {
      let jobs = request.panels.map { index.jobs(of: $0.stage, for: [trial]).first }
      guard seen.insert(jobs.map { $0?.index ?? -1 }).inserted else { continue }
      guard chosen.count < FigureContent.maximumRows else {
        notes.append("Only the first \(FigureContent.maximumRows) rows are shown.")
        break
      }
      chosen.append(trial)
      let cells = zip(request.panels, jobs).map { panel, job in
        FigureContent.cell(panel, job, notes: &notes, attempts: &attempts)
      }
      rows.append(FigureSheet.Row(label: "", cells: cells))
      let values = request.metrics.map { index.measurement($0.source, for: [trial]) }
      attempts.formUnion(values.flatMap { $0.observations.map(\.attempt) })
      metrics.append(values)
    }
    if rows.count > 1 {
      for position in rows.indices { rows[position].label = FigureContent.name(of: chosen[position], among: chosen) }
    }
    self.rows = rows
    self.metrics = metrics
    self.notes = notes
    self.attempts = attempts
  }

  /// The figure as a PNG file, `nil` if no trial matches.
  func pngBytes() throws(PNGError) -> [UInt8]? {
    guard !rows.isEmpty, !request.panels.isEmpty else { return nil }
    let sheet = FigureSheet.image(
      rows: rows, labels: request.panels.map(\.label), magnify: request.panels.map { $0.magnify ?? request.magnify })
    return try sheet.pngBytes(path: "\(request.id).png")
  }

  private static func cell(
    _ panel: FigureRequest.Panel, _ job: JobResults?, notes: inout [String], attempts: inout Set<Int64>
  ) -> FigureSheet.Cell {
    guard let job else { return .gap("no job") }
    guard job.state.hasResult, let attempt = job.attempt else {
      return .gap(Measurement.Gap(job).text)
    }
    guard let artifact = attempt.artifacts.first(where: { $0.name == panel.artifact }) else {
      notes.append(
        "Stage \(Markdown.code(panel.stage)) stored no artifact \(Markdown.code(panel.artifact)) in attempt \(attempt.id)."
      )
      return .gap("no such artifact")
    }
    do {
      let image = try Image(contentsOf: artifact.path)
      attempts.insert(attempt.id)
      return .image(image)
    } catch {
      // The path would differ from machine to machine; the digest names the file everywhere.
      notes.append(
        "The image \(Markdown.code(panel.artifact)) of attempt \(attempt.id) (SHA-256 \(artifact.digest.prefix(12))…) "
          + "cannot be read (\(error.code.rawValue)); `orchestrate verify` tells more.")
      return .gap("unreadable image")
    }
  }

  /// The first variables that tell the shown trials apart, as "seed = 43, steps = 3"; what follows from them is left out.
  private static func name(of trial: TrialResults, among trials: [TrialResults]) -> String {
    func keys(_ names: [String]) -> Set<[String]> {
      Set(trials.map { trial in names.map { trial.value(of: $0)?.comparable ?? "" } })
    }
    let varying = trial.assignment.map(\.name).filter { keys([$0]).count > 1 }
    let all = keys(varying).count
    let needed = varying.indices.first { keys(Array(varying[...$0])).count == all }
    let shown = needed.map { Set(varying[...$0]) } ?? []
    return trial.assignment.filter { shown.contains($0.name) }
      .map { "\($0.name) = \($0.value.displayText)" }.joined(separator: ", ")
  }
}
