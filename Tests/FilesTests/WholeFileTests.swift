import Files
import Foundation
import Testing

@Suite struct WholeFileTests {
  private let folder = NSTemporaryDirectory() + "whole-file-\(UUID().uuidString)"

  init() throws { try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true) }

  @Test(arguments: [0, 1, 4095, 4096, 100_000])
  func `what was written is read`(count: Int) throws {
    let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
    try WholeFile.replace("\(folder)/file", with: [1, 2, 3])
    try WholeFile.replace("\(folder)/file", with: bytes)
    #expect(try WholeFile.read("\(folder)/file") == bytes)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["file"])
  }

  @Test func `a file that says nothing of its size is read to its end`() throws {
    #expect(try WholeFile.read("/proc/self/status").starts(with: "Name:".utf8))
  }

  @Test func `a missing file is told from a folder that is no file`() throws {
    let missing = #expect(throws: FileError.self) { try WholeFile.read("\(folder)/none") }
    #expect(missing?.isMissing == true)
    #expect(missing?.operation == .read)
    let directory = #expect(throws: FileError.self) { try WholeFile.read(folder) }
    #expect(directory?.isMissing == false)
    #expect(directory?.reason == "Is a directory")
  }

  @Test func `a failed replacement leaves the folder as it was`() throws {
    try FileManager.default.createDirectory(atPath: "\(folder)/taken", withIntermediateDirectories: true)
    let error = #expect(throws: FileError.self) { try WholeFile.replace("\(folder)/taken", with: [1]) }
    #expect(error?.operation == .write)
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["taken"])
    #expect(throws: FileError.self) { try WholeFile.replace("\(folder)/none/file", with: [1]) }
  }
}
