import ExperimentSpec
import Foundation
import Glibc
import JSON
import Testing

@Suite final class `Files in the place of specs` {
  private let folder = NSTemporaryDirectory() + "spec-files-\(UUID().uuidString)"

  init() throws {
    try FileManager.default.createDirectory(atPath: "\(folder)/folder", withIntermediateDirectories: true)
    #expect(mkfifo("\(folder)/pipe", 0o600) == 0)
    try write("huge", "{}")
    #expect(truncate("\(folder)/huge", 1 << 33) == 0)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  private func write(_ name: String, _ text: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: true, encoding: .utf8)
  }

  @Test(arguments: [
    ("pipe", "it is a named pipe, not a regular file"), ("folder", "it is a folder, not a regular file"),
    ("huge", "it is larger than 8 MiB"), ("/dev/zero", "it is a device, not a regular file"),
  ])
  func `what is no spec is said, and not waited for`(name: String, reason: String) throws {
    let path = name.hasPrefix("/") ? name : "\(folder)/\(name)"
    let own = SpecReading(file: path)
    #expect(own.diagnostics.map(\.message) == ["the spec cannot be read: \(reason)"])
    try write("own.json", "{\"name\": \"own\",\n \"extends\": \"\(name)\"}")
    let extending = try #require(SpecReading(file: "\(folder)/own.json").diagnostics.first)
    #expect(extending.code == .unreadableFile && extending.place.location == JSON.SourceLocation(line: 2, column: 13))
    #expect(extending.message.hasPrefix("the spec '\(path)' cannot be read: it is "))
  }

  @Test(arguments: [
    ("", "the path of the spec is empty", "such as 'experiment.json'"),
    (
      "FOLDER", "the spec cannot be read: it is a folder, not a regular file",
      "expected a file, such as 'FOLDER/inside.json'"
    ),
    ("FOLDER/empty.json", "the file is empty", "expected an object, as in {\"name\""),
    ("FOLDER/blank.json", "the file is empty", "expected an object, as in {\"name\""),
  ])
  func `what is named instead of a spec is said with the cure`(name: String, message: String, hint: String) throws {
    let place = "\(folder)/specs"
    try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
    try write("specs/inside.json", "{}")
    try write("specs/empty.json", "")
    try write("specs/blank.json", " \n\t\r\n")
    if name == "FOLDER" {
      for other in ["empty", "blank"] { try FileManager.default.removeItem(atPath: "\(place)/\(other).json") }
    }
    let found = SpecReading(file: name.replacing("FOLDER", with: place)).diagnostics
    #expect(found.map(\.message) == [message])
    #expect(found.first?.hint?.contains(hint.replacing("FOLDER", with: place)) == true, "\(found)")
  }

  @Test func `a spec that extends a folder names the folder`() throws {
    try write("own.json", "{\"name\": \"own\", \"extends\": \".\"}")
    let found = try #require(SpecReading(file: "\(folder)/own.json").diagnostics.first)
    #expect(found.message == "the spec '\(folder)' cannot be read: it is a folder, not a regular file")
    #expect(found.hint == "expected a file, such as './own.json'")
  }

  @Test func `a chain of specs ends`() throws {
    for index in 0..<40 {
      try write("s\(index).json", "{\"name\": \"s\", \"extends\": \"s\(index + 1).json\"}")
    }
    let found = try #require(SpecReading(file: "\(folder)/s0.json").diagnostics.first)
    #expect(found.code == .tooLarge && found.message == "more than 32 specs extend each other")
    #expect(found.place.file.hasSuffix("/s31.json"))
  }

  @Test func `specs that extend each other have a size together`() throws {
    let filling = String(repeating: " ", count: 5 << 20)
    try write("a.json", "{\"name\": \"a\", \"stages\": {\"s\": {\"command\": [\"x\"]}}}\(filling)")
    try write("b.json", "{\"name\": \"b\", \"extends\": \"a.json\"}\(filling)")
    #expect(SpecReading(file: "\(folder)/a.json").experiment != nil)
    #expect(SpecReading(file: "\(folder)/b.json").diagnostics.map(\.code) == [.unreadableFile])
  }
}
