/// Euclidean distances between the vectors of two sets, a strip of rows at a time so that memory stays small.
struct PairwiseDistances {
  private let left: [Double]
  private let right: [Double]
  private let leftNorms: [Double]
  private let rightNorms: [Double]
  private let width: Int
  let rows: Int
  let columns: Int

  init(_ first: FeatureSet, _ second: FeatureSet) {
    width = first.width
    (rows, columns) = (first.count, second.count)
    (left, right) = (first.doubles, second.doubles)
    leftNorms = PairwiseDistances.squaredNorms(left, width)
    rightNorms = PairwiseDistances.squaredNorms(right, width)
  }

  /// Calls `body` once for each vector of the first set, with its distances to all of the second.
  func forEachRow(_ body: (_ row: Int, _ distances: UnsafeBufferPointer<Double>) -> Void) {
    for start in stride(from: 0, to: rows, by: PairwiseDistances.strip) {
      let count = min(PairwiseDistances.strip, rows - start)
      var strip = left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          Matrix.innerProducts(
            UnsafeBufferPointer(rebasing: left[start * width..<(start + count) * width]), right, width: width)
        }
      }
      strip.withUnsafeMutableBufferPointer { strip in
        for row in 0..<count {
          let norm = leftNorms[start + row]
          for column in 0..<columns {
            let squared = norm + rightNorms[column] - 2 * strip[row * columns + column]
            strip[row * columns + column] = max(squared, 0).squareRoot()
          }
          body(start + row, UnsafeBufferPointer(rebasing: strip[row * columns..<(row + 1) * columns]))
        }
      }
    }
  }

  private static let strip = 512

  private static func squaredNorms(_ values: [Double], _ width: Int) -> [Double] {
    (0..<values.count / width).map { row in
      values[row * width..<(row + 1) * width].reduce(0) { $0 + $1 * $1 }
    }
  }
}

extension FeatureSet {
  /// Returns for each vector the distance to its `rank`-th nearest other vector of the set.
  func neighbourDistances(rank: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count)
    PairwiseDistances(self, self).forEachRow { row, distances in
      var nearest = [Double](repeating: .infinity, count: rank)
      for (column, distance) in distances.enumerated() where column != row && distance < nearest[rank - 1] {
        var place = rank - 1
        while place > 0, nearest[place - 1] > distance {
          nearest[place] = nearest[place - 1]
          place -= 1
        }
        nearest[place] = distance
      }
      result[row] = nearest[rank - 1]
    }
    return result
  }
}
