import ExperimentSpec

/// A requested chart: its drawing, its numbers and where they come from.
struct ChartContent: Sendable {
  let request: ChartRequest
  let picture: ChartPicture
  /// The numbers that are drawn.
  let table: TableModel
  let traces: [TraceEntry]
  /// What marks and bars mean.
  let note: String
  /// The attempts behind the chart.
  let attempts: Set<Int64>

  /// Size above which a drawing stands in a page once only.
  private static let mostBytesTwice = 100_000

  /// Looks a chart's points up and draws it.
  init(_ request: ChartRequest, index: ResultsIndex) {
    let model = ChartModel(request, index: index)
    self.request = request
    let drawing = ChartDrawing.drawing(of: model)
    var picture = ChartPicture(id: request.id, title: request.title, drawing: drawing)
    if drawing.elements.utf8.count <= ChartContent.mostBytesTwice {
      picture.narrowDrawing = { ChartDrawing.drawing(of: model, isNarrow: true) }
    }
    self.picture = picture
    table = ChartTable.model(model)
    traces = ChartTable.traces(model)
    note = ChartContent.note(model)
    let series = model.panels.flatMap(\.series)
    attempts = Set(series.flatMap { $0.points.flatMap { $0.observations.lazy.map(\.attempt) } })
  }

  private static func note(_ model: ChartModel) -> String {
    let points = model.panels.flatMap(\.series).flatMap(\.points)
    var note: String
    switch model.kind {
    case .strip: note = "One mark for each attempt; lines are medians."
    case .box:
      note =
        "Boxes are quartiles over attempts with whiskers of 1.5 box lengths; below five attempts, one mark for each."
    case .ecdf: note = "Share of attempts at or below a value."
    case .heat: note = "Means over attempts; each panel has its own scale."
    case .line, .bar, .scatter, .trend:
      note =
        points.contains { $0.interval != nil }
        ? "Points are means over attempts; bars are 95 % intervals of the mean (Student's t)."
        : "Points are means over attempts; one attempt each, so no intervals."
    }
    if model.kind == .trend {
      note +=
        " Broad lines are the medians between changes of level, which a series without change shows in one case of a hundred."
    }
    let showsPaper = model.kind != .scatter && model.kind != .ecdf && model.kind != .heat
    if showsPaper, model.panels.contains(where: { $0.series.contains { !$0.paper.isEmpty } }) {
      note += " Hollow markers are the paper's values."
    }
    var lost = Shortfall()
    for point in points where point.mean != nil { lost.add(point.shortfall) }
    if !lost.isEmpty {
      note += " \(PaperTable.survivorMark) Mean over finite values; left out: \(lost.text)."
    }
    return note
  }
}
