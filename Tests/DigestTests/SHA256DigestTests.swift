import Digest
import Glibc
import Testing

@Suite struct SHA256DigestTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ])
  func `the standard vectors agree`(text: String, hex: String) {
    #expect(SHA256Digest(of: text).hex == hex)
    #expect("\(SHA256Digest(of: Array(text.utf8)))" == hex)
  }

  @Test func `a million letters in pieces give the standard vector`() {
    var hasher = SHA256Hasher()
    for _ in 0..<1000 { hasher.update([UInt8](repeating: UInt8(ascii: "a"), count: 1000)) }
    #expect(hasher.finalize().hex == "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0")
  }

  @Test func `a file has the digest of its bytes`() throws {
    let path = "/tmp/digest-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    defer { unlink(path) }
    let content = [UInt8](repeating: 7, count: 600_000)
    let file = try #require(fopen(path, "w"))
    #expect(fwrite(content, 1, content.count, file) == content.count)
    fclose(file)
    #expect(try SHA256Digest(ofFile: path) == SHA256Digest(of: content))
  }

  @Test func `an unreadable file is named with a cure`() {
    #expect {
      try SHA256Digest(ofFile: "/nowhere/model.bin")
    } throws: { error in
      "\(error)"
        == "cannot read '/nowhere/model.bin' for its digest: No such file or directory; check that it exists"
    }
    #expect(throws: DigestError(path: "/tmp", systemError: EISDIR)) { try SHA256Digest(ofFile: "/tmp") }
  }

  @Test func `hexadecimal text is read back`() throws {
    let digest = SHA256Digest(of: "abc")
    #expect(SHA256Digest(hex: digest.hex) == digest)
    #expect(SHA256Digest(hex: digest.hex.uppercased()) == digest)
    #expect(SHA256Digest(hex: "") == nil)
    #expect(SHA256Digest(hex: String(repeating: "g", count: 64)) == nil)
    #expect(digest.bytes.count == 32)
  }

  @Test func `digests order by their bytes`() {
    let digests = (0..<50).map { SHA256Digest(of: "\($0)") }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
  }
}
