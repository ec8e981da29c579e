/// Fewer points that draw the same picture.
package enum CurveSampling {
  /// Returns the first, least, greatest and last point of each column, in their order.
  ///
  /// With a column for each pixel the picture is that of all points, and no extreme is ever lost.
  ///
  /// - Parameters:
  ///   - points: In ascending order of `x`.
  ///   - columns: How many columns the range is cut into, at least 1.
  ///   - range: Left and right end.
  /// - Returns: At most four points for each column, and the same points if they are not more than that.
  /// - Source: Jugel et al., "M4: a visualization-oriented time series data aggregation", VLDB 2014.
  package static func reduced(
    _ points: [(x: Double, y: Double)], columns: Int, in range: ClosedRange<Double>
  ) -> [(x: Double, y: Double)] {
    guard points.count > 4 * columns else { return points }
    var result: [(x: Double, y: Double)] = []
    result.reserveCapacity(4 * columns)
    for column in spans(of: points, columns: columns, in: range) {
      var (least, greatest) = (column.lowerBound, column.lowerBound)
      for position in column {
        if points[position].y < points[least].y { least = position }
        if points[position].y > points[greatest].y { greatest = position }
      }
      var last = -1
      for position in [column.lowerBound, min(least, greatest), max(least, greatest), column.upperBound - 1]
      where position > last {
        result.append(points[position])
        last = position
      }
    }
    return result
  }

  /// Returns the positions of the points of each column that has any.
  ///
  /// - Parameters:
  ///   - points: In ascending order of `x`.
  ///   - columns: At least 1.
  ///   - range: Left and right end.
  /// - Returns: Ranges without a gap between them.
  static func spans(
    of points: [(x: Double, y: Double)], columns: Int, in range: ClosedRange<Double>
  ) -> [Range<Int>] {
    let width = max((range.upperBound - range.lowerBound) / Double(columns), .leastNonzeroMagnitude)
    var spans: [Range<Int>] = []
    var start = 0
    while start < points.count {
      let column = ((points[start].x - range.lowerBound) / width).rounded(.down)
      var end = start + 1
      while end < points.count, ((points[end].x - range.lowerBound) / width).rounded(.down) == column { end += 1 }
      spans.append(start..<end)
      start = end
    }
    return spans
  }
}
