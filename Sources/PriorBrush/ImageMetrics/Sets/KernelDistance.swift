/// The kernel distance between two sets of feature vectors: unbiased whatever the number of images.
///
/// The squared maximum mean discrepancy under the cubic kernel `k(x, y) = (x · y / d + 1)³`, over all pairs at once. With
/// the features of the published Inception network this is the KID.
///
///     let distance = try KernelDistance(generated, real, blocks: 20)
///     print(distance.value, "±", 1.96 * distance.standardError)
///
/// - Source: Bińkowski et al., "Demystifying MMD GANs", ICLR 2018; the kernel and the diagonal as in clean-fid.
public struct KernelDistance: Sendable {
  /// The estimate; may be slightly negative when the sets do not differ.
  public let value: Double
  /// The standard error by the jackknife over blocks of images.
  public let standardError: Double
  /// The estimate without each of the blocks.
  public let leavingOut: [Double]

  /// The interval that covers the distance in about 95 of 100 repetitions: 1.96 standard errors to either side.
  public var interval: ClosedRange<Double> { value - 1.96 * standardError...value + 1.96 * standardError }

  /// Compares two sets.
  ///
  /// - Parameters:
  ///   - features: Vectors of generated images.
  ///   - reference: Vectors of real images, of the same network.
  ///   - blocks: Into how many runs of neighbours each set is cut for the jackknife, at least 2 with 2 images in each.
  ///     Images of one prompt belong next to each other, so that whole prompts are left out.
  /// - Throws: `MetricError` with code `.widthMismatch`, `.tooFew` or `.badParameter`.
  /// - Complexity: O(n² · d), memory O(n · d + n · 1024).
  public init(_ features: FeatureSet, _ reference: FeatureSet, blocks: Int = 20) throws(MetricError) {
    guard blocks >= 2 else {
      throw MetricError(.badParameter, "a jackknife over \(blocks) blocks has no spread; use at least 2")
    }
    try features.check(against: reference)
    for set in [features, reference] { try set.require(2 * blocks, for: "a kernel distance over \(blocks) blocks") }
    let sums = (
      KernelSums(features, blocks: blocks), KernelSums(reference, blocks: blocks),
      KernelSums(features, with: reference, blocks: blocks)
    )
    func estimate(without block: Int?) -> Double {
      sums.0.meanOffDiagonal(without: block) + sums.1.meanOffDiagonal(without: block)
        - 2 * sums.2.mean(without: block)
    }
    value = estimate(without: nil)
    let partial = (0..<blocks).map { estimate(without: $0) }
    let centre = partial.reduce(0, +) / Double(blocks)
    let spread = partial.reduce(0) { $0 + ($1 - centre) * ($1 - centre) }
    standardError = (Double(blocks - 1) / Double(blocks) * spread).squareRoot()
    leavingOut = partial
  }

  /// Returns the mean of the distances of many small subsets, as the published figures are computed.
  ///
  /// - Parameters:
  ///   - features: Vectors of generated images.
  ///   - reference: Vectors of real images.
  ///   - subsets: How many pairs of random subsets.
  ///   - size: The largest number of vectors in each.
  ///   - seed: Chooses the subsets; same seed, same value.
  /// - Returns: The mean over subsets.
  /// - Throws: `MetricError` with code `.widthMismatch`, `.tooFew` or `.badParameter`.
  /// - Source: the subsets of clean-fid: 100 of at most 1000 vectors, drawn without replacement.
  public static func ofSubsets(
    _ features: FeatureSet, _ reference: FeatureSet, subsets: Int = 100, size: Int = 1000, seed: UInt64 = 0
  ) throws(MetricError) -> Double {
    try features.check(against: reference)
    for set in [features, reference] { try set.require(2, for: "the kernel distance") }
    let size = min(size, features.count, reference.count)
    guard subsets >= 1, size >= 2 else {
      throw MetricError(.badParameter, "\(subsets) subsets of \(size) vectors; use at least 1 of at least 2")
    }
    var stream = CounterStream(seed: seed)
    var total = 0.0
    for _ in 0..<subsets {
      let x = features.subset(stream.permutation(features.count)[..<size])
      let y = reference.subset(stream.permutation(reference.count)[..<size])
      total +=
        KernelSums(x, blocks: 1).meanOffDiagonal(without: nil)
        + KernelSums(y, blocks: 1).meanOffDiagonal(without: nil)
        - 2 * KernelSums(x, with: y, blocks: 1).mean(without: nil)
    }
    return total / Double(subsets)
  }
}

/// Sums of the kernel over the pairs of each two blocks, from which any estimate without a block follows.
private struct KernelSums {
  private let blocks: Int
  private let counts: (Int, Int)
  private var pairs: [Double]
  private var diagonal: [Double]

  /// Sums over the pairs of a set with another one, or with itself.
  init(_ x: FeatureSet, with other: FeatureSet? = nil, blocks: Int) {
    let y = other ?? x
    self.blocks = blocks
    counts = (x.count, y.count)
    pairs = [Double](repeating: 0, count: blocks * blocks)
    diagonal = [Double](repeating: 0, count: blocks)
    let (width, scale) = (x.width, 1 / Double(x.width))
    let left = x.doubles
    let right = other?.doubles ?? left
    for start in stride(from: 0, to: x.count, by: 1024) {
      let rows = min(1024, x.count - start)
      let products = left.withUnsafeBufferPointer { left in
        right.withUnsafeBufferPointer { right in
          Matrix.innerProducts(
            UnsafeBufferPointer(rebasing: left[start * width..<(start + rows) * width]), right, width: width)
        }
      }
      products.withUnsafeBufferPointer { products in
        for row in 0..<rows {
          let first = KernelSums.block(of: start + row, counts.0, blocks)
          for second in 0..<blocks {
            var sum = 0.0
            for column in KernelSums.start(second, counts.1, blocks)..<KernelSums.start(second + 1, counts.1, blocks) {
              let base = products[row * counts.1 + column] * scale + 1
              sum += base * base * base
            }
            pairs[first * blocks + second] += sum
          }
          if other == nil {
            let base = products[row * counts.1 + start + row] * scale + 1
            diagonal[first] += base * base * base
          }
        }
      }
    }
  }

  /// Returns the mean over pairs of two different vectors, for a set with itself.
  func meanOffDiagonal(without block: Int?) -> Double {
    let (sum, rows, _) = remaining(without: block)
    let own = diagonal.indices.reduce(0) { $1 == block ? $0 : $0 + diagonal[$1] }
    return (sum - own) / (Double(rows) * Double(rows - 1))
  }

  /// Returns the mean over all pairs.
  func mean(without block: Int?) -> Double {
    let (sum, rows, columns) = remaining(without: block)
    return sum / (Double(rows) * Double(columns))
  }

  private func remaining(without block: Int?) -> (sum: Double, rows: Int, columns: Int) {
    var sum = 0.0
    for first in 0..<blocks where first != block {
      for second in 0..<blocks where second != block { sum += pairs[first * blocks + second] }
    }
    guard let block else { return (sum, counts.0, counts.1) }
    func size(_ count: Int) -> Int {
      KernelSums.start(block + 1, count, blocks) - KernelSums.start(block, count, blocks)
    }
    return (sum, counts.0 - size(counts.0), counts.1 - size(counts.1))
  }

  private static func start(_ block: Int, _ count: Int, _ blocks: Int) -> Int { block * count / blocks }

  private static func block(of place: Int, _ count: Int, _ blocks: Int) -> Int {
    var block = place * blocks / count
    while start(block + 1, count, blocks) <= place { block += 1 }
    return block
  }
}
