import Glibc

/// Random numbers that are a pure function of seed, stream and position: the same on every machine and thread.
///
/// One step of `position` is one 32-bit word of the generator.
///
/// - Source: Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", SC 2011: Philox4x32 with 10 rounds.
public struct RandomStream: Sendable {
  /// The index of the next word.
  public var position: UInt64 = 0
  private let key: (UInt32, UInt32)
  private let stream: (UInt32, UInt32)
  private var cachedBlock = UInt64.max
  private var cache: (UInt32, UInt32, UInt32, UInt32) = (0, 0, 0, 0)

  /// Creates the stream at its first word.
  ///
  /// - Parameters:
  ///   - seed: The key of the generator; different seeds are independent.
  ///   - stream: Different streams of one seed are independent.
  public init(seed: UInt64, stream: UInt64) {
    key = (UInt32(truncatingIfNeeded: seed), UInt32(truncatingIfNeeded: seed >> 32))
    self.stream = (UInt32(truncatingIfNeeded: stream), UInt32(truncatingIfNeeded: stream >> 32))
  }

  /// Creates the stream of a name: its number is the 64-bit FNV-1a hash of the UTF-8 bytes.
  public init(seed: UInt64, name: String) {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
    self.init(seed: seed, stream: hash)
  }

  /// Returns the next word.
  public mutating func nextUInt32() -> UInt32 {
    let value = word(at: position)
    position &+= 1
    return value
  }

  /// Returns the next two words as one number, the first one in the low half.
  public mutating func nextUInt64() -> UInt64 {
    let low = UInt64(nextUInt32())
    return low | UInt64(nextUInt32()) << 32
  }

  /// Returns a number in [0, 1) with 24 random bits; takes one word.
  public mutating func uniform() -> Float { Float(nextUInt32() >> 8) * 0x1p-24 }

  /// Returns a whole number in `0..<bound`; takes two words.
  ///
  /// The bias is below bound / 2^64.
  public mutating func integer(below bound: Int) -> Int {
    precondition(bound > 0, "cannot draw a number below \(bound)")
    return Int(nextUInt64().multipliedFullWidth(by: UInt64(bound)).high)
  }

  /// Returns a normal number with mean 0 and variance 1; takes one word.
  ///
  /// Two neighbouring words, the first at an even position, give the two numbers of one Box–Muller transform.
  public mutating func normal() -> Float {
    let pair = normalPair(at: position & ~1)
    let value = position & 1 == 0 ? pair.0 : pair.1
    position &+= 1
    return value
  }

  /// Fills a buffer with the numbers that as many calls of `normal()` would return.
  public mutating func fill(normal buffer: UnsafeMutableBufferPointer<Float>) {
    var index = 0
    if position & 1 == 1, index < buffer.count {
      buffer[index] = normal()
      index += 1
    }
    while index + 1 < buffer.count {
      (buffer[index], buffer[index + 1]) = normalPair(at: position)
      position &+= 2
      index += 2
    }
    if index < buffer.count { buffer[index] = normal() }
  }

  /// Fills a buffer with the numbers that as many calls of `uniform()` would return.
  public mutating func fill(uniform buffer: UnsafeMutableBufferPointer<Float>) {
    for index in buffer.indices { buffer[index] = uniform() }
  }

  private mutating func normalPair(at even: UInt64) -> (Float, Float) {
    let radius = sqrt(-2 * log((Double(word(at: even)) + 1) * 0x1p-32))
    let angle = 2 * Double.pi * Double(word(at: even &+ 1)) * 0x1p-32
    return (Float(radius * cos(angle)), Float(radius * sin(angle)))
  }

  private mutating func word(at index: UInt64) -> UInt32 {
    let block = index >> 2
    if block != cachedBlock {
      let low = UInt32(truncatingIfNeeded: block)
      let high = UInt32(truncatingIfNeeded: block >> 32)
      cache = RandomStream.philox(counter: (low, high, stream.0, stream.1), key: key)
      cachedBlock = block
    }
    switch index & 3 {
    case 0: return cache.0
    case 1: return cache.1
    case 2: return cache.2
    default: return cache.3
    }
  }

  /// The Philox4x32-10 bijection.
  package static func philox(
    counter: (UInt32, UInt32, UInt32, UInt32), key: (UInt32, UInt32)
  ) -> (UInt32, UInt32, UInt32, UInt32) {
    var (c0, c1, c2, c3) = counter
    var (k0, k1) = key
    for _ in 0..<10 {
      let left = UInt64(c0) &* 0xd251_1f53
      let right = UInt64(c2) &* 0xcd9e_8d57
      c0 = UInt32(truncatingIfNeeded: right >> 32) ^ c1 ^ k0
      c1 = UInt32(truncatingIfNeeded: right)
      c2 = UInt32(truncatingIfNeeded: left >> 32) ^ c3 ^ k1
      c3 = UInt32(truncatingIfNeeded: left)
      k0 = k0 &+ 0x9e37_79b9
      k1 = k1 &+ 0xbb67_ae85
    }
    return (c0, c1, c2, c3)
  }
}

extension RandomStream: RandomNumberGenerator {
  /// Returns the next 64 random bits.
  public mutating func next() -> UInt64 { nextUInt64() }
}
