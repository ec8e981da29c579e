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
  }

  /// From fine to coarse.
  public let levels: [Level]

  /// The mean over levels, times 1000.
  public var mean: Double { levels.reduce(0) { $0 + $1.distance } / Double(levels.count) }

  /// Compares two sets of equally many images.
  ///
  /// Both sets are cut at the same random places, so a set has no distance from itself.
  ///
  /// - Parameters:
  ///   - images: Images of three colours and one size, with sides of at least 16 pixels.
  ///   - reference: As many images of the same size.
  ///   - patches: Patches taken from each image at each level.
  ///   - directions: Random directions at each level.
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
      let distance = SlicedWassersteinDistance.distance(sets[0], sets[1], directions: directions, &stream)
      let level = pyramids[0].levels[index]
      return Level(side: min(level.width, level.height), distance: 1000 * distance)
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

  private static func distance(
    _ first: [Float], _ second: [Float], directions: Int, _ stream: inout CounterStream
  ) -> Double {
    let count = first.count / features
    var sort = RadixSort(count: count)
    var total = 0.0
    for start in stride(from: 0, to: directions, by: 32) {
      let columns = min(32, directions - start)
      // Directions are drawn one after the other, whatever the size of a strip.
      var matrix = [Float](repeating: 0, count: features * columns)
      for column in 0..<columns {
        let direction = (0..<features).map { _ in stream.normal() }
        let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
        for row in 0..<features { matrix[row * columns + column] = Float(direction[row] / norm) }
      }
      let projections = [first, second].map {
        Matrix.product($0, matrix, rows: count, inner: features, columns: columns)
      }
      for column in 0..<columns {
        let sorted = projections.map { sort($0, first: column, stride: columns) }
        for (a, b) in zip(sorted[0], sorted[1]) { total += Double(abs(a - b)) }
      }
    }
    return total / Double(count * directions)
  }
}
