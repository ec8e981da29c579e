import Digest
import Foundation
import Glibc
import Testing

@Suite final class FileDigestsTests {
  private let folder = NSTemporaryDirectory() + "digests-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func write(_ text: String, _ name: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
  }

  @Test func `a digest follows the content, also within one tick of the clock`() throws {
    let digests = FileDigests()
    for round in 0..<200 {
      let text = round.isMultiple(of: 2) ? "a" : "b"
      try write(text, "f")
      #expect(try digests.digest(ofFile: "\(folder)/f").digest == SHA256Digest(of: text))
    }
  }

  @Test func `what is known of settled files is kept for later, and a damaged cache is as good as none`() throws {
    try write("x", "f")
    usleep(60_000)
    let cache = "\(folder)/cache"
    let first = FileDigests(cachePath: cache)
    let (digest, stamp) = try first.digest(ofFile: "\(folder)/f")
    first.save()
    #expect(FileDigests(cachePath: cache).known("\(folder)/f", stamp) == digest)
    let bytes = try Data(contentsOf: URL(fileURLWithPath: cache))
    for length in stride(from: 0, to: bytes.count, by: 7) {
      try bytes.prefix(length).write(to: URL(fileURLWithPath: cache))
      let damaged = FileDigests(cachePath: cache)
      #expect(try damaged.digest(ofFile: "\(folder)/f").digest == digest)
    }
    unlink(cache)
    mkfifo(cache, 0o600)
    #expect(try FileDigests(cachePath: cache).digest(ofFile: "\(folder)/f").digest == digest)
  }

  @Test func `a folder with links in a circle has a digest, and what cannot be read is an error`() throws {
    try FileManager.default.createDirectory(atPath: "\(folder)/d/e", withIntermediateDirectories: true)
    try write("1", "d/e/f")
    symlink("..", "\(folder)/d/e/up")
    symlink(".", "\(folder)/d/self")
    let listing = try FolderListing(of: "\(folder)/d")
    #expect(listing.entries.map(\.path) == ["e/f", "e/up", "self"])
    let before = try listing.digest(FileDigests())
    try write("2", "d/e/f")
    #expect(try FolderListing(of: "\(folder)/d").digest(FileDigests()) != before)
  }
}
