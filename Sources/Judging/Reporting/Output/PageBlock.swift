/// A piece of a page before it becomes text in some format.
enum PageBlock: Sendable {
  case title(String)
  case heading(String)
  /// What was judged and how, where there is room for it; the words of the page say the same.
  case verdicts([VerdictCounts])
  /// Markdown of an author or of the report.
  case paragraph(String)
  /// A table that is always shown; the name is what its files and anchors are called.
  case table(TableModel, name: String)
  /// A table to unfold.
  case details(String, TableModel, name: String)
  case chart(ChartPicture)
  case figure(FigurePicture)
  /// Lines of a log, shown as they are.
  case log([String])
  case rule
}

/// A drawn chart.
struct ChartPicture: Sendable {
  var id: String
  var title: String
  var drawing: SVGDrawing
  /// Draws the same for the width of a phone; `nil` if it is too large to be held twice.
  var narrowDrawing: (@Sendable () -> SVGDrawing)?
}

/// Stored images of a figure.
struct FigurePicture: Sendable {
  var id: String
  var title: String
  var content: FigureContent
  /// The picture of the whole figure.
  var sheet: [UInt8]
  /// The ending of its file: "png" or "svg".
  var ending: String
}
