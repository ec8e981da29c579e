/// Images of one size split into bands of detail, each half as large as the one before.
///
/// - Source: Burt and Adelson, 1983, with the 5 x 5 binomial filter of Karras et al., "Progressive growing of GANs", 2018.
struct LaplacianPyramid {
  /// One colour plane of an image after the other, `[N · C, H, W]`.
  struct Level {
    var width: Int
    var height: Int
    var values: [Float]
  }

  /// From fine to coarse; the last level is the small image itself.
  let levels: [Level]

  /// Splits planes; their sides must be even wherever they are halved.
  init(_ planes: Level, levels count: Int) {
    var levels = [planes]
    for _ in 1..<max(count, 1) {
      let fine = levels[levels.count - 1]
      let coarse = LaplacianPyramid.reduced(fine)
      let back = LaplacianPyramid.expanded(coarse)
      levels[levels.count - 1].values = zip(fine.values, back.values).map { $0 - $1 }
      levels.append(coarse)
    }
    self.levels = levels
  }

  private static let binomial: [Float] = [1 / 16, 4 / 16, 6 / 16, 4 / 16, 1 / 16]

  private static func reduced(_ level: Level) -> Level {
    let smooth = filtered(level, gain: 1)
    let (width, height) = (level.width / 2, level.height / 2)
    var result = Level(width: width, height: height, values: [])
    result.values.reserveCapacity(level.values.count / 4)
    for row in 0..<smooth.values.count / level.width where row % level.height % 2 == 0 {
      for x in 0..<width { result.values.append(smooth.values[row * level.width + 2 * x]) }
    }
    return result
  }

  private static func expanded(_ level: Level) -> Level {
    var sparse = Level(
      width: 2 * level.width, height: 2 * level.height, values: .init(repeating: 0, count: 4 * level.values.count))
    for row in 0..<level.values.count / level.width {
      for x in 0..<level.width { sparse.values[2 * row * sparse.width + 2 * x] = level.values[row * level.width + x] }
    }
    return filtered(sparse, gain: 2)
  }

  /// Filters rows and columns, the border reflected about the outermost pixels; `gain` counts for each direction.
  private static func filtered(_ level: Level, gain: Float) -> Level {
    let (width, height) = (level.width, level.height)
    let weights = binomial.map { $0 * gain }
    var across = [Float](repeating: 0, count: level.values.count)
    var result = level
    level.values.withUnsafeBufferPointer { source in
      for row in 0..<source.count / width {
        for x in 0..<width {
          var sum: Float = 0
          for tap in 0..<5 { sum += weights[tap] * source[row * width + reflected(x + tap - 2, width)] }
          across[row * width + x] = sum
        }
      }
    }
    across.withUnsafeBufferPointer { source in
      for plane in 0..<source.count / (width * height) {
        for y in 0..<height {
          let rows = (0..<5).map { (plane * height + reflected(y + $0 - 2, height)) * width }
          for x in 0..<width {
            var sum: Float = 0
            for tap in 0..<5 { sum += weights[tap] * source[rows[tap] + x] }
            result.values[(plane * height + y) * width + x] = sum
          }
        }
      }
    }
    return result
  }

  private static func reflected(_ index: Int, _ count: Int) -> Int {
    let positive = abs(index)
    return positive < count ? positive : 2 * (count - 1) - positive
  }
}
