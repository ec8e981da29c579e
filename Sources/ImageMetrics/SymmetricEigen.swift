/// The eigenvalues and eigenvectors of a symmetric matrix, by cyclic Jacobi rotations.
///
/// - Complexity: O(n³) a sweep, fewer than ten sweeps.
/// - Source: Golub and Van Loan, "Matrix Computations", section 8.5.
package struct SymmetricEigen {
  /// Eigenvalues, in no particular order.
  package private(set) var values: [Double]
  /// Eigenvectors as rows, in the order of `values`.
  package private(set) var vectors: [Double]

  /// Decomposes a matrix.
  ///
  /// - Parameters:
  ///   - matrix: `n · n` values, symmetric.
  ///   - count: `n`.
  package init(_ matrix: [Double], count: Int) {
    var a = matrix
    var v = [Double](repeating: 0, count: count * count)
    for index in 0..<count { v[index * count + index] = 1 }
    let total = a.reduce(0) { $0 + $1 * $1 }
    for _ in 0..<40 {
      var outside = 0.0
      for row in 0..<count {
        for column in 0..<row { outside += 2 * a[row * count + column] * a[row * count + column] }
      }
      guard outside > 1e-26 * total else { break }
      for p in 0..<count {
        for q in p + 1..<count { Self.rotate(&a, &v, count, p, q) }
      }
    }
    values = (0..<count).map { a[$0 * count + $0] }
    vectors = v
  }

  private static func rotate(_ a: inout [Double], _ v: inout [Double], _ count: Int, _ p: Int, _ q: Int) {
    let off = a[p * count + q]
    guard off != 0 else { return }
    let theta = (a[q * count + q] - a[p * count + p]) / (2 * off)
    let tangent = (theta < 0 ? -1 : 1) / (abs(theta) + (theta * theta + 1).squareRoot())
    let cosine = 1 / (tangent * tangent + 1).squareRoot()
    let sine = tangent * cosine
    a.withUnsafeMutableBufferPointer { a in
      for k in 0..<count {
        let x = a[k * count + p]
        let y = a[k * count + q]
        a[k * count + p] = cosine * x - sine * y
        a[k * count + q] = sine * x + cosine * y
      }
      for k in 0..<count {
        let x = a[p * count + k]
        let y = a[q * count + k]
        a[p * count + k] = cosine * x - sine * y
        a[q * count + k] = sine * x + cosine * y
      }
    }
    v.withUnsafeMutableBufferPointer { v in
      for k in 0..<count {
        let x = v[p * count + k]
        let y = v[q * count + k]
        v[p * count + k] = cosine * x - sine * y
        v[q * count + k] = sine * x + cosine * y
      }
    }
  }
}
