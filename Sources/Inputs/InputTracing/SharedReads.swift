import Digest

/// What a worker's process was found to have read when its tasks ended, so that each new file is looked at closely once.
struct SharedReads {
  private struct File {
    var path: String
    var stamp: FileStamp
    var value: String
  }

  private var files: [String: File] = [:]
  /// Packages and programs.
  private var others: Set<WatchedInput> = []
  /// Everything in the two, as the traces of attempts refer to it.
  private(set) var base: InputBase?

  /// Whether nothing has happened to a file since its versions were found to be the same.
  ///
  /// - Parameters:
  ///   - name: Its name.
  ///   - stamps: The versions that were read.
  /// - Returns: Whether the present version is that one, and the only one that was read.
  func isKnown(_ name: String, _ stamps: FileVersions) -> Bool {
    guard let file = files[name], stamps.isOnly(file.stamp) else { return false }
    return FileStamp(ofFile: file.path) == file.stamp
  }

  /// Whether the base has an entry.
  func contains(_ input: WatchedInput) -> Bool {
    input.kind == .file ? files[input.name]?.value == input.value : others.contains(input)
  }

  /// Takes over what was read by the end of a task.
  ///
  /// - Parameters:
  ///   - known: Names of files of which ``isKnown(_:_:)`` holds.
  ///   - found: The other files, with the paths and versions that have their contents.
  ///   - others: Packages and programs.
  mutating func update(
    known: [String], found: [(input: WatchedInput, path: String, stamp: FileStamp)], others: Set<WatchedInput>
  ) {
    let isLonger = known.count == files.count && self.others.isSubset(of: others) && base != nil
    if isLonger, found.isEmpty, self.others.count == others.count { return }
    let old = files
    let oldOthers = self.others
    if !isLonger { files = Dictionary(uniqueKeysWithValues: known.compactMap { name in old[name].map { (name, $0) } }) }
    for (input, path, stamp) in found { files[input.name] = File(path: path, stamp: stamp, value: input.value) }
    self.others = others
    if isLonger {
      base = InputBase(found.map(\.input) + others.subtracting(oldOthers), previous: base)
    } else {
      base = InputBase(files.map { WatchedInput(.file, $0.key, $0.value.value) } + others)
    }
  }
}
