/// A dense array of single-precision numbers, NHWC, that lives in the arena of a `Session`.
///
/// A tensor is valid until its session is reset, or until a mark made before it is released.
public struct Tensor {
  /// The extents, `[N, H, W, C]`.
  public let shape: Shape
  /// The first element; 64-byte aligned unless the tensor is a view.
  public let data: UnsafeMutablePointer<Float>
  /// The place on the session's tape, or −1 for a constant.
  public let node: Int32

  init(shape: Shape, data: UnsafeMutablePointer<Float>, node: Int32 = -1) {
    self.shape = shape
    self.data = data
    self.node = node
  }

  /// All elements, `shape.count` of them.
  public var buffer: UnsafeMutableBufferPointer<Float> {
    UnsafeMutableBufferPointer(start: data, count: shape.count)
  }

  /// The number of elements.
  public var count: Int { shape.count }

  /// Whether a gradient flows to this tensor.
  public var isTracked: Bool { node >= 0 }

  /// A copy of the elements that outlives the session.
  public var values: [Float] { Array(buffer) }

  /// The same elements as a constant: no gradient flows through the result.
  public var detached: Tensor { Tensor(shape: shape, data: data) }
}
