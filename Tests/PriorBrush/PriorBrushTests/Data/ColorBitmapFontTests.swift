import Foundation
import PNGImage
import PriorBrush
import Testing

@Suite struct `Colour bitmap font` {
  @Test(arguments: 1...5, 17...19)
  func `gives the bitmaps of characters and ligatures`(indexFormat: Int, imageFormat: Int) throws {
    let font = try ColorBitmapFont(
      bytes: SyntheticFont(indexFormat: indexFormat, imageFormat: imageFormat).bytes, path: "tiny.ttf")
    for (sequence, image) in zip([[65], [66], [65, 66]], SyntheticFont.images) {
      let png = try #require(try font.bitmap(of: sequence))
      #expect(try Image(png: png, path: "glyph") == image)
    }
    #expect(try font.bitmap(of: [64]) == nil)
    #expect(try font.bitmap(of: [67]) == nil)
    #expect(try font.bitmap(of: [66, 65]) == nil)
    #expect(try font.bitmap(of: []) == nil)
    #expect(font.revision == "1.500")
  }

  @Test func `cut at any byte gives an error or no bitmap, never a crash`() throws {
    let bytes = try SyntheticFont().bytes
    for count in 0..<bytes.count {
      let error = #expect(throws: DatasetError.self) {
        _ = try ColorBitmapFont(bytes: Array(bytes[..<count]), path: "cut.ttf")
      }
      #expect(error?.code == .malformedFont)
      #expect(error?.message.contains("cut.ttf") == true)
    }
  }

  @Test func `with any byte changed never crashes the reader`() throws {
    let bytes = try SyntheticFont(indexFormat: 4).bytes
    for index in bytes.indices {
      for flip in [UInt8(1), 0x40, 0x80, 0xFF] {
        var changed = bytes
        changed[index] ^= flip
        do throws(DatasetError) {
          let font = try ColorBitmapFont(bytes: changed, path: "changed.ttf")
          for sequence in [[65], [66], [65, 66], [0x1F600]] { _ = try font.bitmap(of: sequence) }
        } catch {
          #expect(error.code == .malformedFont)
        }
      }
    }
  }

  @Test func `that is no font is named`() {
    let error = #expect(throws: DatasetError.self) {
      _ = try ColorBitmapFont(bytes: Array("not a font at all".utf8), path: "text.ttf")
    }
    #expect(error?.code == .malformedFont)
    #expect(error?.message.contains("text.ttf") == true)
  }

  @Test(.enabled(if: FileManager.default.fileExists(atPath: EmojiSources().font)))
  func `of this machine has the cat and the polar bear`() throws {
    let font = try ColorBitmapFont(contentsOf: EmojiSources().font)
    for sequence in [[0x1F408], [0x1F43B, 0x200D, 0x2744]] {
      let png = try #require(try font.bitmap(of: sequence))
      #expect(try Image(png: png, path: "glyph").width == 136)
    }
    #expect(try font.bitmap(of: [0x1F43B, 0x2744]) == nil)
  }
}
