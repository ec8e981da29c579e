/// Mean and covariance of a set of feature vectors.
public struct FeatureStatistics: Sendable {
  /// Number of features of a vector.
  public let width: Int
  /// Number of vectors.
  public let count: Int
  /// The mean vector.
  public let mean: [Double]
  /// The sample covariance (divisor `n - 1`), `width · width` values.
  public let covariance: [Double]

  /// Measures a set of at least two vectors.
  ///
  /// - Parameters:
  ///   - features: `n · width` values, one vector after the other.
  ///   - width: Number of features of a vector.
  public init(_ features: [Float], width: Int) {
    precondition(width > 0 && features.count >= 2 * width, "a covariance needs at least two feature vectors")
    let count = features.count / width
    var mean = [Double](repeating: 0, count: width)
    for row in 0..<count {
      for index in 0..<width { mean[index] += Double(features[row * width + index]) }
    }
    for index in 0..<width { mean[index] /= Double(count) }
    var covariance = [Double](repeating: 0, count: width * width)
    for start in stride(from: 0, to: count, by: Self.chunk) {
      let rows = min(Self.chunk, count - start)
      let centred = [Double](unsafeUninitializedCapacity: rows * width) { target, initialized in
        for row in 0..<rows {
          for index in 0..<width {
            target[row * width + index] = Double(features[(start + row) * width + index]) - mean[index]
          }
        }
        initialized = rows * width
      }
      Matrix.addOuterProducts(centred, rows: rows, width: width, to: &covariance)
    }
    for first in 0..<width {
      for second in first..<width {
        covariance[first * width + second] /= Double(count - 1)
        covariance[second * width + first] = covariance[first * width + second]
      }
    }
    self.width = width
    self.count = count
    self.mean = mean
    self.covariance = covariance
  }

  /// Measures a set.
  ///
  /// - Parameter features: The vectors.
  /// - Throws: `MetricError` with code `.tooFew` for a single vector.
  public init(_ features: FeatureSet) throws(MetricError) {
    try features.require(2, for: "a covariance")
    self.init(features.values, width: features.width)
  }

  /// Whether there are more vectors than features, without which the covariance cannot have full rank.
  public var canHaveFullRank: Bool { count > width }

  /// Returns the Fréchet distance to another set: `|m1 - m2|² + Tr(S1 + S2 - 2 (S1 S2)^½)`.
  ///
  /// The trace of the root is the sum of the roots of the eigenvalues of `U S2 Uᵀ` with `S1 = Uᵀ U`; if `S1` is singular
  /// its symmetric root stands for `U`. Says nothing about sets that are too small; `FrechetDistance` does.
  ///
  /// - Parameter other: Statistics of vectors of the same width.
  /// - Returns: The squared distance, not negative up to rounding.
  /// - Complexity: O(width³).
  /// - Source: Dowson and Landau, 1982; Heusel et al., "GANs Trained by a Two Time-Scale Update Rule", 2017.
  public func frechetDistance(to other: FeatureStatistics) -> Double {
    precondition(width == other.width, "feature widths \(width) and \(other.width) differ")
    let inner: [Double]
    if let factor = Matrix.choleskyFactor(covariance, width) {
      inner = Matrix.congruence(factor, other.covariance, width)
    } else {
      let root = Self.squareRoot(covariance, width)
      inner = Matrix.product(Matrix.product(root, other.covariance, width), root, width)
    }
    let values = SymmetricEigen(inner, count: width, wantsVectors: false).values
    let overlap = values.reduce(0) { $0 + max($1, 0).squareRoot() }
    var distance = 0.0
    for index in 0..<width {
      let difference = mean[index] - other.mean[index]
      distance += difference * difference
      distance += covariance[index * width + index] + other.covariance[index * width + index]
    }
    return distance - 2 * overlap
  }

  /// Rows that are centred and multiplied at once.
  private static let chunk = 4096

  private static func squareRoot(_ matrix: [Double], _ count: Int) -> [Double] {
    let eigen = SymmetricEigen(matrix, count: count)
    var scaled = eigen.vectors
    for row in 0..<count {
      let factor = max(eigen.values[row], 0).squareRoot().squareRoot()
      for column in 0..<count { scaled[row * count + column] *= factor }
    }
    var root = [Double](repeating: 0, count: count * count)
    Matrix.addOuterProducts(scaled, rows: count, width: count, to: &root)
    for row in 0..<count {
      for column in 0..<row { root[row * count + column] = root[column * count + row] }
    }
    return root
  }
}
