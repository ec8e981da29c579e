/// The sum of absolute distances of values from their median, kept up to date as values are added.
struct SegmentCost {
  private var sorted: [Double] = []
  /// Sums of the lower and of the upper half, the middle value of an odd number left out.
  private var lower = 0.0
  private var upper = 0.0

  /// The sum of distances from the median.
  var value: Double { max(0, upper - lower) }

  /// Adds a value.
  ///
  /// - Complexity: O(n), by moving memory.
  mutating func append(_ value: Double) {
    var position = 0
    var end = sorted.count
    while position < end {
      let middle = (position + end) / 2
      if sorted[middle] < value { position = middle + 1 } else { end = middle }
    }
    let half = sorted.count / 2
    if sorted.count.isMultiple(of: 2) {
      // The new middle value leaves both halves.
      if position < half {
        lower += value - sorted[half - 1]
      } else if position > half {
        upper += value - sorted[half]
      }
    } else if position <= half {
      lower += value
      upper += sorted[half]
    } else {
      lower += sorted[half]
      upper += value
    }
    sorted.insert(value, at: position)
  }
}
