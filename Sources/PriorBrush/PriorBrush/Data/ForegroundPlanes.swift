import PNGImage

/// All images of a data set, scaled for the canvas and premultiplied, in one block of memory.
///
/// Never written after `init`, hence safe to share between threads.
final class ForegroundPlanes: @unchecked Sendable {
  /// Whether each image lets a background through.
  let isTranslucent: [Bool]

  private let block: UnsafeMutableBufferPointer<SIMD4<UInt8>>
  private let starts: [Int]
  private let sides: [Int]

  /// Scales translucent images to `foregroundSide`; opaque ones cover the canvas at every shift.
  init(_ dataset: CaptionedDataset, _ augmentation: Augmentation) {
    isTranslucent = dataset.examples.map(\.image.isTranslucent)
    sides = isTranslucent.map {
      $0 ? augmentation.foregroundSide : Augmentation.canvasSide + 2 * augmentation.maximumShift
    }
    var total = 0
    var starts: [Int] = []
    for side in sides {
      starts.append(total)
      total += side * side
    }
    self.starts = starts
    block = .allocate(capacity: total)
    block.initialize(repeating: .zero)
    for (index, example) in dataset.examples.enumerated() {
      let side = sides[index]
      let plane = example.image.withAlpha().premultiplied(side: side)
      for pixel in 0..<(side * side) {
        block[starts[index] + pixel] = SIMD4(
          plane[pixel * 4], plane[pixel * 4 + 1], plane[pixel * 4 + 2], plane[pixel * 4 + 3])
      }
    }
  }

  deinit {
    block.deallocate()
  }

  /// Draws an image over a colour and averages blocks of the canvas to `side` x `side` pixels in [-1, 1].
  func render(
    _ index: Int, side: Int, right: Int, down: Int, isMirrored: Bool, over colour: NamedColour,
    into pixels: UnsafeMutableBufferPointer<Float>
  ) {
    precondition(pixels.count >= side * side * 3, "room for \(pixels.count) values, \(side * side * 3) needed")
    let canvas = Augmentation.canvasSide
    let factor = canvas / side
    let extent = sides[index]
    let left = (canvas - extent) / 2 + right
    let top = (canvas - extent) / 2 + down
    let columns = max(0, -left)..<min(extent, canvas - left)
    let rows = max(0, -top)..<min(extent, canvas - top)
    let background = SIMD4<Float>(Float(colour.red), Float(colour.green), Float(colour.blue), 0) / 127.5
    let scale = 2 / Float(255 * factor * factor)
    withUnsafeTemporaryAllocation(of: SIMD4<Float>.self, capacity: side * side) { sums in
      sums.initialize(repeating: .zero)
      guard let target = sums.baseAddress, let source = block.baseAddress, let output = pixels.baseAddress else {
        return
      }
      for row in rows {
        let line = target + (row + top) / factor * side
        let texels = source + starts[index] + row * extent
        for column in columns {
          let texel = texels[isMirrored ? extent - 1 - column : column]
          line[(column + left) / factor] += SIMD4<Float>(texel)
        }
      }
      for pixel in 0..<(side * side) {
        let value = target[pixel] * scale
        let result = value + background * (1 - value.w * 0.5) - 1
        output[pixel * 3] = result.x
        output[pixel * 3 + 1] = result.y
        output[pixel * 3 + 2] = result.z
      }
    }
  }
}
