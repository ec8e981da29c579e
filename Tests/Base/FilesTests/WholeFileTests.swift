import Files
import Foundation
import Glibc
import Testing

@Suite struct WholeFileTests {
  private let folder = NSTemporaryDirectory() + "whole-file-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  @Test(arguments: [0, 1, 4095, 4096, 100_000])
  func `what was written is read`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try WholeFile.replace("\(folder)/file", with: [1, 2, 3])
    try WholeFile.replace("\(folder)/file", with: bytes)
    #expect(try WholeFile.read("\(folder)/file", limit: 100_000) == bytes)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
  }

  @Test func `a file that says nothing of its size is read to its end`() throws {
    #expect(try WholeFile.read("/proc/self/status", limit: 1 << 20).starts(with: "Name:".utf8))
  }

  @Test func `a missing file is told from a folder that is no file`() throws {
    let missing = #expect(throws: FileError.self) { try WholeFile.read("\(folder)/none", limit: 1) }
    #expect(missing?.isMissing == true)
    #expect(missing?.operation == .read)
    let directory = #expect(throws: FileError.self) { try WholeFile.read(folder, limit: 1) }
    #expect(directory?.isMissing == false)
    #expect(directory?.reason == "it is a folder, not a regular file")
  }

  @Test func `a failed replacement leaves the folder as it was`() throws {
    try FileManager.default.createDirectory(atPath: "\(folder)/taken", withIntermediateDirectories: true)
    let error = #expect(throws: FileError.self) { try WholeFile.replace("\(folder)/taken", with: [1]) }
    #expect(error?.operation == .write)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken"])
    #expect(throws: FileError.self) { try WholeFile.replace("\(folder)/none/file", with: [1]) }
  }

  @Test func `what is no regular file is not waited for, and said`() throws {
    let pipe = "\(folder)/pipe"
    #expect(mkfifo(pipe, 0o600) == 0)
    let socket = try #require(UnixSocket(path: "\(folder)/socket"))
    defer { withExtendedLifetime(socket) {} }
    try FileManager.default.createSymbolicLink(atPath: "\(folder)/link", withDestinationPath: "/dev/zero")
    let kinds: [(String, FileKind)] = [
      (pipe, .pipe), ("\(folder)/socket", .socket), ("/dev/zero", .device), ("\(folder)/link", .device),
      ("/dev/null", .device),
    ]
    for (path, kind) in kinds {
      let error = #expect(throws: FileError.self) { try WholeFile.read(path, limit: 1 << 20) }
      #expect(error?.cause == .notRegular(kind), "\(path)")
      #expect(error?.description == "cannot read \(path): it is \(kind.rawValue), not a regular file; name a file")
    }
  }

  @Test func `a file beyond the limit is refused before it is read`() throws {
    let path = "\(folder)/sparse"
    try WholeFile.replace(path, with: [1])
    #expect(truncate(path, 1 << 40) == 0)
    let error = #expect(throws: FileError.self) { try WholeFile.read(path, limit: 64 << 20) }
    #expect(error?.reason == "it is larger than 64 MiB")
    #expect(truncate(path, 4096) == 0)
    #expect(try WholeFile.read(path, limit: 4096).count == 4096)
    #expect(throws: FileError.self) { try WholeFile.read(path, limit: 4095) }
    let unsized = #expect(throws: FileError.self) { try WholeFile.read("/proc/self/status", limit: 100) }
    #expect(unsized?.cause == .tooLarge(limit: 100))
  }

  @Test func `a path is not cut at a zero byte`() throws {
    try WholeFile.replace("\(folder)/file", with: [1])
    let error = #expect(throws: FileError.self) { try WholeFile.read("\(folder)/file\0.json", limit: 10) }
    #expect(error?.isMissing == true)
  }
}

/// A socket in the file system.
private final class UnixSocket {
  private let descriptor: Int32

  init?(path: String) {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let name = Array(path.utf8)
    guard descriptor >= 0, name.count < MemoryLayout.size(ofValue: address.sun_path) else { return nil }
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: name) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let result = withUnsafePointer(to: &address) {
      $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, size) }
    }
    guard result == 0 else { return nil }
  }

  deinit { close(descriptor) }
}
