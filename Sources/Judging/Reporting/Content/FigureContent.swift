import AttemptModel
import ExperimentSpec
import Files
import PNGImage
import ResultsStore

/// The images and metrics of a requested figure.
struct FigureContent {
  /// Rows that a figure shows at most.
  static let maximumRows = 12
  private static let mostBytes = 1 << 30

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
  ///
  /// - Parameters:
  ///   - request: The figure.
  ///   - index: The results.
  /// - Throws: `ReportError` with code `.unreadablePicture`, which names the job: a page with a hole in it would look finished.
  init(_ request: FigureRequest, index: ResultsIndex) throws(ReportError) {
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
      var cells: [FigureSheet.Cell] = []
      for (panel, job) in zip(request.panels, jobs) {
        do throws(Unreadable) {
          cells.append(try FigureContent.cell(panel, job, notes: &notes, attempts: &attempts))
        } catch {
          let place = trial.assignment.map { "\($0.name) = \($0.value.displayText)" }.joined(separator: ", ")
          throw ReportError(
            .unreadablePicture,
            "figure \(request.id) of \(index.results.name): the artifact '\(panel.artifact)' of \(panel.stage) (\(place); attempt "
              + "\(error.attempt), SHA-256 \(error.digest.prefix(12))…) cannot be shown: \(error.reason); `orchestrate verify` tells "
              + "whether it is as it was stored, or let the stage write a PNG, JPEG or SVG file")
        }
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

  /// The figure as one file: of pixels if all of it is, else a drawing that holds the others; `nil` if no trial matches.
  func sheet() throws(PNGError) -> (bytes: [UInt8], ending: String)? {
    guard !rows.isEmpty, !request.panels.isEmpty else { return nil }
    let labels = request.panels.map(\.label)
    let magnify = request.panels.map { $0.magnify ?? request.magnify }
    let hasFiles = rows.contains { row in row.cells.contains { $0.size != nil && !$0.isPixels } }
    if hasFiles {
      let drawing = FigureDrawing.drawing(rows: rows, labels: labels, magnify: magnify, title: request.title)
      return (Array(drawing.document.utf8), "svg")
    }
    let sheet = FigureSheet.image(rows: rows, labels: labels, magnify: magnify)
    return (try sheet.pngBytes(path: "\(request.id).png"), "png")
  }

  /// An artifact that cannot be shown.
  private struct Unreadable: Error {
    var attempt: Int64
    var digest: String
    var reason: String
  }

  private static func cell(
    _ panel: FigureRequest.Panel, _ job: JobResults?, notes: inout [String], attempts: inout Set<Int64>
  ) throws(Unreadable) -> FigureSheet.Cell {
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
    let reason: String
    do throws(FileError) {
      let bytes = try WholeFile.read(artifact.path, limit: FigureContent.mostBytes)
      do throws(StoredPicture.Fault) {
        attempts.insert(attempt.id)
        switch try StoredPicture(bytes, name: panel.artifact) {
        case .pixels(let image): return .image(image)
        case .file(let file): return .file(file)
        }
      } catch {
        reason = error.reason
      }
    } catch {
      // The path would differ from machine to machine; the digest names the file everywhere.
      reason = error.isMissing ? "its file is missing from the store" : "its file cannot be read"
    }
    throw Unreadable(attempt: attempt.id, digest: artifact.digest, reason: reason)
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
