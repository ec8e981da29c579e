/// Stored images side by side.
package struct FigureRequest: Sendable {
  /// One image.
  package struct Panel: Sendable {
    /// The stage that makes it.
    package var stage: String
    /// The artifact's name.
    package var artifact: String
    /// Text shown for it.
    package var label: String
    /// Side of a square that shows one pixel of this panel, if not the figure's; 1 to 64.
    package var magnify: Int?
  }

  /// A number printed under the images.
  package struct Metric: Sendable {
    /// Text shown for it.
    package var label: String
    /// What it shows.
    package var source: MetricSource
    /// Decimals.
    package var digits: Int
  }

  /// Id, title and caption.
  package var head: ReportHead
  /// Which trials are shown.
  package var filter = AssignmentPattern.everything
  /// Side of a square of the picture that shows one pixel; 1 to 64.
  package var magnify = 1
  /// At least one.
  package var panels: [Panel] = []
  /// Numbers below the images.
  package var metrics: [Metric] = []

  /// The same as in `head`.
  package var id: String { head.id }
  /// The same as in `head`.
  package var title: String { head.title }
  /// The same as in `head`.
  package var caption: String { head.caption }
}
