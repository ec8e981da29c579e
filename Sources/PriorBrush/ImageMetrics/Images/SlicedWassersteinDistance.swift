import Dispatch
public import PNGImage

/// The sliced Wasserstein distance between two sets of images: how different their patches are, at several scales.
///
/// Patches of 7 x 7 pixels are taken from each level of a Laplacian pyramid, normalised per colour over the whole set, and
/// projected onto random directions; the distance of two sorted projections is averaged. It needs no network.
///
/// - Source: Karras et al., "Progressive growing of GANs", ICLR 2018; the numbers of patches and directions are theirs.
public struct SlicedWassersteinDistance: Sendable {
  /// The distance at one scale.
  public struct Level: Sendable {
    /// The shorter side of the level, in pixels.
    public let side: Int
    /// The distance times 1000.
    public let distance: Double
    /// The standard error of `distance` that comes from the choice of directions, times 1000; 0 for a single direction.
    public let standardError: Double
  }

  /// From fine to coarse.
  public let levels: [Level]

  /// The mean over levels, times 1000.
  public var mean: Double { levels.reduce(0) { $0 + $1.distance } / Double(levels.count) }

  /// The standard error of `mean` that comes from the choice of directions, times 1000.
  ///
  /// It says how far another seed would move the value, not how far other images would.
  public var standardError: Double {
    levels.reduce(0) { $0 + $1.standardError * $1.standardError }.squareRoot() / Double(levels.count)
  }

  /// Compares two sets of equally many images.
  ///
  /// Both sets are cut at the same random places, so a set has no distance from itself.
  ///
  /// - Parameters:
  ///   - images: Images of three colours and one size, with sides of at least 16 pixels.
  ///   - reference: As many images of the same size.
  ///   - patches: Patches taken from each image at each level.
  ///   - directions: Random directions at each level; the published 512 are four repetitions of 128.
  ///   - seed: Chooses places and directions; same seed, same value.
  /// - Throws: `MetricError` with code `.tooFew`, `.countMismatch`, `.shapeMismatch`, `.tooSmall` or `.badParameter`.
  /// - Complexity: O(levels · patches · n · directions · (147 + log n)).
  public init(
    _ images: [Image], _ reference: [Image], patches: Int = 128, directions: Int = 512, seed: UInt64 = 0
  ) throws(MetricError) {
    guard let first = images.first else { throw MetricError(.tooFew, "a distance of no image; give at least one") }
    guard images.count == reference.count else {
      throw MetricError(
        .countMismatch,
        "\(images.count) images cannot be compared with \(reference.count); the sliced distance needs equally many")
    }
    guard patches >= 1, directions >= 1 else {
      throw MetricError(.badParameter, "\(patches) patches and \(directions) directions; use at least 1 of both")
    }
    for image in images + reference
    where image.width != first.width || image.height != first.height || image.channels != 3 {
      throw MetricError(
        .shapeMismatch,
        "an image of \(image.width) x \(image.height) x \(image.channels) among images of \(first.width) x "
          + "\(first.height) x 3; bring all to one size and three colours")
    }
    var side = min(first.width, first.height)
    guard side >= 16 else {
      throw MetricError(
        .tooSmall, "images of \(first.width) x \(first.height) pixels are too small for patches; use at least 16 x 16")
    }
    var count = 1
    while side >= 32, first.width % (1 << count) == 0, first.height % (1 << count) == 0 {
      side /= 2
      count += 1
    }
    let pyramids = [images, reference].map { LaplacianPyramid(SlicedWassersteinDistance.planes($0), levels: count) }
    levels = (0..<count).map { index in
      let sets = pyramids.map { pyramid in
        SlicedWassersteinDistance.descriptors(
          pyramid.levels[index], patches: patches, stream: CounterStream(seed: seed, stream: UInt64(2 * index)))
      }
      var stream = CounterStream(seed: seed, stream: UInt64(2 * index + 1))
      let distances = SlicedWassersteinDistance.distances(sets[0], sets[1], directions: directions, &stream)
      let mean = distances.reduce(0, +) / Double(directions)
      let spread = distances.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let level = pyramids[0].levels[index]
      return Level(
        side: min(level.width, level.height), distance: 1000 * mean,
        standardError: 1000 * (spread / Double(max(directions - 1, 1) * directions)).squareRoot())
    }
  }

  private static let window = 7
  private static let features = 3 * window * window

  private static func planes(_ images: [Image]) -> LaplacianPyramid.Level {
    let (width, height) = (images[0].width, images[0].height)
    var values: [Float] = []
    values.reserveCapacity(images.count * 3 * width * height)
    for image in images {
      for channel in 0..<3 {
        for place in stride(from: channel, to: image.pixels.count, by: 3) { values.append(Float(image.pixels[place])) }
      }
    }
    return LaplacianPyramid.Level(width: width, height: height, values: values)
  }

