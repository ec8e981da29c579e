/// Mean and covariance of a set of feature vectors.
public struct FeatureStatistics: Sendable {
  /// Number of features of a vector.
  public let width: Int
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
    var centred = [Double](repeating: 0, count: width)
    for row in 0..<count {
      for index in 0..<width { centred[index] = Double(features[row * width + index]) - mean[index] }
      for first in 0..<width {
        for second in 0...first { covariance[first * width + second] += centred[first] * centred[second] }
      }
    }
    for first in 0..<width {
      for second in 0...first {
        covariance[first * width + second] /= Double(count - 1)
        covariance[second * width + first] = covariance[first * width + second]
      }
    }
    self.width = width
    self.mean = mean
    self.covariance = covariance
  }

  /// Returns the Fréchet distance to another set: `|m1 - m2|² + Tr(S1 + S2 - 2 (S1 S2)^½)`.
  ///
  /// The root is taken of the symmetric matrix `S1^½ S2 S1^½`, which has the same trace.
  ///
  /// - Parameter other: Statistics of vectors of the same width.
  /// - Returns: The squared distance, not negative up to rounding.
  /// - Complexity: O(width³).
  /// - Source: Dowson and Landau, 1982; Heusel et al., "GANs Trained by a Two Time-Scale Update Rule", 2017.
  public func frechetDistance(to other: FeatureStatistics) -> Double {
    precondition(width == other.width, "feature widths \(width) and \(other.width) differ")
    let root = Self.squareRoot(covariance, width)
    let inner = Self.product(Self.product(root, other.covariance, width), root, width)
    let overlap = SymmetricEigen(inner, count: width).values.reduce(0) { $0 + max($1, 0).squareRoot() }
    var distance = 0.0
    for index in 0..<width {
      let difference = mean[index] - other.mean[index]
      distance += difference * difference
      distance += covariance[index * width + index] + other.covariance[index * width + index]
    }
    return distance - 2 * overlap
  }

  private static func squareRoot(_ matrix: [Double], _ count: Int) -> [Double] {
    let eigen = SymmetricEigen(matrix, count: count)
    var scaled = eigen.vectors
    for row in 0..<count {
      let factor = max(eigen.values[row], 0).squareRoot().squareRoot()
      for column in 0..<count { scaled[row * count + column] *= factor }
    }
    var root = [Double](repeating: 0, count: count * count)
    for k in 0..<count {
      for first in 0..<count {
        let left = scaled[k * count + first]
        for second in 0..<count { root[first * count + second] += left * scaled[k * count + second] }
      }
    }
    return root
  }

  private static func product(_ a: [Double], _ b: [Double], _ count: Int) -> [Double] {
    var result = [Double](repeating: 0, count: count * count)
    for row in 0..<count {
      for k in 0..<count {
        let left = a[row * count + k]
        for column in 0..<count { result[row * count + column] += left * b[k * count + column] }
      }
    }
    return result
  }
}
