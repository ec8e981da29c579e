import COpenBLAS

/// Products of row-major matrices, by BLAS.
enum Matrix {
  /// Returns `a · b` of two square matrices.
  static func product(_ a: [Double], _ b: [Double], _ count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count * count)
    let n = Int32(count)
    cblas_dgemm(
      Int32(copenblas_row_major), Int32(copenblas_no_transpose),
      Int32(copenblas_no_transpose), n, n, n, 1, a, n, b, n, 0, &result, n)
    return result
  }

  /// Returns `a · bᵀ`, the inner products of the rows of `a` (`rows · width`) with those of `b` (`columns · width`).
  static func innerProducts(
    _ a: UnsafeBufferPointer<Double>, _ b: UnsafeBufferPointer<Double>, width: Int
  ) -> [Double] {
    let (rows, columns) = (a.count / width, b.count / width)
    return [Double](unsafeUninitializedCapacity: rows * columns) { target, initialized in
      cblas_dgemm(
        Int32(copenblas_row_major), Int32(copenblas_no_transpose),
        Int32(copenblas_transpose), Int32(rows), Int32(columns), Int32(width), 1, a.baseAddress, Int32(width),
        b.baseAddress, Int32(width), 0, target.baseAddress, Int32(columns))
      initialized = rows * columns
    }
  }

  /// Returns `a · bᵀ` in single precision, the inner products of the rows of `a` with those of `b`.
  static func innerProducts(_ a: [Float], _ b: [Float], width: Int) -> [Float] {
    let (rows, columns) = (a.count / width, b.count / width)
    return [Float](unsafeUninitializedCapacity: rows * columns) { target, initialized in
      cblas_sgemm(
        Int32(copenblas_row_major), Int32(copenblas_no_transpose), Int32(copenblas_transpose), Int32(rows),
        Int32(columns), Int32(width), 1, a, Int32(width), b, Int32(width), 0, target.baseAddress, Int32(columns))
      initialized = rows * columns
    }
  }

  /// Adds the upper triangle of `aᵀ · a` to `sum`; `a` is `rows · width`.
  static func addOuterProducts(_ a: [Double], rows: Int, width: Int, to sum: inout [Double]) {
    cblas_dsyrk(
      Int32(copenblas_row_major), Int32(copenblas_upper), Int32(copenblas_transpose),
      Int32(width), Int32(rows), 1, a, Int32(width), 1, &sum, Int32(width))
  }

  /// Returns `u` of `matrix = uᵀ · u` with zeros below the diagonal, or nil unless the matrix is positive definite.
  static func choleskyFactor(_ matrix: [Double], _ count: Int) -> [Double]? {
    var factor = matrix
    var triangle = CChar(76)  // 'L' of the column-major view is the upper triangle here
    var order = Int32(count)
    var status: Int32 = 0
    dpotrf_(&triangle, &order, &factor, &order, &status, 1)
    guard status == 0 else { return nil }
    for row in 0..<count {
      for column in 0..<row { factor[row * count + column] = 0 }
    }
    return factor
  }

  /// Returns `u · matrix · uᵀ` for an upper triangular `u`.
  static func congruence(_ u: [Double], _ matrix: [Double], _ count: Int) -> [Double] {
    var result = matrix
    let n = Int32(count)
    for (side, transpose) in [
      (copenblas_left, copenblas_no_transpose), (copenblas_right, copenblas_transpose),
    ] {
      cblas_dtrmm(
        Int32(copenblas_row_major), Int32(side), Int32(copenblas_upper), Int32(transpose),
        Int32(copenblas_non_unit), n, n, 1, u, n, &result, n)
    }
    return result
  }
}