  /// Returns patches as rows `[patch, colour · 49]`, each colour with mean 0 and deviation 1 over all of them.
  private static func descriptors(
    _ level: LaplacianPyramid.Level, patches: Int, stream: CounterStream
  ) -> [Float] {
    var stream = stream
    let (width, height) = (level.width, level.height)
    let plane = width * height
    let count = level.values.count / (3 * plane) * patches
    var rows = [Float](repeating: 0, count: count * features)
    for patch in 0..<count {
      let x = stream.integer(below: width - window + 1)
      let y = stream.integer(below: height - window + 1)
      let image = patch / patches
      for channel in 0..<3 {
        let source = (image * 3 + channel) * plane + y * width + x
        let target = patch * features + channel * window * window
        for row in 0..<window {
          for column in 0..<window {
            rows[target + row * window + column] = level.values[source + row * width + column]
          }
        }
      }
    }
    for channel in 0..<3 { normalise(&rows, channel: channel) }
    return rows
  }

  private static func normalise(_ rows: inout [Float], channel: Int) {
    let size = window * window
    rows.withUnsafeMutableBufferPointer { rows in
      var (sum, squares) = (0.0, 0.0)
      for start in stride(from: channel * size, to: rows.count, by: features) {
        for index in start..<start + size {
          sum += Double(rows[index])
          squares += Double(rows[index]) * Double(rows[index])
        }
      }
      let count = Double(rows.count / 3)
      let mean = sum / count
      let deviation = max(squares / count - mean * mean, 0).squareRoot()
      let scale = deviation > 0 ? 1 / deviation : 0
      for start in stride(from: channel * size, to: rows.count, by: features) {
        for index in start..<start + size { rows[index] = Float((Double(rows[index]) - mean) * scale) }
      }
    }
  }

  /// Returns the mean distance of the sorted projections for each direction.
  private static func distances(
    _ first: [Float], _ second: [Float], directions: Int, _ stream: inout CounterStream
  ) -> [Double] {
    let count = first.count / features
    let shares = 2
    let sorts = Sorts(count: count, shares: shares)
    var distances = [Double](repeating: 0, count: directions)
    for start in stride(from: 0, to: directions, by: 32) {
      let rows = min(32, directions - start)
      // Directions are drawn one after the other, whatever the size of a strip.
      var matrix: [Float] = []
      matrix.reserveCapacity(rows * features)
      for _ in 0..<rows {
        let direction = (0..<features).map { _ in stream.normal() }
        let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
        matrix += direction.map { Float($0 / norm) }
      }
      var (left, right) = (
        Matrix.innerProducts(matrix, first, width: features), Matrix.innerProducts(matrix, second, width: features)
      )
      left.withUnsafeMutableBufferPointer { left in
        right.withUnsafeMutableBufferPointer { right in
          distances.withUnsafeMutableBufferPointer { distances in
            sorts.compare(left, right, rows: rows, into: UnsafeMutableBufferPointer(rebasing: distances[start...]))
          }
        }
      }
    }
    return distances
  }
}

/// Sorts and compares projections on several threads, each with memory of its own.
private struct Sorts: @unchecked Sendable {
  // Every share and every row is touched by one thread only.
  private let count: Int
  private let sorts: [RadixSort]

  init(count: Int, shares: Int) {
    self.count = count
    sorts = (0..<shares).map { _ in RadixSort(count: count) }
  }

  /// Rows of projections that threads share out among themselves.
  private struct Work: @unchecked Sendable {
    let left: UnsafeMutableBufferPointer<Float>
    let right: UnsafeMutableBufferPointer<Float>
    let distances: UnsafeMutableBufferPointer<Double>
  }

  /// Writes the mean absolute difference of each two sorted rows.
  func compare(
    _ left: UnsafeMutableBufferPointer<Float>, _ right: UnsafeMutableBufferPointer<Float>, rows: Int,
    into distances: UnsafeMutableBufferPointer<Double>
  ) {
    let work = Work(left: left, right: right, distances: distances)
    DispatchQueue.concurrentPerform(iterations: sorts.count) { share in
      guard let left = work.left.baseAddress, let right = work.right.baseAddress else { return }
      for row in stride(from: share, to: rows, by: sorts.count) {
        let (a, b) = (left + row * count, right + row * count)
        sorts[share].sort(a)
        sorts[share].sort(b)
        var total = 0.0
        for index in 0..<count { total += Double(abs(a[index] - b[index])) }
        work.distances[row] = total / Double(count)
      }
    }
  }
}
