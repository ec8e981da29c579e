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
    note = ChartNote.text(model)
    let series = model.panels.flatMap(\.series)
    attempts = Set(
      series.flatMap { series in
        series.points.flatMap { $0.observations.lazy.map(\.attempt) } + (series.curve?.attempts.map(\.attempt) ?? [])
      })
  }
}
