import Digest
import Foundation
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

  @Test func `a folder has the digest of its files' paths and digests`() throws {
    let folder = "/tmp/digest-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for path in ["b", "b/empty", "b/c"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
    }
    #expect(try SHA256Digest(ofFolder: folder) == SHA256Digest(of: ""))
    for path in ["b/c/d", "b-", "ä"] { try Data(path.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(path)")) }
    symlink("b-", "\(folder)/link")
    symlink("nowhere", "\(folder)/dangling")
    let lines = [("b-", "b-"), ("b/c/d", "b/c/d"), ("dangling", "link nowhere"), ("link", "b-"), ("ä", "ä")].map {
      "\($0)\0\(SHA256Digest(of: $1).hex)\n"
    }
    #expect(try SHA256Digest(ofFolder: folder) == SHA256Digest(of: lines.joined()))
    #expect {
      try SHA256Digest(ofFolder: "\(folder)/b-")
    } throws: { error in
      "\(error)"
        == "cannot read '\(folder)/b-' for its digest: Not a directory; a file is where a folder should be"
    }
    #expect(throws: DigestError(path: "/nowhere", systemError: ENOENT)) { try SHA256Digest(ofFolder: "/nowhere") }
  }

  @Test func `links that lead back end, and what is no file is an error`() throws {
    let folder = "/tmp/digest-\(getpid())-\(UInt64.random(in: 0...UInt64.max))"
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.createDirectory(atPath: "\(folder)/a/b", withIntermediateDirectories: true)
    #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
    let pipe = #expect(throws: DigestError.self) { try SHA256Digest(ofFile: "\(folder)/pipe") }
    #expect(pipe?.systemError == EINVAL)
    #expect(throws: DigestError.self) { try SHA256Digest(ofFile: "/dev/zero") }
    // A pipe is passed over in a folder, as are other special files.
    #expect(try SHA256Digest(ofFolder: folder) == SHA256Digest(of: ""))
    symlink("b", "\(folder)/a/again")
    #expect(try SHA256Digest(ofFolder: folder) == SHA256Digest(of: ""))
    symlink("..", "\(folder)/a/b/back")
    let line = "a/again/back\0\(SHA256Digest(of: "link ..").hex)\na/b/back\0\(SHA256Digest(of: "link ..").hex)\n"
    #expect(try SHA256Digest(ofFolder: folder) == SHA256Digest(of: line))
    unlink("\(folder)/a/b/back")
    for level in 0..<20 {
      try FileManager.default.createDirectory(atPath: "\(folder)/l\(level)", withIntermediateDirectories: true)
      for name in ["x", "y"] where level < 19 { symlink("../l\(level + 1)", "\(folder)/l\(level)/\(name)") }
    }
    #expect(try FolderListing(of: folder).entries.count <= 80)
  }

  @Test func `hexadecimal text is read back`() throws {
    let digest = SHA256Digest(of: "abc")
    #expect(SHA256Digest(hex: digest.hex) == digest)
    #expect(SHA256Digest(hex: digest.hex.uppercased()) == nil)
    #expect(SHA256Digest(hex: "") == nil)
    #expect(SHA256Digest(hex: String(repeating: "g", count: 64)) == nil)
    #expect(digest.bytes.count == 32)
  }

  @Test func `digests order by their bytes`() {
    let digests = (0..<50).map { SHA256Digest(of: "\($0)") }
    #expect(digests.sorted().map(\.hex) == digests.map(\.hex).sorted())
  }
}
