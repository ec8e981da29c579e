/// Histograms.
extension PanelDrawing {
  /// Draws a column for each bin; of several series the outlines, over pale columns.
  func drawBins(on canvas: inout SVGCanvas) {
    guard let histogram = panel.histogram else { return }
    let isAlone = panel.series.count == 1
    for (series, counts) in zip(panel.series, histogram.counts) {
      var outline: [(x: Double, y: Double)] = []
      for (bin, count) in counts.enumerated() {
        let (low, high) = (histogram.edges[bin], histogram.edges[bin + 1])
        let (left, right) = (frame.x.position(low), frame.x.position(high))
        let top = frame.y.position(frame.y.clamped(Double(count)))
        outline += [(left, top), (right, top)]
        guard count > 0 else { continue }
        canvas.tile(
          left + 0.5, top, max(right - left - 1, 0.5), frame.bottom - top,
          "tile \(SeriesStyle.colourClass(series.colour))",
          opacity: isAlone ? SeriesStyle.opacity(series.colour) : 0.15,
          tooltip:
            "\(series.label): \(count) from \(NumberFormat.significant(low, 4)) to \(NumberFormat.significant(high, 4))"
        )
      }
      guard !isAlone, let first = outline.first, let last = outline.last else { continue }
      canvas.polyline(
        [(first.x, frame.bottom)] + outline + [(last.x, frame.bottom)], SeriesStyle.lineClass(series.colour))
    }
  }
}
