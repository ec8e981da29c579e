/// A format that pages are written in.
public enum ReportFormat: String, Sendable, Hashable, CaseIterable {
  /// GitHub-flavoured Markdown with pictures beside it.
  case markdown = "md"
  /// One self-contained HTML file per page.
  case html
  /// Tables for inclusion in a LaTeX document.
  case latex
  /// All numbers with full precision.
  case csv

  /// The ending of file names, without the dot.
  public var fileEnding: String {
    switch self {
    case .markdown, .html, .csv: rawValue
    case .latex: "tex"
    }
  }
}
