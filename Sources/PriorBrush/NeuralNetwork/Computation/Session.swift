import COneDNN

/// One thread's workspace: the arena of its tensors, its prepared kernels and, while recording, the tape.
///
/// All operations run at once, on the calling thread alone. A session may move between threads, but only one thread may
/// use it at a time. After a first round of the same shapes nothing is allocated any more.
///
///     let session = Session()
///     session.reset(recording: true)
///     let x = session.variable(.vectors(1, 4), copying: [1, 2, 3, 4])
///     let y = session.multiply(x, x)
///     session.backward(from: [(y, ones)])        // session.gradient(of: x) is [2, 4, 6, 8]
public final class Session {
  /// Whether operations are recorded for `backward(from:)`.
  public private(set) var isRecording = false
  var arena = Arena()
  var tape: [Node] = []
  var pool = BufferPool()
  private var convolutions: [ConvolutionKey: OpaquePointer] = [:]
  private var scratch: UnsafeMutableRawPointer?
  private var scratchBytes = 0

  /// Creates an empty session.
  public init() {}

  deinit {
    for convolution in convolutions.values { nn_convolution_destroy(convolution) }
    nn_free(scratch)
  }

  /// Forgets all tensors and keeps the memory for the next ones.
  ///
  /// - Parameter recording: Whether the following operations can be differentiated.
  public func reset(recording: Bool) {
    isRecording = recording
    arena.reset()
    tape.removeAll(keepingCapacity: true)
    pool.removeAll()
  }

  // MARK: Making tensors

  /// Returns a constant whose elements are not yet set.
  public func tensor(_ shape: Shape) -> Tensor { Tensor(shape: shape, data: arena.allocate(shape.count)) }

  /// Returns a constant with all elements zero.
  public func zeros(_ shape: Shape) -> Tensor {
    let result = tensor(shape)
    nn_fill(result.data, 0, Int64(shape.count))
    return result
  }

  /// Returns a constant with a copy of the given elements, `shape.count` of them.
  public func constant(_ shape: Shape, copying values: UnsafeBufferPointer<Float>) -> Tensor {
    precondition(values.count == shape.count, "\(values.count) numbers do not fill the shape \(shape)")
    let result = tensor(shape)
    if let source = values.baseAddress { result.data.update(from: source, count: values.count) }
    return result
  }

  /// Returns a constant with a copy of the given elements, `shape.count` of them.
  public func constant(_ shape: Shape, copying values: [Float]) -> Tensor {
    values.withUnsafeBufferPointer { constant(shape, copying: $0) }
  }

  /// Returns a leaf whose gradient is wanted; a constant while not recording.
  public func variable(_ shape: Shape, copying values: UnsafeBufferPointer<Float>) -> Tensor {
    let result = constant(shape, copying: values)
    return isRecording ? record(result, .leaf) : result
  }

  /// Returns a leaf whose gradient is wanted; a constant while not recording.
  public func variable(_ shape: Shape, copying values: [Float]) -> Tensor {
    values.withUnsafeBufferPointer { variable(shape, copying: $0) }
  }

  // MARK: Temporaries

  /// A position in a session's memory.
  public struct Mark {
    var position: Arena.Mark
  }

  /// Returns the present position for `release(_:)`.
  public func mark() -> Mark { Mark(position: arena.mark) }

  /// Takes back the memory of all tensors made since the mark; does nothing while recording.
  public func release(_ mark: Mark) {
    if !isRecording { arena.release(mark.position) }
  }

  /// Runs a part of a network and keeps only its result, so that in inference its temporaries stay in the cache.
  ///
  /// - Parameters:
  ///   - output: The shape of the result.
  ///   - body: Makes the result.
  /// - Returns: The result, moved in front of the temporaries unless recording.
  public func scoped(_ output: Shape, _ body: () throws -> Tensor) rethrows -> Tensor {
    if isRecording { return try body() }
    let result = tensor(output)
    let start = mark()
    let made = try body()
    precondition(made.shape == output, "a scope for \(output) returned \(made.shape)")
    result.data.update(from: made.data, count: made.count)
    release(start)
    return result
  }

  // MARK: What was allocated

  /// What a session holds; steady once it is warm.
  public struct Counters: Hashable, Sendable {
    /// Bytes of tensors, gradients and working memory.
    public var bytes: Int
    /// Pieces taken from the C heap for them.
    public var chunks: Int
    /// Prepared convolutions.
    public var convolutions: Int
  }

  /// What this session holds now.
  public var counters: Counters {
    Counters(bytes: arena.capacity + scratchBytes, chunks: arena.chunkCount, convolutions: convolutions.count)
  }

  // MARK: For the operations

  func record(_ output: Tensor, _ operation: Operation) -> Tensor {
    let tracked = Tensor(shape: output.shape, data: output.data, node: Int32(tape.count))
    tape.append(Node(output: tracked, operation: operation, gradient: nil))
    return tracked
  }

  func requireSameShape(_ a: Tensor, _ b: Tensor, _ operation: StaticString) {
    precondition(a.shape == b.shape, "\(operation): the shapes \(a.shape) and \(b.shape) differ")
  }

  func convolution(_ key: ConvolutionKey) -> OpaquePointer {
    if let prepared = convolutions[key] { return prepared }
    guard let prepared = nn_convolution_create(key.description) else {
      preconditionFailure("oneDNN cannot prepare the convolution \(key)")
    }
    convolutions[key] = prepared
    let bytes = nn_convolution_scratch_bytes(prepared)
    if bytes > scratchBytes {
      nn_free(scratch)
      scratch = allocateMemory(bytes)
      scratchBytes = bytes
    }
    return prepared
  }

  var convolutionScratch: UnsafeMutableRawPointer? { scratch }
}
