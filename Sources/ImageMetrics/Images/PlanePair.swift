/// Two planes of equal size, and the mean of the local index over their windows.
struct PlanePair {
  let first: UnsafeBufferPointer<Double>
  let second: UnsafeBufferPointer<Double>
  let width: Int
  let height: Int

  /// Returns the mean index over square windows of equal weights, by sliding sums: the cost does not depend on `side`.
  func uniformMean(side: Int, _ terms: LocalIndex) -> Double {
    let scale = 1 / Double(side * side)
    var total = 0.0
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 5 * width) { memory in
      memory.initialize(repeating: 0)
      guard let columns = memory.baseAddress, let x = first.baseAddress, let y = second.baseAddress else { return }
      for row in 0..<height {
        if row >= side {
          accumulate(x + (row - side) * width, y + (row - side) * width, columns, sign: -1)
        }
        accumulate(x + row * width, y + row * width, columns, sign: 1)
        if row >= side - 1 { total += slide(columns, side, scale, terms) }
      }
    }
    return total / Double((width - side + 1) * (height - side + 1))
  }

  /// Adds a row, or takes it away, to the five sums of each column.
  @inline(__always)
  private func accumulate(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ columns: UnsafeMutablePointer<Double>, sign: Double
  ) {
    let (xs, ys, xxs) = (columns, columns + width, columns + 2 * width)
    let (yys, xys) = (columns + 3 * width, columns + 4 * width)
    for column in 0..<width {
      let (a, b) = (x[column], y[column])
      let (signedA, signedB) = (sign * a, sign * b)
      xs[column] += signedA
      ys[column] += signedB
      xxs[column] += signedA * a
      yys[column] += signedB * b
      xys[column] += signedA * b
    }
  }

  /// Returns the sum of the index over one row of windows.
  @inline(__always)
  private func slide(
    _ columns: UnsafeMutablePointer<Double>, _ side: Int, _ scale: Double, _ terms: LocalIndex
  ) -> Double {
    let (xs, ys, xxs) = (columns, columns + width, columns + 2 * width)
    let (yys, xys) = (columns + 3 * width, columns + 4 * width)
    var (x, y, xx, yy, xy) = (0.0, 0.0, 0.0, 0.0, 0.0)
    var total = 0.0
    for column in 0..<width {
      x += xs[column]
      y += ys[column]
      xx += xxs[column]
      yy += yys[column]
      xy += xys[column]
      guard column >= side - 1 else { continue }
      total += terms.value(x * scale, y * scale, xx * scale, yy * scale, xy * scale)
      let left = column - side + 1
      x -= xs[left]
      y -= ys[left]
      xx -= xxs[left]
      yy -= yys[left]
      xy -= xys[left]
    }
    return total
  }

  /// Returns the mean index over windows whose weights are a product of `weights` in both directions.
  func weightedMean(_ weights: [Double], _ terms: LocalIndex) -> Double {
    let side = weights.count
    let columns = width - side + 1
    let rows = height - side + 1
    var total = 0.0
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 5 * width) { memory in
      weights.withUnsafeBufferPointer { weights in
        guard let sums = memory.baseAddress, let x = first.baseAddress, let y = second.baseAddress else { return }
        for row in 0..<rows {
          memory.initialize(repeating: 0)
          for (offset, weight) in weights.enumerated() {
            let start = (row + offset) * width
            for column in 0..<width {
              let (a, b) = (x[start + column], y[start + column])
              let (weightedA, weightedB) = (weight * a, weight * b)
              sums[column] += weightedA
              sums[width + column] += weightedB
              sums[2 * width + column] += weightedA * a
              sums[3 * width + column] += weightedB * b
              sums[4 * width + column] += weightedA * b
            }
          }
          for column in 0..<columns {
            var (mx, my, mxx, myy, mxy) = (0.0, 0.0, 0.0, 0.0, 0.0)
            for (offset, weight) in weights.enumerated() {
              let at = column + offset
              mx += weight * sums[at]
              my += weight * sums[width + at]
              mxx += weight * sums[2 * width + at]
              myy += weight * sums[3 * width + at]
              mxy += weight * sums[4 * width + at]
            }
            total += terms.value(mx, my, mxx, myy, mxy)
          }
        }
      }
    }
    return total / Double(rows * columns)
  }
}
