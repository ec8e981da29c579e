import Foundation
import ImageMetrics
import Testing

@Suite struct `Fréchet distance` {
  /// Values of SciPy, made by `Fixtures/make_frechet_fixtures.py`.
  private struct Fixtures: Decodable {
    struct Case: Decodable {
      var width: Int
      var seeds: [UInt32]
      var counts: [Int]
      var shift: Float
      var distance: Double
      var eigenvalues: [Double]

      var statistics: (FeatureStatistics, FeatureStatistics) {
        (
          FeatureStatistics(features(seed: seeds[0], count: counts[0], width: width), width: width),
          FeatureStatistics(features(seed: seeds[1], count: counts[1], width: width, shift: shift), width: width)
        )
      }
    }

    var cases: [Case]
  }

  private let cases: [Fixtures.Case]

  init() throws {
    let url = try #require(Bundle.module.url(forResource: "frechet", withExtension: "json", subdirectory: "Fixtures"))
    cases = try JSONDecoder().decode(Fixtures.self, from: Data(contentsOf: url)).cases
  }

  @Test func `is the one of SciPy`() {
    #expect(cases.count == 4)
    for fixture in cases {
      let (first, second) = fixture.statistics
      #expect(abs(first.frechetDistance(to: second) - fixture.distance) < 1e-6 * fixture.distance)
    }
  }

  @Test func `comes from the eigenvalues of SciPy`() {
    for fixture in cases {
      let found = SymmetricEigen(fixture.statistics.0.covariance, count: fixture.width).values.sorted()
      for (value, expected) in zip(found, fixture.eigenvalues) { #expect(abs(value - expected) < 1e-12) }
    }
  }

  @Test func `is symmetric, and zero to itself`() {
    for fixture in cases {
      let (first, second) = fixture.statistics
      let there = first.frechetDistance(to: second)
      #expect(abs(there - second.frechetDistance(to: first)) < 1e-9 * there)
      #expect(abs(first.frechetDistance(to: first)) < 1e-9)
    }
  }

  @Test func `is the squared shift of the mean if nothing else differs`() {
    let first = FeatureStatistics(features(seed: 3, count: 100, width: 8), width: 8)
    let second = FeatureStatistics(features(seed: 3, count: 100, width: 8, shift: 0.5), width: 8)
    #expect(abs(first.frechetDistance(to: second) - 8 * 0.25) < 1e-9)
  }

  @Test func `is known for single features`() {
    // |m1 - m2|² + (s1 - s2)² for one dimension.
    let first = FeatureStatistics([0, 2], width: 1)
    let second = FeatureStatistics([1, 7], width: 1)
    #expect(first.covariance == [2] && second.covariance == [18])
    #expect(abs(first.frechetDistance(to: second) - (9 + 8)) < 1e-12)
  }

  @Test func `needs no more vectors than two`() {
    // Covariances of rank 1 in eight dimensions.
    let first = FeatureStatistics(features(seed: 3, count: 2, width: 8), width: 8)
    let second = FeatureStatistics(features(seed: 4, count: 2, width: 8), width: 8)
    #expect(abs(first.frechetDistance(to: first)) < 1e-6)
    #expect(first.frechetDistance(to: second) > 0)
  }
}

@Suite struct `Symmetric eigenvalues` {
  @Test(arguments: [1, 2, 8, 40])
  func `compose the matrix again`(count: Int) {
    let matrix = FeatureStatistics(features(seed: 9, count: 60, width: count), width: count).covariance
    let eigen = SymmetricEigen(matrix, count: count)
    for row in 0..<count {
      for column in 0..<count {
        var (value, product) = (0.0, 0.0)
        for k in 0..<count {
          value += eigen.values[k] * eigen.vectors[k * count + row] * eigen.vectors[k * count + column]
          product += eigen.vectors[row * count + k] * eigen.vectors[column * count + k]
        }
        #expect(abs(value - matrix[row * count + column]) < 1e-11)
        #expect(abs(product - (row == column ? 1 : 0)) < 1e-11)
      }
    }
  }

  @Test func `of a matrix with negative ones are found, too`() {
    let found = SymmetricEigen([0, 2, 2, 0], count: 2).values.sorted()
    #expect(zip(found, [-2, 2]).allSatisfy { abs($0 - $1) < 1e-12 })
    #expect(SymmetricEigen([0, 0, 0, 0], count: 2).values == [0, 0])
  }
}

/// The vectors of `features` in `Fixtures/make_frechet_fixtures.py`.
private func features(seed: UInt32, count: Int, width: Int, shift: Float = 0) -> [Float] {
  var state = seed
  var values: [Float] = []
  for _ in 0..<count {
    var last: Float = 0
    for column in 0..<width {
      state = 1_664_525 &* state &+ 1_013_904_223
      let number = Float(state >> 20) / 4096
      last = column % 4 == 0 ? number : number * Float(1 + column % 3) + last / 2
      values.append(last + shift)
    }
  }
  return values
}
