import Digest
import Foundation
import RandomNumbers

/// A project whose jobs say which content of each file they have really read, and the knowledge which content that was.
///
/// Every file that is edited carries a number, which tells file and version; each job reports the numbers that it has read as metrics
/// with the files' names.
struct EditedProject {
  /// A file that is edited, or a link that is turned.
  enum Item {
    /// A file whose content has the number in a frame of text.
    case file(name: String, before: String, after: String, isProgram: Bool)
    /// A link, and the two paths that it leads to.
    case link(name: String, targets: [String])
  }

  /// Absolute path.
  let folder: String
  private(set) var items: [Item] = []
  /// The number by file name and the content's digest.
  private(set) var truth: [String: [String: Int]] = [:]
  /// What each file of the declared folder had, by the folder's digest.
  private(set) var folderTruth: [String: [String: Int]] = [:]

  /// Name of the declared folder.
  static let dataFolder = "data"
  private static let versions = 4

  /// Makes the project in an existing, empty folder.
  init(folder: String) throws {
    self.folder = folder
    for path in ["pkg", "data", "versions/a", "versions/b"] {
      try FileManager.default.createDirectory(atPath: "\(folder)/\(path)", withIntermediateDirectories: true)
    }
    for (name, text) in EditedPrograms.constant { try write(text, to: name) }
    let plain = ["named.txt", "conf.txt", "task.txt", "data/a.txt", "data/b.txt"]
    items = plain.map { .file(name: $0, before: "", after: "\n", isProgram: false) }
    for name in ["helper.py", "pkg/part.py", "lib.py"] {
      items.append(.file(name: name, before: "V = ", after: "\n", isProgram: false))
    }
    items.append(.file(name: "main.py", before: "V = ", after: "\n" + EditedPrograms.main, isProgram: false))
    items.append(.file(name: "job.sh", before: "own=", after: "\n" + EditedPrograms.script, isProgram: false))
    items.append(.file(name: "tool", before: "#!/bin/sh\necho ", after: "\n", isProgram: true))
    for position in items.indices {
      guard case .file(let name, let before, let after, let isProgram) = items[position] else { continue }
      for version in 0..<Self.versions {
        for padding in [0, version + 1] {
          let number = 1000 * (position + 1) + version
          let text = Self.text(number, before, after, padding: padding)
          truth[name, default: [:]][SHA256Digest(of: text).hex] = number
        }
      }
      try write(Self.text(1000 * (position + 1), before, after, padding: 0), to: name)
      if isProgram { chmod("\(folder)/\(name)", 0o755) }
    }
    try addLinks()
    noteFolder()
  }

  /// Does something to one of the files, and takes note of what it is then.
  ///
  /// - Returns: What was done, for people.
  mutating func edit(_ random: inout SplitMix64) throws -> String {
    let position = Int.random(in: 0..<items.count, using: &random)
    let done: String
    switch items[position] {
    case .link(let name, let targets):
      let target = targets.randomElement(using: &random) ?? targets[0]
      try turn(name, to: target)
      done = "\(name) leads to \(target)"
    case .file(let name, let before, let after, let isProgram):
      let version = Int.random(in: 0..<Self.versions, using: &random)
      let way = FileEdit.allCases.randomElement(using: &random) ?? .replaced
      let text = Self.text(
        1000 * (position + 1) + version, before, after, padding: way.keepsSize ? 0 : version + 1)
      try way.apply(text, to: "\(folder)/\(name)", isProgram: isProgram)
      done = "\(name) is version \(version), \(way.rawValue)"
    }
    noteFolder()
    return done
  }

  /// Removes compiled modules.
  func removeCaches() {
    for path in ["__pycache__", "pkg/__pycache__"] { try? FileManager.default.removeItem(atPath: "\(folder)/\(path)") }
  }

  private static func text(_ number: Int, _ before: String, _ after: String, padding: Int) -> String {
    "\(before)\(number)\(after)" + String(repeating: "\n", count: padding)
  }

  /// Links to files and folders of the same sizes and times.
  private mutating func addLinks() throws {
    for (number, path) in ["versions/one.txt", "versions/two.txt", "versions/a/v.txt", "versions/b/v.txt"].enumerated()
    {
      let text = "\(90_000 + number)\n"
      try write(text, to: path)
      var times = [timespec(tv_sec: 1_700_000_000, tv_nsec: 0), timespec(tv_sec: 1_700_000_000, tv_nsec: 0)]
      utimensat(AT_FDCWD, "\(folder)/\(path)", &times, 0)
      for name in ["link.txt", "current/v.txt", path] {
        truth[name, default: [:]][SHA256Digest(of: text).hex] = 90_000 + number
      }
    }
    for (name, targets) in [
      ("link.txt", ["versions/one.txt", "versions/two.txt"]), ("current", ["versions/a", "versions/b"]),
    ] {
      items.append(.link(name: name, targets: targets))
      try turn(name, to: targets[0])
    }
  }

  private func turn(_ name: String, to target: String) throws {
    let path = "\(folder)/\(name)"
    unlink("\(path).new")
    guard symlink(target, "\(path).new") == 0, rename("\(path).new", path) == 0 else {
      throw TortureError(description: "the link '\(path)' cannot be made (\(String(cString: strerror(errno))))")
    }
  }

  private mutating func noteFolder() {
    let path = "\(folder)/\(Self.dataFolder)"
    guard let digest = try? FolderListing(of: path).digest(FileDigests()) else { return }
    var numbers: [String: Int] = [:]
    for name in ["data/a.txt", "data/b.txt"] {
      let content = try? SHA256Digest(ofFile: "\(folder)/\(name)")
      numbers[name] = content.flatMap { truth[name]?[$0.hex] }
    }
    folderTruth[digest.hex] = numbers
  }

  private func write(_ text: String, to name: String) throws {
    try text.write(toFile: "\(folder)/\(name)", atomically: false, encoding: .utf8)
  }
}
