import Foundation
import PNGImage
import Testing
import TestSupport

@Suite struct `PNG files` {
  let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  @Test(arguments: [1, 3, 4], [(1, 1), (5, 3), (64, 33)])
  func `keep every pixel`(channels: Int, size: (Int, Int)) throws {
    let image = sample(size.0, size.1, channels)
    let path = folder.path + "/image.png"
    try image.write(to: path)
    #expect(try Image(contentsOf: path) == image)
  }

  @Test func `have equal bytes for equal images and leave no other file behind`() throws {
    let image = sample(40, 30, 4)
    let path = folder.path + "/image.png"
    try image.write(to: path)
    let first = try Data(contentsOf: URL(fileURLWithPath: path))
    try image.write(to: path)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == first)
    #expect(try Array(first) == image.pngBytes())
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["image.png"])
  }

  @Test func `that are missing are named`() {
    let path = folder.path + "/absent.png"
    let error = #expect(throws: PNGError.self) { try Image(contentsOf: path) }
    #expect(error?.code == .missing)
    #expect(error?.message == "there is no file \(path); check the path")
  }

  @Test func `cannot be read from a folder or written to one that is absent`() {
    let reading = #expect(throws: PNGError.self) { try Image(contentsOf: folder.path) }
    #expect(reading?.code == .notAccessible)
    let writing = #expect(throws: PNGError.self) { try sample(2, 2, 1).write(to: folder.path + "/absent/image.png") }
    #expect(writing?.code == .notAccessible)
    #expect(writing?.message.contains("/absent/image.png") == true)
  }

  @Test func `that are something else are refused`() {
    for bytes in [[], Array("GIF89a and more".utf8), [0x89, 0x50, 0x00]] as [[UInt8]] {
      let error = #expect(throws: PNGError.self) { try Image(png: bytes, path: "cat.png") }
      #expect(error?.code == .notPNG)
      #expect(error?.message.contains("cat.png is not a PNG file") == true)
    }
  }

  @Test func `cut at any byte are reported as truncated`() throws {
    let bytes = try sample(12, 9, 3).pngBytes()
    for count in 1..<bytes.count {
      let error = #expect(throws: PNGError.self) { try Image(png: Array(bytes[..<count]), path: "cut.png") }
      #expect(error?.code == .truncated, "\(count) of \(bytes.count) bytes")
    }
  }

  @Test func `with any byte changed never crash the reader`() throws {
    let image = sample(12, 9, 3)
    let bytes = try image.pngBytes()
    for index in bytes.indices {
      for flip in [UInt8(1), 0x80, 0xFF] {
        var changed = bytes
        changed[index] ^= flip
        do throws(PNGError) {
          let read = try Image(png: changed, path: "changed.png")
          #expect(read.pixels.count == read.width * read.height * read.channels)
        } catch {
          #expect(error.message.contains("changed.png"))
        }
      }
    }
  }

  @Test func `that declare too many pixels are refused before memory is taken`() throws {
    var bytes = try sample(4, 4, 1).pngBytes()
    bytes.replaceSubrange(16..<20, with: [0, 0, 0x40, 1])
    let error = #expect(throws: PNGError.self) { try Image(png: bytes, path: "huge.png") }
    #expect(error?.code == .tooLarge)
    #expect(error?.message.contains("16385 x 4") == true)
  }

  @Test func `with a palette, with 16 bits or with grey and alpha are reduced to 8-bit channels`() throws {
    let palette = try decoded(
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABAQMAAADO7O3JAAAABlBMVEX/AAAAAP9sof2OAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg=="
    )
    #expect(palette == Image(width: 2, height: 1, channels: 3, pixels: [0, 0, 255, 255, 0, 0]))
    let deep = try decoded(
      "iVBORw0KGgoAAAANSUhEUgAAAAIAAAABEAAAAACB2fwVAAAADUlEQVR4nGP4/7+hAQAIfgL/6Y4xXwAAAABJRU5ErkJggg==")
    #expect(deep == Image(width: 2, height: 1, channels: 1, pixels: [255, 128]))
    let greyAlpha = try decoded(
      "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR4nGM44QAAAdMBCTL62HAAAAAASUVORK5CYII=")
    #expect(greyAlpha == Image(width: 1, height: 1, channels: 4, pixels: [200, 200, 200, 64]))
  }

  private func decoded(_ base64: String) throws -> Image {
    try Image(png: Array(try #require(Data(base64Encoded: base64))), path: "fixture.png")
  }
}

func sample(_ width: Int, _ height: Int, _ channels: Int) -> Image {
  let pixels = (0..<(width * height * channels)).map { UInt8(truncatingIfNeeded: $0 * 37 + $0 / 7 * 11) }
  return Image(width: width, height: height, channels: channels, pixels: pixels)
}
