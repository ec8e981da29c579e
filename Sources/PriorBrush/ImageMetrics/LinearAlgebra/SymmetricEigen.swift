import COpenBLAS

/// The eigenvalues and eigenvectors of a symmetric matrix.
///
/// - Complexity: O(n³).
/// - Source: LAPACK's `dsyevd`: tridiagonal form by Householder reflections, then divide and conquer.
package struct SymmetricEigen {
  /// Eigenvalues in rising order.
  package private(set) var values: [Double]
  /// Eigenvectors as rows, in the order of `values`; empty if they were not wanted.
  package private(set) var vectors: [Double]

  /// Decomposes a matrix of finite numbers.
  ///
  /// - Parameters:
  ///   - matrix: `n · n` values, symmetric; only one triangle is read.
  ///   - count: `n`.
  ///   - wantsVectors: Whether eigenvectors are computed, which takes about four times as long.
  package init(_ matrix: [Double], count: Int, wantsVectors: Bool = true) {
    precondition(matrix.count == count * count, "\(matrix.count) values are no matrix of \(count) x \(count)")
    var vectors = matrix
    var values = [Double](repeating: 0, count: count)
    guard count > 0 else {
      (self.values, self.vectors) = ([], [])
      return
    }
    var (job, triangle) = (CChar(wantsVectors ? 86 : 78), CChar(76))  // 'V' or 'N', 'L'
    var order = Int32(count)
    var status: Int32 = 0
    var (workCount, wholeWorkCount): (Int32, Int32) = (-1, -1)
    var (workSize, wholeWorkSize) = (0.0, Int32(0))
    dsyevd_(
      &job, &triangle, &order, &vectors, &order, &values, &workSize, &workCount, &wholeWorkSize, &wholeWorkCount,
      &status, 1, 1)
    var work = [Double](repeating: 0, count: Int(workSize))
    var wholeWork = [Int32](repeating: 0, count: Int(wholeWorkSize))
    (workCount, wholeWorkCount) = (Int32(work.count), Int32(wholeWork.count))
    dsyevd_(
      &job, &triangle, &order, &vectors, &order, &values, &work, &workCount, &wholeWork, &wholeWorkCount, &status, 1, 1)
    precondition(status == 0, "LAPACK's dsyevd stopped with \(status) on a matrix of \(count) x \(count)")
    self.values = values
    self.vectors = wantsVectors ? vectors : []
  }
}
