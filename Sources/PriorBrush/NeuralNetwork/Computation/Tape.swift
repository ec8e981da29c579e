/// What the backward pass must know of one operation; constants among the tensors have the node −1.
enum Operation {
  case leaf
  case add(Tensor, Tensor)
  case subtract(Tensor, Tensor)
  case multiply(Tensor, Tensor)
  case scale(Tensor, Float)
  case addPerSample(Tensor, Tensor)
  case silu(Tensor)
  case gelu(Tensor)
  case clamp(Tensor, Float, Float)
  case reshape(Tensor)
  case concatenate(Tensor, Tensor, rows: Int)
  case slice(Tensor, rows: Int, offset: Int)
  case upsample(Tensor)
  case pixelUnshuffle(Tensor, Int)
  case pixelShuffle(Tensor, Int)
  case maskedMean(Tensor, mask: Tensor)
  case attention(AttentionRecord)
  case convolution(ConvolutionRecord)
  case linear(LinearRecord)
  case groupNorm(GroupNormRecord)
  case layerNorm(LayerNormRecord)
  case embedding(EmbeddingRecord)
  case addPositions(PositionsRecord)
}

/// One operation of a recording, with the gradient of its output once that is known.
struct Node {
  var output: Tensor
  var operation: Operation
  var gradient: UnsafeMutablePointer<Float>?
}

/// Buffers that were used and may be used again, by their exact length.
struct BufferPool {
  private var slots: [Int: Int] = [:]
  private var stacks: [[UnsafeMutablePointer<Float>]] = []

  mutating func take(_ count: Int) -> UnsafeMutablePointer<Float>? {
    guard let slot = slots[count] else { return nil }
    return stacks[slot].popLast()
  }

  mutating func give(_ buffer: UnsafeMutablePointer<Float>, count: Int) {
    guard let slot = slots[count] else {
      slots[count] = stacks.count
      stacks.append([buffer])
      return
    }
    stacks[slot].append(buffer)
  }

  mutating func removeAll() {
    for slot in stacks.indices { stacks[slot].removeAll(keepingCapacity: true) }
  }
}
