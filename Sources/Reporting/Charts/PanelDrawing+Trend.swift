import Glibc
import Statistics

/// A course with the places where its level changes.
extension PanelDrawing {
  /// Draws each course, its levels as broad lines, and each change as an upright line with its size.
  func drawTrends(on canvas: inout SVGCanvas) {
    for series in panel.series {
      let colour = SeriesStyle.colourClass(series.colour)
      let points = series.points.compactMap { point in point.mean.map { (x: point.x, mean: $0) } }
      let segments = LevelSegments.of(points.map(\.mean))
      // Where each of the two lines of labels is taken up to, from the left.
      var taken = [frame.plot.left, frame.plot.left]
      for (number, segment) in segments.enumerated() {
        let level = mean(of: points[segment].map(\.mean))
        let height = frame.y.position(level)
        let ends = (frame.x.position(points[segment.lowerBound].x), frame.x.position(points[segment.upperBound - 1].x))
        canvas.line(ends.0 - 3, height, ends.1 + 3, height, "level \(colour)")
        guard number > 0 else { continue }
        let before = mean(of: points[segments[number - 1]].map(\.mean))
        let edge = (ends.0 + frame.x.position(points[segment.lowerBound - 1].x)) / 2
        canvas.line(edge, frame.top, edge, frame.bottom, "change \(colour)")
        guard panel.series.count == 1, before != 0 else { continue }
        let change = (level / before - 1) * 100
        let text = (change > 0 ? "+" : "") + NumberFormat.fixed(change, 1) + " %"
        let width = TextWidth.of(text, size: 11)
        let left = min(edge + 4, frame.plot.right - width)
        guard let line = taken.firstIndex(where: { $0 <= left }) else { continue }
        taken[line] = left + width + 5
        canvas.text(text, left, frame.top + 9 + Double(line) * 13, "muted")
      }
      drawMeasured(series, 0, on: &canvas)
    }
  }
}

/// Stretches of a series between which its level changes.
enum LevelSegments {
  /// Returns the stretches of a series, in order; one if nothing changes.
  ///
  /// The piecewise constant fit of least squared error, each change costing 3 ln n times the noise variance, which is taken
  /// from the differences of neighbours; stretches have two values or more.
  ///
  /// - Source: Jackson et al., "An algorithm for optimal partitioning of data on an interval", IEEE SPL 2005; Yao,
  ///   "Estimating the number of change-points via Schwarz' criterion", 1988.
  /// - Complexity: O(n²).
  static func of(_ values: [Double]) -> [Range<Int>] {
    guard values.count >= 4 else { return values.isEmpty ? [] : [0..<values.count] }
    let steps = zip(values.dropFirst(), values).map { abs($0 - $1) }
    // The median of |difference| of two normal values is 0.954 of their deviation.
    let deviation = median(of: steps) / 0.954
    let shift = values[0]
    var sums = [0.0]
    var squares = [0.0]
    for value in values {
      sums.append(sums[sums.count - 1] + value - shift)
      squares.append(squares[squares.count - 1] + (value - shift) * (value - shift))
    }
    func error(_ start: Int, _ end: Int) -> Double {
      let sum = sums[end] - sums[start]
      return max(0, squares[end] - squares[start] - sum * sum / Double(end - start))
    }
    let spread = error(0, values.count)
    let penalty = max(3 * log(Double(values.count)) * deviation * deviation, 1e-9 * spread)
    var best = [0.0] + [Double](repeating: .infinity, count: values.count)
    var previous = [Int](repeating: 0, count: values.count + 1)
    for end in 2...values.count {
      for start in 0...(end - 2) where best[start].isFinite {
        let cost = best[start] + error(start, end) + (start > 0 ? penalty : 0)
        if cost < best[end] { (best[end], previous[end]) = (cost, start) }
      }
    }
    var segments: [Range<Int>] = []
    var end = values.count
    while end > 0 {
      segments.insert(previous[end]..<end, at: 0)
      end = previous[end]
    }
    return segments
  }
}
