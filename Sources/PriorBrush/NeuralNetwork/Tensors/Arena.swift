import COneDNN

/// Memory handed out by moving a pointer and taken back all at once.
///
/// Chunks are kept until the arena is destroyed, so a workload of steady size allocates only in its first round.
struct Arena: ~Copyable {
  /// A position to which the arena can return.
  struct Mark {
    var chunk: Int
    var used: Int
  }

  private struct Chunk {
    var base: UnsafeMutableRawPointer
    var size: Int
  }

  private var chunks: [Chunk] = []
  private var current = 0
  private var used = 0
  private let smallestChunk: Int

  /// Creates an empty arena whose chunks have at least the given number of bytes.
  init(smallestChunk: Int = 8 << 20) {
    self.smallestChunk = smallestChunk
  }

  deinit {
    for chunk in chunks { nn_free(chunk.base) }
  }

  /// Bytes taken from the C heap.
  var capacity: Int { chunks.reduce(0) { $0 + $1.size } }

  /// How many chunks were taken from the C heap.
  var chunkCount: Int { chunks.count }

  /// The present position.
  var mark: Mark { Mark(chunk: current, used: used) }

  /// Returns uninitialised memory for `count` numbers, 64-byte aligned.
  mutating func allocate(_ count: Int) -> UnsafeMutablePointer<Float> {
    precondition(count >= 0, "an arena cannot hand out \(count) numbers")
    let bytes = (count * MemoryLayout<Float>.stride + 63) & ~63
    while current < chunks.count {
      if used + bytes <= chunks[current].size {
        let start = chunks[current].base + used
        used += bytes
        return start.assumingMemoryBound(to: Float.self)
      }
      current += 1
      used = 0
    }
    let size = Swift.max(bytes, smallestChunk, chunks.last?.size ?? 0)
    chunks.append(Chunk(base: allocateMemory(size), size: size))
    current = chunks.count - 1
    used = bytes
    return chunks[current].base.assumingMemoryBound(to: Float.self)
  }

  /// Takes back everything handed out since the mark.
  mutating func release(_ mark: Mark) {
    current = mark.chunk
    used = mark.used
  }

  /// Takes back everything.
  mutating func reset() {
    current = 0
    used = 0
  }
}

/// Returns zeroed memory, 64-byte aligned; `nn_free` gives it back.
func allocateMemory(_ bytes: Int) -> UnsafeMutableRawPointer {
  guard let memory = nn_allocate(bytes) else {
    preconditionFailure("no memory for \(bytes) bytes of numbers: use a smaller batch or network")
  }
  return memory
}
