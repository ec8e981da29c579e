import Dispatch
public import NeuralNetwork
import Synchronization

/// Makes many images in batches on a fixed number of threads; the images do not depend on the number.
public struct BatchRunner {
  /// Images made at once by one thread; another number may change the last bits of a value.
  public var batch = 32
  /// Number of threads.
  public var threads = 2

  /// Creates a runner with 32 images a batch on two threads.
  public init() {}

  /// Makes images.
  ///
  /// - Parameters:
  ///   - captions: `N` encoded captions.
  ///   - seeds: The seed of each image.
  ///   - make: Makes the images of one batch in a session of its own.
  /// - Returns: `N` images, one after the other.
  /// - Throws: The first error of `make`.
  public func images(
    captions: EncodedCaptions, seeds: [UInt64],
    make: @Sendable (_ session: Session, _ captions: EncodedCaptions, _ seeds: [UInt64]) throws -> [Float]
  ) throws -> [Float] {
    let (batch, threads) = (batch, threads)
    let starts = Array(stride(from: 0, to: seeds.count, by: batch))
    let results = Mutex<[Int: Result<[Float], any Error>]>([:])
    DispatchQueue.concurrentPerform(iterations: threads) { thread in
      let session = Session()
      for index in stride(from: thread, to: starts.count, by: threads) {
        let range = starts[index]..<min(starts[index] + batch, seeds.count)
        let result = Result { try make(session, captions.rows(range), Array(seeds[range])) }
        results.withLock { $0[index] = result }
      }
    }
    let made = results.withLock { $0 }
    var images: [Float] = []
    for index in starts.indices { images += try made[index]?.get() ?? [] }
    return images
  }
}
