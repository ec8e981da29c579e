import Digest
import Testing

@Suite struct `Paths as texts` {
  @Test(arguments: [
    Array("plain/name.txt".utf8), Array("größe/日本".utf8), [0x63, 0xE9], [0xFF, 0x2F, 0x80, 0x61], [0xC3],
    Array("\u{EF85}/\u{EFFF}".utf8), [0xEE, 0xBE], [],
  ])
  func `every path has one text, which leads back to it`(bytes: [UInt8]) {
    let text = bytes.withUnsafeBytes(SystemPath.text)
    let back = SystemPath.with(text) { path in
      var found: [UInt8] = []
      var next = path
      while next.pointee != 0 {
        found.append(UInt8(bitPattern: next.pointee))
        next += 1
      }
      return found
    }
    #expect(back == bytes)
  }

  @Test func `bytes that are no text are shown by their numbers`() {
    let bytes: [UInt8] = [0x63, 0xE9]
    #expect(bytes.withUnsafeBytes { SystemPath.shown(SystemPath.text(of: $0)) } == #"c\xE9"#)
    #expect(SystemPath.shown("größe") == "größe")
  }
}
