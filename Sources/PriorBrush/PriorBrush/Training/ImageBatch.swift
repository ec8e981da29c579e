/// A batch of images that shards write and read in disjoint ranges.
final class ImageBatch: @unchecked Sendable {
  // Every shard touches its own rows only; steps are separated by the end of a parallel run.

  private let size: Int
  private let values: UnsafeMutablePointer<Float>

  init(count: Int, size: Int) {
    self.size = size
    values = .allocate(capacity: count * size)
    values.initialize(repeating: 0, count: count * size)
  }

  deinit { values.deallocate() }

  func write(_ images: [Float], from row: Int) {
    images.withUnsafeBufferPointer { source in
      guard let base = source.baseAddress else { return }
      (values + row * size).update(from: base, count: source.count)
    }
  }

  func read(_ rows: Range<Int>, into target: UnsafeMutableBufferPointer<Float>) {
    target.baseAddress?.update(from: values + rows.lowerBound * size, count: rows.count * size)
  }
}
