import CPNG
import PNGImage

/// Decoding of PNG files beside a bare loop of libpng over the same bytes.
enum PNGBenchmark {
  /// The bytes of an image whose content is as compressible as a drawing.
  static func file(side: Int) throws -> [UInt8] {
    var image = Image(width: side, height: side, colour: [250, 250, 250])
    for step in 0..<24 {
      let colour: [UInt8] = [UInt8(step * 37 % 256), UInt8(step * 91 % 256), UInt8(step * 53 % 256)]
      image.fill(
        x: step * 29 % side, y: step * 43 % side, width: side / (2 + step % 5), height: side / (3 + step % 4),
        colour: colour)
    }
    var pixels = image.pixels
    var state: UInt32 = 1
    // Noise in the lowest bits, as anti-aliasing and photographs have.
    for index in pixels.indices {
      state = 1_664_525 &* state &+ 1_013_904_223
      pixels[index] = pixels[index] ^ UInt8(state >> 30)
    }
    return try Image(width: side, height: side, channels: 3, pixels: pixels).pngBytes()
  }

  /// What libpng needs to read from memory.
  private struct Source {
    var next: UnsafePointer<UInt8>
    var end: UnsafePointer<UInt8>
  }

  /// Decodes by libpng's row interface and returns a value of the result.
  static func bareDecode(_ bytes: [UInt8], into pixels: UnsafeMutablePointer<UInt8>, side: Int) -> UInt8 {
    var reader = png_create_read_struct(PNG_LIBPNG_VER_STRING, nil, nil, nil)
    var info = png_create_info_struct(reader)
    defer { png_destroy_read_struct(&reader, &info, nil) }
    bytes.withUnsafeBufferPointer { buffer in
      guard let start = buffer.baseAddress else { return }
      var source = Source(next: start, end: start + buffer.count)
      withUnsafeMutablePointer(to: &source) { source in
        png_set_read_fn(reader, source) { reader, target, count in
          guard let source = png_get_io_ptr(reader)?.assumingMemoryBound(to: Source.self), let target else { return }
          let size = min(Int(count), source.pointee.end - source.pointee.next)
          target.update(from: source.pointee.next, count: size)
          source.pointee.next += size
        }
        png_read_info(reader, info)
        for row in 0..<side { png_read_row(reader, pixels + row * side * 3, nil) }
        png_read_end(reader, nil)
      }
    }
    return pixels[side * side]
  }

  /// Milliseconds of both for one image, the median of interleaved rounds.
  static func times(side: Int, calls: Int, rounds: Int) throws -> (ours: Double, bare: Double) {
    let bytes = try file(side: side)
    let pixels = UnsafeMutablePointer<UInt8>.allocate(capacity: side * side * 3)
    defer { pixels.deallocate() }
    var sum = 0
    var (ours, bare): ([Double], [Double]) = ([], [])
    for _ in 0..<rounds {
      let clock = ContinuousClock()
      bare.append(
        clock.measure { for _ in 0..<calls { sum += Int(bareDecode(bytes, into: pixels, side: side)) } }
          / .milliseconds(calls))
      ours.append(
        try clock.measure {
          for _ in 0..<calls { sum += Int(try Image(png: bytes, path: "memory").pixels[side * side]) }
        } / .milliseconds(calls))
    }
    precondition(sum > 0, "nothing was decoded")
    return (ours.sorted()[rounds / 2], bare.sorted()[rounds / 2])
  }
}
