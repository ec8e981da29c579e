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
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * width) { memory in
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

  /// Adds a row, or takes it away, to the four sums of each column.
  @inline(__always)
  private func accumulate(
    _ x: UnsafePointer<Double>, _ y: UnsafePointer<Double>, _ columns: UnsafeMutablePointer<Double>, sign: Double
  ) {
    let (xs, ys) = (columns, columns + width)
    let (squares, products) = (columns + 2 * width, columns + 3 * width)
    for column in 0..<width {
      let (a, b) = (x[column], y[column])
      let (signedA, signedB) = (sign * a, sign * b)
      xs[column] += signedA
      ys[column] += signedB
      squares[column] += signedA * a + signedB * b
      products[column] += signedA * b
    }
  }

  /// Returns the sum of the index over one row of windows.
  @inline(__always)
  private func slide(
    _ columns: UnsafeMutablePointer<Double>, _ side: Int, _ scale: Double, _ terms: LocalIndex
  ) -> Double {
    let (xs, ys) = (columns, columns + width)
    let (squares, products) = (columns + 2 * width, columns + 3 * width)
    var (x, y, square, product) = (0.0, 0.0, 0.0, 0.0)
    var total = 0.0
    for column in 0..<width {
      x += xs[column]
      y += ys[column]
      square += squares[column]
      product += products[column]
      guard column >= side - 1 else { continue }
      total += terms.value(x * scale, y * scale, square * scale, product * scale)
      let left = column - side + 1
      x -= xs[left]
      y -= ys[left]
      square -= squares[left]
      product -= products[left]
    }
    return total
  }

  /// Returns the mean index over windows whose weights are a product of `weights`, which read alike from both ends.
  ///
  /// Each row is filtered along itself once and kept until no window needs it any more.
  func weightedMean(_ weights: [Double], _ terms: LocalIndex) -> Double {
    let side = weights.count
    let columns = width - side + 1
    var total = 0.0
    withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * (width + (side + 1) * columns)) { memory in
      memory.initialize(repeating: 0)
      guard let line = memory.baseAddress, let x = first.baseAddress, let y = second.baseAddress else { return }
      let ring = line + 4 * width
      let sums = ring + 4 * side * columns
      for row in 0..<height {
        let (a, b) = (x + row * width, y + row * width)
        for column in 0..<width {
          line[column] = a[column]
          line[width + column] = b[column]
          line[2 * width + column] = a[column] * a[column] + b[column] * b[column]
          line[3 * width + column] = a[column] * b[column]
        }
        let place = ring + row % side * 4 * columns
        for plane in 0..<4 { filter(line + plane * width, weights, to: place + plane * columns, columns) }
        guard row >= side - 1 else { continue }
        filterRing(ring, oldest: (row + 1) % side, weights, to: sums, 4 * columns)
        for column in 0..<columns {
          total += terms.value(
            sums[column], sums[columns + column], sums[2 * columns + column], sums[3 * columns + column])
        }
      }
    }
    return total / Double((height - side + 1) * columns)
  }

  /// Writes weighted sums of neighbours.
  @inline(__always)
  private func filter(
    _ source: UnsafePointer<Double>, _ weights: [Double], to target: UnsafeMutablePointer<Double>, _ count: Int
  ) {
    let last = weights.count - 1
    let middle = weights[last / 2]
    for index in 0..<count { target[index] = middle * source[index + last / 2] }
    for tap in 0..<last / 2 {
      let weight = weights[tap]
      let (left, right) = (source + tap, source + last - tap)
      for index in 0..<count { target[index] += weight * (left[index] + right[index]) }
    }
  }

  /// Writes weighted sums of the rows of a ring, the oldest one first.
  @inline(__always)
  private func filterRing(
    _ ring: UnsafePointer<Double>, oldest: Int, _ weights: [Double], to target: UnsafeMutablePointer<Double>,
    _ count: Int
  ) {
    let side = weights.count
    func row(_ age: Int) -> UnsafePointer<Double> { ring + (oldest + age) % side * count }
    let (middle, centre) = (weights[side / 2], row(side / 2))
    for index in 0..<count { target[index] = middle * centre[index] }
    for tap in 0..<side / 2 {
      let weight = weights[tap]
      let (older, newer) = (row(tap), row(side - 1 - tap))
      for index in 0..<count { target[index] += weight * (older[index] + newer[index]) }
    }
  }
}
